package warp.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every switch: its names, its value, and its words in the help. */
enum Switch {
    SOURCE(Group.CONNECTIONS, Kind.VALUE, "URL", "The server to move from.", "-s", "--source"),
    DESTINATION(
            Group.CONNECTIONS, Kind.VALUE, "URL", "The server to move to.", "-d", "--destination"),
    CONFIG(
            Group.CONNECTIONS,
            Kind.VALUE,
            "FILE[,FILE...]",
            "Config file with both servers. Several run side by side, each with its own slot and"
                    + " log file. Default: .default_custom_config.yaml",
            "--config"),
    SETUP(
            Group.CONNECTIONS,
            Kind.FLAG,
            "",
            "Ask for both servers and write the config file (mode 0600).",
            "--setup"),

    TABLE(
            Group.WHAT,
            Kind.LIST,
            "PATTERN",
            "Only these tables; pg_dump's patterns; may be repeated.",
            "-t",
            "--table"),
    EXCLUDE_TABLE(
            Group.WHAT,
            Kind.LIST,
            "PATTERN",
            "Not these tables; may be repeated.",
            "-T",
            "--exclude-table"),
    SCHEMA(
            Group.WHAT,
            Kind.LIST,
            "PATTERN",
            "Only these schemas; pg_dump's patterns; may be repeated.",
            "-n",
            "--schema"),
    EXCLUDE_SCHEMA(
            Group.WHAT,
            Kind.LIST,
            "PATTERN",
            "Not these schemas; may be repeated.",
            "-N",
            "--exclude-schema"),
    KEYLESS(
            Group.WHAT,
            Kind.VALUE,
            "HOW",
            "Tables without a key: unique-index, full, inserts-only or exclude. The first two"
                    + " change the source's REPLICA IDENTITY until --clean.",
            "--keyless"),
    NEW_TABLES(
            Group.WHAT,
            Kind.FLAG,
            "",
            "Take tables along that are made at the source while replicating, as far as the"
                    + " patterns choose them. New partitions always come along.",
            "--new-tables"),
    SKIP_INITIAL_SYNC(
            Group.WHAT,
            Kind.FLAG,
            "",
            "Only replicate; the data is already there.",
            "--skip-initial-sync"),
    UNTIL(
            Group.WHAT,
            Kind.VALUE,
            "WHEN",
            "End with code 0 when copied, when caught-up, or at an LSN such as 16/B374D848."
                    + " Default: go on until stopped.",
            "--until"),
    SYNC_SCHEMA(
            Group.WHAT,
            Kind.FLAG,
            "",
            "Make the schema at the destination first, with pg_dump; what is in its way is dropped"
                    + " after a yes.",
            "--sync-schema"),
    NO_OWNER(
            Group.WHAT,
            Kind.FLAG,
            "",
            "With --sync-schema: everything belongs to the destination's role.",
            "--no-owner"),
    NO_ACL(
            Group.WHAT,
            Kind.FLAG,
            "",
            "With --sync-schema: leave GRANTs out.",
            "--no-privileges",
            "--no-acl"),
    LARGE_OBJECTS(
            Group.WHAT,
            Kind.FLAG,
            "",
            "Large objects too, also with -t or -n; without these they come along anyway.",
            "-b",
            "--blobs",
            "--large-objects"),
    NO_LARGE_OBJECTS(
            Group.WHAT,
            Kind.FLAG,
            "",
            "No large objects.",
            "-B",
            "--no-blobs",
            "--no-large-objects"),
    ROLES(
            Group.WHAT,
            Kind.FLAG,
            "",
            "Make the source's roles that the destination lacks, before everything else.",
            "--roles"),

