package warp.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.sandbox.PostgresBinaries;

/** What the command line asks for. */
sealed interface BenchOptions {

    /** Sessions that make the backlog of {@code drain}; each makes as many transactions. */
    int LOAD_SESSIONS = 4;

    /** Numbers of tables of {@code catalog}, and the largest. */
    String TABLES_USUAL = "10000,30000,100000";

    int TABLES_MAX = 1_000_000;

    String USAGE =
            """
            Usage: bench copy    [--scale N] [--runs N] [--version V]
                   bench drain   [--transactions N] [--scale N] [--runs N] [--version V]
                   bench catalog [--tables N[,N...]] [--version V]

            Measures Warp against its peers on two servers of its own and prints a table.

            copy     a pgbench database moved to an empty one, keys included: Warp, pg_dump | pg_restore,
                     pg_dump -j2 then pg_restore -j2, and pgcopydb where it is on the PATH
            drain    a backlog of TPC-B transactions applied: Warp, and a native subscription
            catalog  databases of very many tables: what Warp takes for each step, and its memory

              --scale N         pgbench's scale; 50 for copy, 20 for drain if not said
              --transactions N  length of the backlog; 200000 if not said
              --tables N,N...   numbers of tables; 10000,30000,100000 if not said
              --runs N          of each; 3 if not said; the table shows the median
              --version V       of both servers, 11 or newer; that of pg_dump if not said
              --help            this text
            """;

    /** Something to measure. */
    sealed interface Task extends BenchOptions {

        /** The word for it on the command line. */
        String name();

        /** The major version of both servers; pg_dump's if empty. */
        Optional<String> version();
    }

    /**
     * A database copied.
     *
     * @param scale pgbench's: 100,000 accounts each
     * @param runs how often each contestant is measured
     */
    record Copy(int scale, int runs, Optional<String> version) implements Task {
        @Override
        public String name() {
            return "copy";
        }
    }

    /**
     * A backlog applied.
     *
     * @param transactions a multiple of {@link #LOAD_SESSIONS}
     */
    record Drain(int transactions, int scale, int runs, Optional<String> version) implements Task {
        @Override
        public String name() {
            return "drain";
        }
    }

    /** Databases of these numbers of tables moved. */
    record Catalog(List<Integer> tables, Optional<String> version) implements Task {
        @Override
        public String name() {
            return "catalog";
        }
    }

    /** The usage and nothing else. */
    record Help() implements BenchOptions {}

    /**
     * Reads the command line: one dash or two, {@code --name=value} or {@code --name value}.
     *
     * @throws IllegalArgumentException with one line for the user, when something is wrong
     */
    static BenchOptions parse(List<String> arguments) {
        if (arguments.stream().anyMatch(each -> each.matches("-h|--?help"))) {
            return new Help();
        }
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("say what to measure: copy, drain or catalog");
        }
        String task = arguments.getFirst();
        List<String> rest = arguments.subList(1, arguments.size());
        return switch (task) {
            case "copy" -> {
                Map<String, String> given = values(rest, Set.of("scale", "runs", "version"));
                yield new Copy(
                        number(given, "scale", 50, 10_000),
                        number(given, "runs", 3, 100),
                        version(given));
            }
            case "drain" -> {
                Map<String, String> given =
                        values(rest, Set.of("transactions", "scale", "runs", "version"));
                int transactions = number(given, "transactions", 200_000, 100_000_000);
                yield new Drain(
                        Math.ceilDiv(transactions, LOAD_SESSIONS) * LOAD_SESSIONS,
                        number(given, "scale", 20, 10_000),
                        number(given, "runs", 3, 100),
                        version(given));
            }
            case "catalog" -> {
                Map<String, String> given = values(rest, Set.of("tables", "version"));
                List<Integer> tables = new ArrayList<>();
                for (String each : given.getOrDefault("tables", TABLES_USUAL).split(",", -1)) {
                    tables.add(number(Map.of("tables", each), "tables", 0, TABLES_MAX));
                }
                yield new Catalog(List.copyOf(tables), version(given));
            }
            default ->
                    throw new IllegalArgumentException(
                            "\"%s\" is nothing to measure: copy, drain or catalog".formatted(task));
        };
    }

    private static Map<String, String> values(List<String> arguments, Set<String> known) {
        Map<String, String> values = new HashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String dashed = equals < 0 ? argument : argument.substring(0, equals);
            String name = dashed.replaceFirst("^--?", "");
            if (name.equals(dashed) || !known.contains(name)) {
                throw new IllegalArgumentException("there is no switch \"" + dashed + "\" here");
            }
            if (equals < 0 && !rest.hasNext()) {
                throw new IllegalArgumentException(dashed + " needs a value");
            }
            values.put(name, equals < 0 ? rest.next() : argument.substring(equals + 1));
        }
        return values;
    }

    private static int number(Map<String, String> given, String name, int otherwise, int most) {
        @Nullable String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "--%s is a number from 1 to %d, not \"%s\"".formatted(name, most, text));
    }

    private static Optional<String> version(Map<String, String> given) {
        @Nullable String text = given.get("version");
        if (text == null) {
            return Optional.empty();
        }
        // older ones lack hashtextextended, which the checksum needs
        List<String> known =
                PostgresBinaries.majors().stream()
                        .filter(v -> Double.parseDouble(v) >= 11)
                        .toList();
        if (!known.contains(text)) {
            throw new IllegalArgumentException(
                    "--version is one of %s, not \"%s\"".formatted(String.join(", ", known), text));
        }
        return Optional.of(text);
    }
}
