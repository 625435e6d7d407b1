package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/**
 * Random histories of definitions and rows. What Warp can do by itself it does; for the rest the
 * test plays the person who runs what is printed. In the end both sides are equal. More than one
 * history, each of a seed one higher: {@code -Dwarp.histories=…}.
 */
class DefinitionProperty {

    private static final int HISTORIES = Integer.getInteger("warp.histories", 1);
    private static final int ROUNDS = 5;
    private static final int ASKED_MAX = 25;

    @TempDir Path directory;

    @Timeout(240 * 60)
    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void everyHistory_endsEqual(String version) throws Exception {
        long seed = Seed.of(DefinitionProperty.class);
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18")) {
            for (int i = 0; i < HISTORIES; i++) {
                try (Move move = Move.between(source, destination, directory)) {
                    live(move, seed + i);
                }
            }
        }
    }

    private static void live(Move move, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        move.atBoth(
                "CREATE TABLE t (id int PRIMARY KEY, a int, b text)",
                "CREATE TABLE o (id int PRIMARY KEY, n int)");
        move.run("--until=copied");
        History history = new History(random);
        StringBuilder said = new StringBuilder("seed " + seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> statements = history.next();
            boolean watched = random.nextInt(3) == 0;
            said.append("%n%s".formatted(watched ? "watched: " : "")).append(statements);
            if (watched) {
                try (WarpCommand command = move.start()) {
                    command.awaitPrinted("Started replication");
                    move.atSource(statements.toArray(String[]::new));
                }
            } else {
                move.atSource(statements.toArray(String[]::new));
            }
            bring(move, said);
            if (random.nextBoolean()) {
                dropLeftovers(move);
                said.append(" (leftovers dropped)");
            }
            for (String rows :
                    List.of("SELECT %s FROM t".formatted(history.columns()), "SELECT * FROM o")) {
                assertThat(move.destinationRows(rows))
                        .as(said.toString())
                        .isEqualTo(move.sourceRows(rows));
            }
        }
    }

    /** Catches up as a person does who reads what is printed. */
    private static void bring(Move move, StringBuilder said) throws Exception {
        for (int asked = 0; asked < ASKED_MAX; asked++) {
            try (WarpCommand command = move.start("--until=caught-up")) {
                ExitCode code = command.await();
                String printed = command.printed();
                if (code == ExitCode.DONE) {
                    return;
                }
                assertThat(code).as(said + printed).isEqualTo(ExitCode.NEEDS_PERSON);
                int last = printed.lastIndexOf("Table public.t is held");
                assertThat(last).as(said + printed).isNotNegative();
                List<String> statements = DefinitionChanges.statements(printed.substring(last));
                assertThat(statements).as(said + printed).isNotEmpty();
                said.append(" asked: ").append(statements);
                try {
                    move.atDestination(statements.toArray(String[]::new));
                } catch (SQLException wrong) {
                    throw new AssertionError(said + printed, wrong);
                }
            }
        }
        throw new AssertionError("asks for ever: " + said);
    }

    /** What Warp never drops by itself. */
    private static void dropLeftovers(Move move) throws SQLException {
        String columns =
                "SELECT coalesce(string_agg(attname, ','), '') FROM pg_attribute WHERE attrelid ="
                        + " 't'::regclass AND attnum > 0 AND NOT attisdropped";
        List<String> there = new ArrayList<>(List.of(move.askDestination(columns).split(",")));
        there.removeAll(List.of(move.askSource(columns).split(",")));
        for (String column : there) {
            move.atDestination("ALTER TABLE t DROP COLUMN " + column);
        }
    }

    /** Makes statements that the source takes. */
    private static final class History {
        private final SplittableRandom random;
        private final List<String> ints = new ArrayList<>(List.of("a"));
        private final List<String> texts = new ArrayList<>(List.of("b"));

        /** Names of columns that are not any more. */
        private final List<String> free = new ArrayList<>();

        private int number;
        private int rows;

        History(SplittableRandom random) {
            this.random = random;
        }

        List<String> next() {
            List<String> statements = new ArrayList<>();
            int definitions = random.nextInt(2, 6);
            for (int i = random.nextInt(4, 20); i > 0; i--) {
                statements.add(random.nextInt(definitions) == 0 ? definition() : change());
                if (random.nextInt(8) == 0) {
                    String together = definition() + "; " + change() + "; " + definition();
                    statements.add("BEGIN; " + together + "; COMMIT");
                }
            }
            return statements;
        }

        String columns() {
            return "id, " + String.join(", ", ints) + ", " + String.join(", ", texts);
        }

        private String any(List<String> names) {
            return names.get(random.nextInt(names.size()));
        }

        private String change() {
            return switch (random.nextInt(5)) {
                case 0 -> "INSERT INTO t (id) VALUES (" + ++rows + ")";
                case 1 ->
                        "INSERT INTO t (id, %s, %s) VALUES (%d, %d, 'new')"
                                .formatted(any(ints), any(texts), ++rows, random.nextInt(100));
                case 2 ->
                        "UPDATE t SET %s = coalesce(%s, 0) + 1 WHERE id %% 3 = %d"
                                .formatted(any(ints), any(ints), random.nextInt(3));
                case 3 ->
                        "UPDATE t SET %s = coalesce(%s, '') || 'x' WHERE id %% 2 = %d"
                                .formatted(any(texts), any(texts), random.nextInt(2));
                default -> "DELETE FROM t WHERE id = " + random.nextInt(1, rows + 2);
            };
        }

        /** One that no column has: a new one, or that of a dropped one. */
        private String name() {
            return free.isEmpty() || random.nextInt(3) > 0
                    ? "c" + ++number
                    : free.remove(random.nextInt(free.size()));
        }

        private String definition() {
            boolean text = random.nextBoolean();
            List<String> names = text ? texts : ints;
            String type = text ? "text" : "int";
            return switch (random.nextInt(9)) {
                case 0 -> add(names, type, "");
                case 1 -> add(names, type, " DEFAULT '" + ++number + "'");
                case 2 -> add(names, type, " DEFAULT (random() * 1000)::int::" + type);
                case 3 -> {
                    String old = any(names);
                    String name = name();
                    names.remove(old);
                    names.add(name);
                    free.add(old);
                    yield "ALTER TABLE t RENAME COLUMN " + old + " TO " + name;
                }
                case 4 -> {
                    if (names.size() == 1) {
                        yield "INSERT INTO o VALUES (" + ++number + ", 1)";
                    }
                    String old = any(names);
                    names.remove(old);
                    free.add(old);
                    yield "ALTER TABLE t DROP COLUMN " + old;
                }
                case 5 -> {
                    String old = any(names);
                    yield "ALTER TABLE t DROP COLUMN %s, ADD COLUMN %s %s"
                            .formatted(old, old, type);
                }
                case 6 -> {
                    String one = any(ints);
                    String other = any(texts);
                    ints.remove(one);
                    texts.remove(other);
                    ints.add(other);
                    texts.add(one);
                    yield exchange(one, other);
                }
                case 7 -> exchange(names.getFirst(), names.getLast());
                default ->
                        text
                                ? "ALTER TABLE t ALTER COLUMN %s TYPE varchar".formatted(any(names))
                                : "ALTER TABLE t ALTER COLUMN %s TYPE bigint".formatted(any(names));
            };
        }

        private String add(List<String> names, String type, String rest) {
            String name = name();
            names.add(name);
            return "ALTER TABLE t ADD COLUMN " + name + " " + type + rest;
        }

        private static String exchange(String one, String other) {
            return one.equals(other)
                    ? "SELECT 1"
                    : "ALTER TABLE t RENAME COLUMN %1$s TO x; ALTER TABLE t RENAME COLUMN %2$s TO %1$s; ALTER TABLE t RENAME COLUMN x TO %2$s"
                            .formatted(one, other);
        }
    }
}
