package warp.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Entries that follow each other in pg_dump's text and are executed together: in lanes, each of
 * which is one transaction of one session, side by side. A lane that fails leaves nothing behind,
 * so what is guessed here about what depends on what costs time where it is wrong, no more.
 *
 * <p>Few enough that their locks do not fill the server's room for them, which all of its sessions
 * share: a table that is made takes four or five.
 */
final class DumpGroup {

    static final int LANE_STATEMENTS_MAX = 50;

    /** Below this a session of its own costs more than it gives. */
    private static final int LANE_STATEMENTS_MIN = 10;

    private static final int LANE_LETTERS_MAX = 1 << 20;

    /** How an entry goes together with those next to it. */
    enum Way {
        /** Not at all. */
        ALONE,
        /** In one lane. */
        IN_ORDER,
        /** Where a lane begins with a table: what belongs to one is next to it. */
        BY_POSITION,
        /** All that is of one table in one lane. */
        BY_TABLE
    }

    private static final Set<String> TABLES = Set.of("TABLE", "SEQUENCE", "SEQUENCE OWNED BY");

    private static final Set<String> OF_TABLES = Set.of("CONSTRAINT", "DEFAULT", "INDEX");

    /** May stand in a transaction, and is often there many times. */
    private static final Set<String> ORDINARY =
            Set.of(
                    "ACL",
                    "CHECK CONSTRAINT",
                    "COMMENT",
                    "DOMAIN",
                    "FK CONSTRAINT",
                    "FUNCTION",
                    "INDEX ATTACH",
                    "POLICY",
                    "PROCEDURE",
                    "ROW SECURITY",
                    "RULE",
                    "STATISTICS",
                    "TABLE ATTACH",
                    "TRIGGER",
                    "TYPE",
                    "VIEW");

    private static final Pattern TABLE =
            Pattern.compile(
                    "(?s)(?:ALTER TABLE (?:ONLY )?(?<altered>.+?)\\s+(?:ADD|ALTER) |CREATE"
                            + " (?:UNIQUE )?INDEX .+? ON (?:ONLY )?(?<indexed>.+?) USING ).*");

    private final Way way;
    private final List<DumpEntry> entries = new ArrayList<>();
    private int statements;
    private int letters;

    private DumpGroup(Way way) {
        this.way = way;
    }

    /** One that begins with this entry. */
    static DumpGroup of(DumpEntry entry) {
        DumpGroup group = new DumpGroup(way(entry));
        group.add(entry);
        return group;
    }

    static Way way(DumpEntry entry) {
        if (entry.statements().isEmpty()
                || entry.name().startsWith("EXTENSION ")
                || entry.name().startsWith("EVENT TRIGGER ")
                || entry.statements().stream().anyMatch(DumpGroup::changesTheSession)) {
            return Way.ALONE;
        } else if (TABLES.contains(entry.type())) {
            boolean inherits = entry.statements().getFirst().contains("\nINHERITS (");
            return inherits ? Way.IN_ORDER : Way.BY_POSITION;
        } else if (OF_TABLES.contains(entry.type())) {
            return table(entry).isPresent() ? Way.BY_TABLE : Way.IN_ORDER;
        }
        return ORDINARY.contains(entry.type()) ? Way.IN_ORDER : Way.ALONE;
    }

    private static boolean changesTheSession(String statement) {
        return SchemaCreation.isSetting(statement)
                || statement.toLowerCase(Locale.ROOT).startsWith("set session authorization");
    }

    /** The table that an entry is of, as pg_dump spells it. */
    private static Optional<String> table(DumpEntry entry) {
        Matcher found = TABLE.matcher(entry.statements().getFirst());
        if (!found.matches()) {
            return Optional.empty();
        }
        String altered = found.group("altered");
        return Optional.of(altered == null ? found.group("indexed") : altered);
    }

    /** Whether the entry was added: it goes together with these, and there is room for it. */
    boolean takes(DumpEntry entry, int lanes) {
        // A comment stands behind what it is about.
        boolean alike = way(entry) == way || entry.type().equals("COMMENT");
        int most = way == Way.IN_ORDER ? 1 : lanes;
        if (way == Way.ALONE
                || way(entry) == Way.ALONE
                || !alike
                || statements + entry.statements().size() > most * LANE_STATEMENTS_MAX
                || letters > most * LANE_LETTERS_MAX) {
            return false;
        }
        add(entry);
        return true;
    }

    private void add(DumpEntry entry) {
        entries.add(entry);
        statements += entry.statements().size();
        letters += entry.statements().stream().mapToInt(String::length).sum();
    }

    boolean isOneEntry() {
        return entries.size() == 1;
    }

    List<DumpEntry> entries() {
        return entries;
    }

    /** All entries, each lane with some in order; at least one lane, none without entries. */
    List<List<DumpEntry>> lanes(int most) {
        int count = Math.clamp(statements / LANE_STATEMENTS_MIN, 1, most);
        if (way == Way.IN_ORDER || way == Way.ALONE || count == 1) {
            return List.of(entries);
        }
        List<List<DumpEntry>> lanes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lanes.add(new ArrayList<>());
        }
        int lane = 0;
        for (int i = 0; i < entries.size(); i++) {
            DumpEntry entry = entries.get(i);
            if (!entry.type().equals("COMMENT")) {
                lane = way == Way.BY_TABLE ? ofTable(entry, count) : ofPlace(i, lane, count);
            }
            lanes.get(lane).add(entry);
        }
        lanes.removeIf(List::isEmpty);
        return lanes;
    }

    private static int ofTable(DumpEntry entry, int count) {
        return Math.floorMod(table(entry).orElse("").hashCode(), count);
    }

    private int ofPlace(int index, int lane, int count) {
        return entries.get(index).type().equals("TABLE") ? index * count / entries.size() : lane;
    }
}
