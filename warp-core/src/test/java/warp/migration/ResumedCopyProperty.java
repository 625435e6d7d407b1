package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.plan.ChunkPlanner;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/**
 * A copy that is interrupted again and again, by whatever dies, while its tables change all the
 * time: what was finished is kept each time, and both sides are equal in the end.
 */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumedCopyProperty {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROUNDS = Integer.getInteger("warp.rounds", 1);
    private static final int ROUNDS_MAX = Math.max(ROUNDS, 4);
    private static final int INTERRUPTIONS = 3;

    private static final Pattern KEPT =
            Pattern.compile("Kept: (\\d+) tables?, and the finished chunks of (\\d+) other");

    @TempDir Path directory;

    private int tablesKept;
    private int halvesKept;
    private boolean files;

    private PostgresServer destination;

    @BeforeAll
    void start() {
        System.setProperty(ChunkPlanner.BYTES_MAX_PROPERTY, "98304");
        destination = PostgresServer.builder("18").durable(true).start();
    }

    @AfterAll
    void stop() {
        System.clearProperty(ChunkPlanner.BYTES_MAX_PROPERTY);
        destination.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "13", "18"})
    void interruptedAgainAndAgain_keepsWhatIsFinished_andEndsEqual(String version)
            throws Exception {
        files = false;
        long seed = rounds(version);
        assertThat(halvesKept).as("seed %d", seed).isPositive();
    }

    /** Most runs by way of files, some not, as people do who try this and that. */
    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void interruptedAgainAndAgain_byWayOfFiles_endsEqual(String version) throws Exception {
        files = true;
        rounds(version);
    }

    private long rounds(String version) throws Exception {
        long seed = Seed.of(ResumedCopyProperty.class);
        tablesKept = 0;
        halvesKept = 0;
        try (PostgresServer source = PostgresServer.builder(version).durable(true).start()) {
            int round = 0;
            while (round < ROUNDS || (isWanting() && round < ROUNDS_MAX)) {
                try (Move move = Move.between(source, destination, directory)) {
                    round(source, move, new SplittableRandom(seed + round), seed + round);
                }
                round++;
            }
        }
        System.out.printf(
                "%s: kept %d tables and the chunks of %d others%n",
                version, tablesKept, halvesKept);
        return seed;
    }

    /** Every interruption may have happened to find each table whole or untouched. */
    private boolean isWanting() {
        return !files && halvesKept == 0;
    }

    private List<String> switches(SplittableRandom random) {
        List<String> switches = new ArrayList<>(List.of("--yes", "--until=caught-up", "--jobs=3"));
        if (files && random.nextInt(4) > 0) {
            switches.add("--tmp-dir=dump");
            switches.add("--tmp-dir-max=16MB");
        }
        return switches;
    }

    private void round(PostgresServer source, Move move, SplittableRandom random, long seed)
            throws Exception {
        move.atBoth(RestlessTable.TABLES);
        slowDown(move);
        try (Connection connection = move.source()) {
            RestlessTable.fill(connection, seed);
        }
        String said = "";
        try (RestlessTable load = RestlessTable.start(move::source, seed)) {
            for (int i = 0; i < INTERRUPTIONS; i++) {
                said += interruptedRun(source, move, random);
            }
            awaitCommits(load, 20);
            said += finish(move, random);
            awaitCommits(load, 50);
        }
        String last = finish(move, random);
        assertThat(last).as("seed %d", seed).contains("Reached ");
        assertThat(move.compare(DatabaseContent.Scope.ofSchemas("public")).differences())
                .as("seed %d:%n%s", seed, said)
                .isEmpty();
        Matcher kept = KEPT.matcher(said);
        while (kept.find()) {
            tablesKept += Integer.parseInt(kept.group(1));
            halvesKept += Integer.parseInt(kept.group(2));
        }
        assertThat(
                        move.askDestination(
                                "SELECT count(*) FROM pg_constraint WHERE contype IN ('p', 'u',"
                                        + " 'f') AND connamespace = 'public'::regnamespace AND"
                                        + " convalidated"))
                .isEqualTo("5");
        move.run("--clean");
        assertThat(move.askDestination("SELECT to_regnamespace('warp') IS NULL")).isEqualTo("t");
    }

    /** A check that takes a moment for each row, so that there is time to interrupt. */
    private static void slowDown(Move move) throws SQLException {
        move.atDestination(
                "CREATE FUNCTION slow(id bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF id"
                        + " % 10 = 0 THEN PERFORM pg_catalog.pg_sleep(0.001); END IF; RETURN true;"
                        + " END $$",
                "ALTER TABLE big ADD CHECK (slow(id))");
    }

    /** Runs the command until some more chunks are there, then lets something die. */
    private String interruptedRun(PostgresServer source, Move move, SplittableRandom random)
            throws Exception {
        try (WarpCommand warp = move.start(switches(random).toArray(String[]::new))) {
            int more = 1 + random.nextInt(12);
            long before = marks(move);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            boolean atOnce = random.nextBoolean();
            while (!warp.hasEnded()
                    && marks(move) < before + more
                    && !(atOnce && warp.printed().contains("Kept: "))) {
                assertThat(System.nanoTime()).as(warp.printed()).isLessThan(deadline);
                LockSupport.parkNanos(3_000_000);
            }
            LockSupport.parkNanos(random.nextInt(30) * 1_000_000L);
            switch (random.nextInt(5)) {
                case 0 -> endSessions(source, move.slot(), random);
                case 1 -> endSessions(destination, move.slot(), random);
                case 2 -> {
                    destination.killHard();
                    destination.start();
                }
                case 3 -> {
                    source.killHard();
                    source.start();
                }
                default -> assertThat(warp.terminate()).isNotEqualTo(ExitCode.DEFECT);
            }
            if (random.nextBoolean()) {
                warp.terminate();
            }
            ExitCode code = random.nextInt(3) > 0 ? warp.terminate() : awaitAWhile(warp);
            assertThat(code)
                    .as(warp.printed())
                    .isIn(ExitCode.UNREACHABLE, ExitCode.TERMINATED, ExitCode.DONE);
            return warp.printed();
        }
    }

    private static ExitCode awaitAWhile(WarpCommand warp) throws InterruptedException {
        return warp.await();
    }

    /** All or some of Warp's sessions. */
    private static void endSessions(PostgresServer server, String slot, SplittableRandom random)
            throws SQLException {
        server.execute(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                        + " 'warp "
                        + slot
                        + "' AND (pid % 3 <> "
                        + random.nextInt(3)
                        + " OR "
                        + random.nextBoolean()
                        + ")");
    }

    private static long marks(Move move) {
        try (Connection connection = move.destination();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT CASE WHEN to_regclass('warp.chunk') IS NULL THEN 0 ELSE 1"
                                        + " END")) {
            row.next();
            if (row.getInt(1) == 0) {
                return 0;
            }
            try (ResultSet count = statement.executeQuery("SELECT count(*) FROM warp.chunk")) {
                count.next();
                return count.getLong(1);
            }
        } catch (SQLException gone) {
            return 0;
        }
    }

    /** Runs the command until it is done, as somebody would who is told to try again. */
    private String finish(Move move, SplittableRandom random) throws InterruptedException {
        StringBuilder said = new StringBuilder();
        for (int attempt = 0; attempt < 5; attempt++) {
            try (WarpCommand warp = move.start(switches(random).toArray(String[]::new))) {
                ExitCode code = warp.await();
                said.append(warp.printed());
                if (code == ExitCode.DONE) {
                    return said.toString();
                }
                assertThat(code).as(said.toString()).isEqualTo(ExitCode.UNREACHABLE);
            }
        }
        throw new AssertionError("never done:\n" + said);
    }

    private static void awaitCommits(RestlessTable load, int more) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long wanted = load.commits() + more;
        while (load.commits() < wanted) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
