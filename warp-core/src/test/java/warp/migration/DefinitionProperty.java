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
 * test plays the person who runs what is printed. In the end both sides are equal.
 */
@Timeout(240)
class DefinitionProperty {

    private static final int ROUNDS = 5;
    private static final int ASKED_MAX = 12;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void everyHistory_endsEqual(String version) throws Exception {
        long seed = Seed.of(DefinitionProperty.class);
        SplittableRandom random = new SplittableRandom(seed);
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18");
                Move move = Move.between(source, destination, directory)) {
            move.atBoth(
                    "CREATE TABLE t (id int PRIMARY KEY, a int, b text)",
                    "CREATE TABLE o (id int PRIMARY KEY, n int)");
            move.run("--until=copied");
            History history = new History(random);
            for (int round = 0; round < ROUNDS; round++) {
                List<String> statements = history.next();
                move.atSource(statements.toArray(String[]::new));
                String said = "seed %d, round %d: %s".formatted(seed, round, statements);
                bring(move, said);
                dropLeftovers(move);
                assertThat(
                                move.compare(warp.sandbox.DatabaseContent.Scope.ofSchemas("public"))
                                        .differences())
                        .as(said)
                        .isEmpty();
            }
        }
    }

    /** Catches up as a person does who reads what is printed. */
    private static void bring(Move move, String said) throws Exception {
        for (int asked = 0; asked < ASKED_MAX; asked++) {
            try (WarpCommand command = move.start("--until=caught-up")) {
                ExitCode code = command.await();
                String printed = command.printed();
                if (code == ExitCode.DONE) {
                    return;
                }
                assertThat(code).as(said + printed).isEqualTo(ExitCode.NEEDS_PERSON);
                int last = printed.lastIndexOf("Table public.t is held");
                List<String> statements = DefinitionChanges.statements(printed.substring(last));
                assertThat(statements).as(said + printed).isNotEmpty();
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
        private int number;
        private int rows;

        History(SplittableRandom random) {
            this.random = random;
        }

        List<String> next() {
            List<String> statements = new ArrayList<>();
            for (int i = random.nextInt(8, 20); i > 0; i--) {
                statements.add(random.nextInt(4) == 0 ? definition() : change());
            }
            return statements;
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

        private String definition() {
            boolean text = random.nextBoolean();
            List<String> names = text ? texts : ints;
            String type = text ? "text" : "int";
            String name = "c" + ++number;
            return switch (random.nextInt(6)) {
                case 0 -> {
                    names.add(name);
                    yield "ALTER TABLE t ADD COLUMN " + name + " " + type;
                }
                case 1 -> {
                    names.add(name);
                    yield "ALTER TABLE t ADD COLUMN %s %s DEFAULT '%d'"
                            .formatted(name, type, number);
                }
                case 2 -> {
                    names.add(name);
                    yield "ALTER TABLE t ADD COLUMN %s %s DEFAULT (random() * 1000)::int::%s"
                            .formatted(name, type, type);
                }
                case 3 -> {
                    String old = any(names);
                    names.remove(old);
                    names.add(name);
                    yield "ALTER TABLE t RENAME COLUMN " + old + " TO " + name;
                }
                case 4 -> {
                    if (names.size() == 1) {
                        yield "INSERT INTO o VALUES (" + number + ", 1)";
                    }
                    String old = any(names);
                    names.remove(old);
                    yield "ALTER TABLE t DROP COLUMN " + old;
                }
                default -> {
                    String old = any(names);
                    yield "ALTER TABLE t DROP COLUMN %s, ADD COLUMN %s %s"
                            .formatted(old, old, type);
                }
            };
        }
    }
}
