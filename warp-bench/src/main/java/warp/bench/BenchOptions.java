package warp.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import warp.sandbox.PostgresBinaries;

/** What the command line asks for. */
sealed interface BenchOptions {

    /** Numbers of tables of {@code catalog}, and the largest. */
    String TABLES_USUAL = "10000,30000,100000";

    int TABLES_MAX = 1_000_000;

    String TASKS = "copy, drain, steady, wan, memory, start, catalog or micro";

    String USAGE =
            """
            Usage: bench copy    [--shape S] [--scale N] [--mb N] [--peers P] [--runs N] [SERVERS]
                   bench drain   [--shape S] [--transactions N] [--scale N] [--peers P] [--runs N] [SERVERS]
                   bench drain   --quick [SERVERS]
                   bench steady  [--seconds N] [--rate N] [SERVERS]
                   bench wan     [--transactions N] [--scale N] [--rtt N] [--mbit N] [--peers P] [SERVERS]
                   bench memory  [--shape S] [--transactions N] [--scale N] [--mb N] [SERVERS]
                   bench start   [--runs N] [SERVERS]
                   bench catalog [--tables N[,N...]] [SERVERS]
                   bench micro   [NAME...] [JMH'S OPTIONS]

            Measures Warp against its peers on two servers of its own and prints a table.

            copy     a database moved to an empty one, schema and keys included: Warp, pg_dump | pg_restore,
                     pg_dump -j2 then pg_restore -j2, and pgcopydb where it is on the PATH; beside it
                     what the servers' own work takes at least
            drain    a backlog of transactions applied: Warp, a native subscription (binary or not), and
                     pglogical where both have it: see --server-bin; needs no other program
            steady   changes while the source is at work (pgbench): how soon they are seen, and what that takes:
                     Warp, and a native subscription
            wan      a copy and a drain with a slow network before the destination: Warp; for the copy
                     also pg_dump | pg_restore and pgcopydb
            memory   Warp's peak memory: copies with 8 workers, and drains
            start    what warp --help and warp status take; also in the packaged form, where it was made
            catalog  databases of very many tables: what Warp takes for each step, and its memory
            micro    parts of Warp by themselves, without servers: decoder, batcher, encoder; a NAME is one of
                     these or a part of a benchmark's; behind it options of JMH, such as -f 2 -wi 5 -i 10

              --shape S[,S...]  what is copied; pgbench if not said:
                        pgbench pgbench's tables
                        wide    one table of wide rows, out of line and incompressible
                        many    2,000 small tables
                        mixed   one table of 40 columns of 20 types
                        all     each of them
                                or what the backlog is made of; tpcb if not said:
                        tpcb    200,000 TPC-B transactions
                        rows    500,000 transactions of one row each over 8 unrelated tables
                        inserts 1,000,000 inserted rows, 100 to a transaction
                        hot     200,000 updates of 1,000 rows, one a transaction
                        huge    one transaction of 5,000,000 rows; native also streams it
                        all     each of them
                        of memory both; all if not said
              --transactions N  another length of the backlog; of inserts and huge: rows; of memory
                                50000 if not said, but for huge; of wan 20000
              --seconds N       of steady; 30 if not said
              --rate N          transactions a second of steady; 2000 if not said
              --rtt N           milliseconds of a round trip of wan; 20 if not said
              --mbit N          megabits a second of wan; 100 if not said
              --peers P[,P...]  beside whom Warp is measured; all that are there if not said:
                        schema-first, pipe, dump, pgcopydb, pgcopydb-split (wide only)
                                copying: Warp itself with the schema made before, pg_dump | pg_restore, pg_dump
                                and pg_restore with files between, pgcopydb, and pgcopydb dividing tables
                        native, native-binary, native-parallel (huge only), pglogical
                                draining: subscriptions
              --quick           a short drain of tpcb and rows, Warp and native alone: about 40 s
              --scale N         pgbench's scale; 50 for copy, 20 for drain, 5 for memory, 10 for wan if not said
              --mb N            megabytes of the table of wide rows, four times those of mixed; 4000 for copy,
                                500 for memory if not said
              --tables N,N...   numbers of tables; 10000,30000,100000 if not said
              --runs N          of each; 3, of start 20 if not said; the table shows the median
              --help            this text
            SERVERS:
              --version V       of both, 12 or newer; that of pg_dump if not said
              --server-bin DIR  both by the programs in this folder: /usr/lib/postgresql/15/bin; of their version
              --no-fsync        fsync and full_page_writes off: what the disk takes is left out
            """;

    /** Of whoever copies beside Warp. */
    List<String> CLIENTS = List.of("psql", "pg_dump", "pg_restore");