    JOBS(
            Group.HOW,
            Kind.VALUE,
            "N",
            "Sessions that copy at once, 1 to 64. Default: 4; where servers run on this machine, no"
                    + " more than it has cores, and of those that copy large tables no more than it"
                    + " has for each server.",
            "--jobs"),
    TMP_DIR(
            Group.HOW,
            Kind.VALUE,
            "DIR",
            "Copy through files there, packed and checksummed: reading and loading go at their own"
                    + " pace, and the source's snapshot ends when all is read.",
            "--tmp-dir"),
    TMP_DIR_MAX(
            Group.HOW,
            Kind.VALUE,
            "SIZE",
            "What these files may take, such as 50GB: reading waits for loading. Default: no"
                    + " limit.",
            "--tmp-dir-max"),
    PARALLEL_DUMP(
            Group.HOW,
            Kind.VALUE,
            "N",
            "With --tmp-dir: sessions that read at once. Else as --jobs; the larger counts.",
            "--parallel-dump"),
    PARALLEL_RESTORE(
            Group.HOW,
            Kind.VALUE,
            "N",
            "With --tmp-dir: sessions that load at once. Else as --jobs; the larger counts.",
            "--parallel-restore"),
    RESTORE_ONLY(
            Group.HOW,
            Kind.FLAG,
            "",
            "Only load what --tmp-dir holds, without the source, and end.",
            "--restore-only"),
    KEEP_INDEXES(
            Group.HOW,
            Kind.FLAG,
            "",
            "Leave the destination's secondary indexes in place during the copy.",
            "--keep-indexes"),
    WITHOUT_REPLICA_ROLE(
            Group.HOW,
            Kind.FLAG,
            "",
            "The destination's role may not set session_replication_role: its triggers and rules"
                    + " are switched off and its foreign keys taken away until --clean.",
            "--without-replica-role"),
    BATCH_STATEMENTS(
            Group.HOW,
            Kind.VALUE,
            "N",
            "Most statements to a round trip, 1 to 100000. Default: 2000, and sets if far behind.",
            "--batch-statements"),
    BATCH_TRANSACTIONS(
            Group.HOW,
            Kind.VALUE,
            "N",
            "Most source transactions in one destination transaction, 1 to 100000. Default: 500.",
            "--batch-transactions"),
    MAX_SOURCE_WAL(
            Group.SOURCE,
            Kind.VALUE,
            "SIZE",
            "How much log the slot may hold back, such as 10GB: warns at half of it, ends with code"
                    + " 6 there. Default: warns only.",
            "--max-source-wal"),
    MAX_SOURCE_WAL_ACTION(
            Group.SOURCE,
            Kind.VALUE,
            "WHAT",
            "Then stop, which keeps the slot, or drop, which drops it and gives the migration up."
                    + " Default: stop",
            "--max-source-wal-action"),
    MAX_LOAD(
            Group.SOURCE,
            Kind.VALUE,
            "N",
            "Pause while more than N sessions of others are active.",
            "--max-load"),
    MAX_REPLICA_LAG(
            Group.SOURCE,
            Kind.VALUE,
            "TIME",
            "Pause while a replica of the source is further behind, such as 30s.",
            "--max-replica-lag"),
    THROTTLE_QUERY(
            Group.SOURCE,
            Kind.VALUE,
            "SQL",
            "Pause while this query gives true, or a number that is not 0.",
            "--throttle-query"),
    THROTTLE(
            Group.SOURCE,
            Kind.VALUE,
            "RATE",
            "Copy no more than that in a second, such as 20MB/s.",
            "--throttle"),
    SLOT(
            Group.HOW,
            Kind.VALUE,
            "NAME[,NAME...]",
            "Replication slot, one for each config file. Default: citus_warp; with several"
                    + " config files citus_warp_ and the file's name.",
            "--slot"),
    RETRY_FOR(
            Group.HOW,
            Kind.VALUE,
            "TIME",
            "Go on trying for so long when a server or the network fails; 0 for never. Default:"
                    + " 5m, but a server that never answered is not waited for.",
            "--retry-for"),
    SPOOL_DIR(
            Group.HOW,
            Kind.VALUE,
            "DIR",
            "While copying, keep the changes in files there, so that the source may drop its log.",
            "--spool-dir"),
    SPOOL_MAX(
            Group.HOW,
            Kind.VALUE,
            "SIZE",
            "At most so much, such as 20GB; then the slot holds the rest. Default: four fifths of"
                    + " what is free there.",
            "--spool-max"),

    TESTING(
            Group.OTHER,
            Kind.FLAG,
            "",
            "Test both connections and all a migration needs, then stop; as warp check.",
            "--testing"),
    JSON(Group.OTHER, Kind.FLAG, "", "With warp status: a JSON object a migration.", "--json"),
    WATCH(
            Group.OTHER,
            Kind.OPTIONAL_VALUE,
            "TIME",
            "With warp status: again and again until Ctrl-C. Default: 2s.",
            "--watch"),
    CLEAN(
            Group.OTHER,
            Kind.FLAG,
            "",
            "Drop slot, publication, origin and Warp's state; put back what was taken away.",
            "--clean"),
    CLEAN_FULL(
            Group.OTHER,
            Kind.FLAG,
            "",
            "The same, and remove config and log files after asking.",
            "--clean-full"),
    YES(Group.OTHER, Kind.FLAG, "", "Answer every question with yes.", "--yes"),
    LOG(
            Group.OTHER,
            Kind.OPTIONAL_VALUE,
            "FILE",
            "Log to FILE too. Default: .CONFIG.log, or .warp.log without a config file.",
            "--log"),
    VERBOSE(
            Group.OTHER,
            Kind.FLAG,
            "",
            "Details; and stack traces, in the log file.",
            "-v",
            "--v",
            "--verbose"),
    HELP(Group.OTHER, Kind.FLAG, "", "Show this help.", "-h", "--help"),
    VERSION(Group.OTHER, Kind.FLAG, "", "Show the version.", "--version");

    /** A heading of the help. */
    enum Group {
        CONNECTIONS("Servers"),
        WHAT("What to move"),
        HOW("How"),
        SOURCE("Sparing the source"),
        OTHER("Other");

        private final String heading;

        Group(String heading) {
            this.heading = heading;
        }

        String heading() {
            return heading;
        }
    }

    /** What stands after the name. */
    enum Kind {
        FLAG,
        VALUE,
        OPTIONAL_VALUE,
        LIST
    }

    private final Group group;
    private final Kind kind;
    private final String label;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> names;

    Switch(Group group, Kind kind, String label, String description, String... names) {
        this.group = group;
        this.kind = kind;
        this.label = label;
        this.description = description;
        this.names = List.of(names);
    }

    Group group() {
        return group;
    }

    Kind kind() {
        return kind;
    }

    /** Whether a value must follow. */
    boolean needsValue() {
        return kind == Kind.VALUE || kind == Kind.LIST;
    }

    String label() {
        return label;
    }

    String description() {
        return description;
    }

    List<String> names() {
        return names;
    }

    /** The name that messages use, the longest: {@code --source}. */
    String longName() {
        return names.getLast();
    }

    /** Every name of every switch. */
    static List<String> allNames() {
        return Arrays.stream(values()).flatMap(each -> each.names.stream()).toList();
    }

    static Optional<Switch> named(String name) {
        return Arrays.stream(values()).filter(each -> each.names.contains(name)).findFirst();
    }
}
