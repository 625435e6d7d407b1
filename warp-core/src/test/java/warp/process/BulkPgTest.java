package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/** A backlog that is long enough to be read in bulk, by a Warp that dies meanwhile. */
class BulkPgTest {

    private static final int KILLS = 6;

    /** Some 30 MB of log, in transactions of two changes, and one of many. */
    private static final String BACKLOG =
            """
            DO $$
            BEGIN
                FOR i IN 1..12000 LOOP
                    UPDATE public.counted SET hits = hits + 1, t = repeat(md5(i::text), 30)
                    WHERE id = i % 500;
                    INSERT INTO public.noted VALUES (i, repeat(md5(i::text), 10));
                    COMMIT;
                END LOOP;
                DELETE FROM public.noted WHERE id % 3 = 0;
            END $$\
            """;

    private static PostgresServer source;
    private static PostgresServer destination;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        source =
                PostgresServer.builder("18")
                        .durable(true)
                        .setting("synchronous_commit", "off")
                        .setting("log_min_duration_statement", "0")
                        .start();
        destination = PostgresServer.builder("18").durable(true).start();
    }

    @AfterAll
    static void stop() {
        destination.close();
        source.close();
    }

    @Test
    void killedWhileABacklogIsRead_losesAndDoublesNothing() throws SQLException, IOException {
        long seed = Seed.of(BulkPgTest.class);
        SplittableRandom random = new SplittableRandom(seed);
        MovedDatabase moved =
                MovedDatabase.create(source, destination, "killed_reading", folder)
                        .onBoth(
                                "CREATE TABLE public.counted (id int PRIMARY KEY, hits bigint,"
                                        + " t text)",
                                "CREATE TABLE public.noted (id int PRIMARY KEY, t text)");
        source.execute(
                moved.name(),
                "INSERT INTO public.counted SELECT i, 0, '' FROM generate_series(0, 499) i");
        try (WarpChild first = moved.warp("--yes", "--until", "copied")) {
            assertThat(first.exitCode()).as(first.toString()).isZero();
        }
        source.execute(moved.name(), BACKLOG);
        for (int kill = 1; kill <= KILLS; kill++) {
            try (WarpChild warp = moved.warp()) {
                warp.awaitLine("Started replication");
                assertThat(warp.survives(random.nextInt(500))).as(warp.toString()).isTrue();
                warp.kill();
            }
        }
        assertThat(moved.finishAndCompare())
                .as("seed %d", seed)
                .satisfies(compared -> assertThat(compared.differences()).isEmpty());
        assertThat(windowsRead()).isGreaterThan(KILLS);
        assertThat(moved.rows(source, "SELECT slot_name FROM pg_replication_slots"))
                .containsExactly(moved.name());
    }

    private static long windowsRead() throws IOException {
        return Pattern.compile("statement: DECLARE warp_window")
                .matcher(Files.readString(source.log()))
                .results()
                .count();
    }
}