    /**
     * The servers to measure on.
     *
     * @param version the major version of both, that of the programs where they are given;
     *     pg_dump's if empty
     * @param programs of both; the sandbox' own if empty
     * @param durable whether they survive a crash of the machine, as a server at work does
     */
    record ServerChoice(
            Optional<String> version, Optional<PostgresBinaries> programs, boolean durable) {

        private static final Set<String> VALUES = Set.of("version", "server-bin");
        private static final Set<String> FLAGS = Set.of("no-fsync");

        static ServerChoice of(Switches given) {
            Optional<PostgresBinaries> programs = given.programs();
            return new ServerChoice(
                    programs.map(PostgresBinaries::major).or(given::version),
                    programs,
                    !given.has("no-fsync"));
        }
    }

    /** Something to measure. */
    sealed interface Task extends BenchOptions {

        /** The word for it on the command line. */
        String name();

        ServerChoice servers();

        /** PostgreSQL's client programs that it needs. */
        default List<String> programs() {
            return List.of();
        }
    }

    /**
     * Databases copied.
     *
     * @param peers who takes part, where it is there
     * @param runs how often each contestant is measured
     */
    record Copy(
            List<CopyShape> shapes,
            CopyShape.Size size,
            List<Peer> peers,
            int runs,
            ServerChoice servers)
            implements Task {
        @Override
        public String name() {
            return "copy";
        }

        @Override
        public List<String> programs() {
            return CLIENTS;
        }
    }

    /**
     * Backlogs applied.
     *
     * @param transactions the length of each; as usual for its shape if empty
     * @param peers who takes part, where it is there
     * @param quick whether that is a short one, which goes without what only peers need
     */
    record Drain(
            List<Backlog.Shape> shapes,
            Optional<Integer> transactions,
            int scale,
            List<Peer> peers,
            int runs,
            boolean quick,
            ServerChoice servers)
            implements Task {

        private static final int QUICK_TRANSACTIONS = 60_000;
        private static final int QUICK_SCALE = 5;

        static Drain quick(ServerChoice servers) {
            return new Drain(
                    List.of(Backlog.Shape.TPCB, Backlog.Shape.ROWS),
                    Optional.of(QUICK_TRANSACTIONS),
                    QUICK_SCALE,
                    List.of(Peer.NATIVE),
                    2,
                    true,
                    servers);
        }

        @Override
        public String name() {
            return "drain";
        }

        Backlog backlog(Backlog.Shape shape) {
            return shape.backlog(transactions.orElse(shape.usualLength()), scale);
        }
    }

    /** Databases of these numbers of tables moved. */
    record Catalog(List<Integer> tables, ServerChoice servers) implements Task {
        @Override
        public String name() {
            return "catalog";
        }
    }

    /**
     * Memory looked at.
     *
     * @param transactions of each drain but the huge one
     * @param size of what is copied, and of TPC-B's tables
     */
    record Memory(
            List<CopyShape> copies,
            List<Backlog.Shape> drains,
            int transactions,
            CopyShape.Size size,
            ServerChoice servers)
            implements Task {
        @Override
        public String name() {
            return "memory";
        }
    }

    /**
     * Changes followed while they are made.
     *
     * @param rate transactions a second
     */
    record Steady(int seconds, int rate, ServerChoice servers) implements Task {
        @Override
        public String name() {
            return "steady";
        }

        @Override
        public List<String> programs() {
            return List.of("pgbench");
        }
    }

    /**
     * A slow network before the destination.
     *
     * @param transactions of the drain
     * @param scale pgbench's, of both
     * @param peers who takes part in the copy, where it is there
     */
    record Wan(
            int transactions,
            int scale,
            int roundTripMillis,
            int megabits,
            List<Peer> peers,
            ServerChoice servers)
            implements Task {
        @Override
        public String name() {
            return "wan";
        }

        @Override
        public List<String> programs() {
            return CLIENTS;
        }
    }

    /** Short commands timed. */
    record Start(int runs, ServerChoice servers) implements Task {
        @Override
        public String name() {
            return "start";
        }
    }

    /**
     * Parts of Warp timed by themselves.
     *
     * @param words for {@link warp.bench.micro.MicroBench}
     */
    record Micro(List<String> words) implements BenchOptions {}

