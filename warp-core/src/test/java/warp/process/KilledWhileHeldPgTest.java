package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.sandbox.Comparison;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/** The process is killed while tables are held, copied again, and brought back. */
@Timeout(180)
class KilledWhileHeldPgTest {

    private static final int KILLS = 6;

    private static PostgresServer source;
    private static PostgresServer destination;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        source = PostgresServer.builder("18").durable(true).start();
        destination = PostgresServer.builder("18").durable(true).start();
    }

    @AfterAll
    static void stop() {
        destination.close();
        source.close();
    }

    @Test
    void killedInTheCopyOfOneTable_copiesItAgainByItself() throws SQLException {
        MovedDatabase moved = copied("killed_recopying");
        source.execute(
                moved.name(),
                "ALTER TABLE public.gated ADD COLUMN dice float8 DEFAULT random()",
                "UPDATE public.gated SET dice = 7 WHERE id = 5",
                "DELETE FROM public.gated WHERE id = 6");
        for (int kill = 0; kill < 2; kill++) {
            try (Connection gate = moved.shut(MovedDatabase.COPY);
                    WarpChild warp = moved.warp("--yes")) {
                moved.awaitWarpAt(MovedDatabase.COPY);
                source.execute(
                        moved.name(),
                        "UPDATE public.gated SET kind = 3 WHERE id % 50 = " + kill,
                        "INSERT INTO public.kind VALUES (100 + " + kill + ", 'while held')");
                // All others go on while it is copied.
                moved.await(destination, "SELECT count(*) = 1 FROM kind WHERE id = 100 + " + kill);
                warp.kill();
                assertThat(gate.isClosed()).isFalse();
            }
        }
        assertThat(moved.finishAndCompare()).satisfies(KilledWhileHeldPgTest::isEqual);
        assertThat(moved.rows(destination, "SELECT count(*) FROM warp.held")).containsExactly("0");
        assertThat(
                        moved.rows(
                                source,
                                "SELECT slot_name FROM pg_replication_slots WHERE database ="
                                        + " current_database()"))
                .containsExactly(moved.name());
    }

    @Test
    void killedWhileHeldChangesAreApplied_appliesEachOnce() throws SQLException {
        MovedDatabase moved = copied("killed_replaying");
        source.execute(
                moved.name(),
                "ALTER TABLE public.gated RENAME COLUMN filler TO stuffing",
                "UPDATE public.gated SET stuffing = 'x' || id WHERE id < 1000",
                "INSERT INTO public.gated SELECT 20000 + i, 1, 'new' FROM generate_series(1, 900)"
                        + " i",
                "DELETE FROM public.gated WHERE id BETWEEN 500 AND 700");
        try (WarpChild warp = moved.warp("--until", "caught-up")) {
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(6);
        }
        destination.execute(
                moved.name(), "ALTER TABLE public.gated RENAME COLUMN filler TO stuffing");
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = moved.warp()) {
            moved.awaitWarpAt(MovedDatabase.COPY);
            warp.kill();
            assertThat(gate.isClosed()).isFalse();
        }
        assertThat(moved.finishAndCompare()).satisfies(KilledWhileHeldPgTest::isEqual);
    }

    @Test
    void killedAtAnyMoment_whileDefinitionsChange_losesAndDoublesNothing() throws SQLException {
        long seed = Seed.of(KilledWhileHeldPgTest.class);
        SplittableRandom random = new SplittableRandom(seed);
        MovedDatabase moved = copied("killed_altering");
        for (int kill = 0; kill < KILLS; kill++) {
            String column = "c" + kill;
            String value = random.nextBoolean() ? " DEFAULT random()" : " DEFAULT " + kill;
            try (WarpChild warp = moved.warp("--yes", "--new-tables")) {
                warp.awaitLine("Started replication");
                source.execute(
                        moved.name(),
                        "UPDATE public.kind SET name = name || '" + kill + "'",
                        "ALTER TABLE public.kind ADD COLUMN " + column + " float8" + value,
                        "UPDATE public.kind SET " + column + " = -1 WHERE id % 3 = 0",
                        "INSERT INTO public.kind (id) VALUES (1000 + " + kill + ")",
                        "CREATE TABLE public.made_"
                                + kill
                                + " AS SELECT i AS id FROM generate_series(1, 500) i",
                        "ALTER TABLE public.made_" + kill + " ADD PRIMARY KEY (id)",
                        "DELETE FROM public.made_" + kill + " WHERE id % 2 = 0");
                assertThat(warp.survives(random.nextInt(4000))).as(warp.toString()).isTrue();
                warp.kill();
            }
        }
        try (WarpChild warp = moved.warp("--new-tables", "--until", "caught-up")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        assertThat(moved.compare()).as("seed " + seed).satisfies(KilledWhileHeldPgTest::isEqual);
    }

    private MovedDatabase copied(String name) throws SQLException {
        MovedDatabase moved =
                MovedDatabase.create(source, destination, name, folder).withGatedTable();
        try (WarpChild first = moved.warp("--yes", "--until", "copied")) {
            assertThat(first.exitCode()).as(first.toString()).isZero();
        }
        return moved;
    }

    private static void isEqual(Comparison comparison) {
        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.rows()).isPositive();
    }
}
