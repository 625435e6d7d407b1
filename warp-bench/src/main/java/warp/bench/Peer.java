package warp.bench;

import java.util.List;
import java.util.Locale;

/** Whom Warp is measured beside. */
enum Peer {
    /** Warp itself, but for the schema. */
    SCHEMA_FIRST,
    PIPE,
    DUMP,
    PGCOPYDB,
    /** The same, dividing large tables. */
    PGCOPYDB_SPLIT,
    NATIVE,
    NATIVE_BINARY,
    NATIVE_PARALLEL,
    PGLOGICAL;

    /** Who copies. */
    static final List<Peer> OF_COPY = List.of(SCHEMA_FIRST, PIPE, DUMP, PGCOPYDB, PGCOPYDB_SPLIT);

    /** Who copies to a server far away. */
    static final List<Peer> OF_WAN = List.of(PIPE, PGCOPYDB);

    /** Who replicates. */
    static final List<Peer> OF_DRAIN = List.of(NATIVE, NATIVE_BINARY, NATIVE_PARALLEL, PGLOGICAL);

    /** Its word on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Those that {@code --peers} names, in their own order; all if it is not given.
     *
     * @throws IllegalArgumentException with one line for the user, where one is not among {@code
     *     all}
     */
    static List<Peer> chosen(Switches given, List<Peer> all) {
        List<Peer> named = given.choice("peers", all, all, Peer::word);
        return all.stream().filter(named::contains).toList();
    }
}