    /** The usage and nothing else. */
    record Help() implements BenchOptions {}

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with one line for the user, when something is wrong
     */
    static BenchOptions parse(List<String> arguments) {
        if (arguments.stream().anyMatch(each -> each.matches("-h|--?help"))) {
            return new Help();
        }
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("say what to measure: " + TASKS);
        }
        String task = arguments.getFirst();
        List<String> rest = arguments.subList(1, arguments.size());
        return switch (task) {
            case "copy" ->
                    copy(switches(rest, Set.of("shape", "scale", "mb", "peers", "runs"), Set.of()));
            case "drain" -> drain(rest);
            case "steady" -> {
                Switches given = switches(rest, Set.of("seconds", "rate"), Set.of());
                yield new Steady(
                        given.number("seconds", 30, 100_000),
                        given.number("rate", 2000, 1_000_000),
                        ServerChoice.of(given));
            }
            case "wan" -> {
                Switches given =
                        switches(
                                rest,
                                Set.of("transactions", "scale", "rtt", "mbit", "peers"),
                                Set.of());
                yield new Wan(
                        given.number("transactions", 20_000, 100_000_000),
                        given.number("scale", 10, 10_000),
                        given.number("rtt", 20, 10_000),
                        given.number("mbit", 100, 10_000),
                        Peer.chosen(given, Peer.OF_WAN),
                        ServerChoice.of(given));
            }
            case "memory" ->
                    memory(
                            switches(
                                    rest,
                                    Set.of("shape", "transactions", "scale", "mb"),
                                    Set.of()));
            case "start" -> {
                Switches given = switches(rest, Set.of("runs"), Set.of());
                yield new Start(given.number("runs", 20, 1000), ServerChoice.of(given));
            }
            case "micro" -> new Micro(List.copyOf(rest));
            case "catalog" -> catalog(switches(rest, Set.of("tables"), Set.of()));
            default ->
                    throw new IllegalArgumentException(
                            "\"%s\" is nothing to measure: %s".formatted(task, TASKS));
        };
    }

    private static Copy copy(Switches given) {
        return new Copy(
                given.choice(
                        "shape",
                        List.of(CopyShape.values()),
                        List.of(CopyShape.PGBENCH),
                        CopyShape::word),
                size(given, 50, 4000),
                Peer.chosen(given, Peer.OF_COPY),
                given.number("runs", 3, 100),
                ServerChoice.of(given));
    }

    private static CopyShape.Size size(Switches given, int scale, int megabytes) {
        return new CopyShape.Size(
                given.number("scale", scale, 10_000),
                given.number("mb", megabytes, 100_000),
                CopyShape.Size.TABLES_USUAL);
    }

    private static Drain drain(List<String> arguments) {
        if (arguments.contains("--quick") || arguments.contains("-quick")) {
            return Drain.quick(ServerChoice.of(switches(arguments, Set.of(), Set.of("quick"))));
        }
        Switches given =
                switches(
                        arguments,
                        Set.of("shape", "transactions", "scale", "peers", "runs"),
                        Set.of());
        int transactions = given.number("transactions", 0, 100_000_000);
        return new Drain(
                given.choice(
                        "shape",
                        List.of(Backlog.Shape.values()),
                        List.of(Backlog.Shape.TPCB),
                        Backlog.Shape::word),
                transactions == 0 ? Optional.empty() : Optional.of(transactions),
                given.number("scale", 20, 10_000),
                Peer.chosen(given, Peer.OF_DRAIN),
                given.number("runs", 3, 100),
                false,
                ServerChoice.of(given));
    }

    /** What is copied and what is drained have different words. */
    private static Memory memory(Switches given) {
        List<String> words = new ArrayList<>();
        List.of(CopyShape.values()).forEach(shape -> words.add(shape.word()));
        List.of(Backlog.Shape.values()).forEach(shape -> words.add(shape.word()));
        List<String> chosen = given.choice("shape", words, words, word -> word);
        return new Memory(
                List.of(CopyShape.values()).stream()
                        .filter(shape -> chosen.contains(shape.word()))
                        .toList(),
                List.of(Backlog.Shape.values()).stream()
                        .filter(shape -> chosen.contains(shape.word()))
                        .toList(),
                given.number("transactions", 50_000, 100_000_000),
                size(given, 5, 500),
                ServerChoice.of(given));
    }

    private static Catalog catalog(Switches given) {
        List<Integer> tables = new ArrayList<>();
        for (String each : given.values().getOrDefault("tables", TABLES_USUAL).split(",", -1)) {
            tables.add(Switches.number("tables", each, TABLES_MAX));
        }
        return new Catalog(List.copyOf(tables), ServerChoice.of(given));
    }

    /** Those of the task, beside those that every task has. */
    private static Switches switches(
            List<String> arguments, Set<String> values, Set<String> flags) {
        return Switches.parse(
                arguments, union(values, ServerChoice.VALUES), union(flags, ServerChoice.FLAGS));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> union = new HashSet<>(some);
        union.addAll(others);
        return union;
    }
}
