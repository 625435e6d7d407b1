package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.error.FaultPoint;
import warp.error.FaultPoint.Edge;
import warp.error.Faults;
import warp.error.PlannedFault;
import warp.error.PlannedFault.Action;
import warp.plan.ChunkPlanner;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/**
 * A migration fails at every {@link FaultPoint}, just before and just after it, one after the
 * other, and each time the same command goes on; in the end both sides are equal, and {@code
 * --clean}, which fails at each of its points as well, leaves nothing. The seed says how it fails:
 * the connection, a defect, the process. {@code -Dwarp.faults=all} tries every way at every point.
 */
class FaultPointsPgTest {

    private static final List<String> SPOOLING =
            List.of("--yes", "--keyless", "full", "--spool-dir", "spools", "--until", "caught-up");

    /** The oldest pg_dump that is likely to be at hand reads it. */
    private static final String SOURCE = "13";

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static PostgresServer source;
    private static PostgresServer destination;

    private final long seed = Seed.of(FaultPointsPgTest.class);
    private final SplittableRandom random = new SplittableRandom(seed);
    private int columns;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        source = PostgresServer.start(SOURCE);
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stop() {
        destination.close();
        source.close();
    }

    @Test
    void aMigrationThatFailsAtEveryPoint_endsEqual_andIsCleanedAway() throws Exception {
        MovedDatabase moved = database("fails_everywhere");
        List<String> before = moved.catalogs();
        // One that helps itself would be past the points that follow.
        List<String> copy =
                List.of("--keyless", "full", "--yes", "--retry-for", "0", "--until", "copied");
        for (FaultPoint point : FaultPart.COPY.points()) {
            failAt(point, moved, copy, () -> change(moved));
        }
        finish(moved, copy);
        List<String> replicate = List.of("--keyless", "full", "--yes", "--until", "caught-up");
        for (FaultPoint point : FaultPart.REPLICATION.points()) {
            failAt(point, moved, replicate, () -> change(moved));
        }
        for (FaultPoint point : FaultPart.DEFINITIONS.points()) {
            failAt(point, moved, replicate, () -> alter(moved, point));
        }
        change(moved);
        finish(moved, replicate);
        assertThat(moved.compare().differences()).as("seed " + seed).isEmpty();
        for (FaultPoint point : FaultPart.CLEAN.points()) {
            failAt(point, moved, List.of("--clean"), () -> {});
        }
        finish(moved, List.of("--clean"));
        assertThat(moved.catalogs()).as("seed " + seed).isEqualTo(before);
    }

    /** Each time of a table of many chunks, of which an interrupted copy has left some. */
    @Test
    void aResumedCopyThatFailsAtEveryPoint_isResumed() throws Exception {
        System.setProperty(ChunkPlanner.BYTES_MAX_PROPERTY, "98304");
        try {
            MovedDatabase moved = database("resumed_copy_fails_everywhere");
            // Before 14, keys are cut by what the statistics know of them.
            source.execute(moved.name(), "ANALYZE public.gated");
            List<String> copy = List.of("--keyless", "full", "--yes", "--until", "caught-up");
            PlannedFault interruption =
                    new PlannedFault(FaultPoint.CHUNK_COPIED, Edge.AFTER, 6, Action.DEFECT);
            for (PlannedFault fault : faults(FaultPart.RESUMED_COPY)) {
                finish(moved, List.of("--clean"));
                assertThat(fail(interruption, moved, copy)).isEqualTo(Outcome.DIED);
                change(moved);
                assertThat(fail(fault, moved, copy))
                        .as("seed %d, %s", seed, fault)
                        .isNotEqualTo(Outcome.MISSED);
                finish(moved, copy);
                assertThat(moved.compare().differences()).as("seed %d, %s", seed, fault).isEmpty();
            }
            finish(moved, List.of("--clean"));
        } finally {
            System.clearProperty(ChunkPlanner.BYTES_MAX_PROPERTY);
        }
    }

    /** Each time a whole one; in the end no file is left. */
    @Test
    void aCopyByWayOfFilesThatFailsAtEveryPoint_isResumed() throws Exception {
        MovedDatabase moved = database("staged_copy_fails_everywhere");
        Path files = folder.resolve("files");
        List<String> copy =
                List.of(
                        "--tmp-dir",
                        files.toString(),
                        "--keyless",
                        "full",
                        "--yes",
                        "--until",
                        "caught-up");
        for (PlannedFault fault : faults(FaultPart.STAGED_COPY)) {
            change(moved);
            assertThat(fail(fault, moved, copy))
                    .as("seed %d, %s", seed, fault)
                    .isNotEqualTo(Outcome.MISSED);
            finish(moved, copy);
            assertThat(moved.compare().differences()).as("seed %d, %s", seed, fault).isEmpty();
            assertThat(files).isEmptyDirectory();
            finish(moved, List.of("--clean"));
        }
    }

    private List<PlannedFault> faults(FaultPart part) {
        List<PlannedFault> faults = new ArrayList<>();
        for (FaultPoint point : part.points()) {
            for (Edge edge : Edge.values()) {
                actions().forEach(action -> faults.add(new PlannedFault(point, edge, 1, action)));
            }
        }
        return faults;
    }

    @Test
    void aSchemaThatFailsAtEveryPoint_isMade() throws Exception {
        MovedDatabase moved = database("schema_fails_everywhere");
        List<String> switches =
                List.of("--sync-schema", "--keyless", "full", "--yes", "--until", "caught-up");
        for (FaultPoint point : FaultPart.SCHEMA.points()) {
            failAt(point, moved, switches, () -> {});
        }
        finish(moved, switches);
        assertThat(moved.compare().differences()).as("seed " + seed).isEmpty();
        finish(moved, List.of("--clean"));
    }

    /** Some are made, or copied, then, others not, and others are just about to be. */
    @Test
    void aMigrationOfManySmallTablesThatFailsOnTheWay_goesOn() throws Exception {
        MovedDatabase moved = database("many_fail");
        source.execute(
                moved.name(),
                """
                DO $$ BEGIN
                    FOR i IN 1..300 LOOP
                        EXECUTE format('CREATE TABLE public.many_%s (id int PRIMARY KEY)', i);
                        EXECUTE format('INSERT INTO public.many_%s VALUES (%1$s)', i);
                    END LOOP;
                END $$\
                """);
        List<String> switches =
                List.of("--sync-schema", "--keyless", "full", "--yes", "--until", "caught-up");
        for (FaultPoint point : List.of(FaultPoint.OBJECT_MADE, FaultPoint.CHUNK_COPIED)) {
            for (Edge edge : Edge.values()) {
                for (Action action : Action.values()) {
                    PlannedFault fault =
                            new PlannedFault(point, edge, 2 + random.nextInt(10), action);
                    assertThat(fail(fault, moved, switches))
                            .as("seed %d, %s", seed, fault)
                            .isNotEqualTo(Outcome.MISSED);
                    change(moved);
                    finish(moved, switches);
                    assertThat(moved.compare().differences())
                            .as("seed %d, %s", seed, fault)
                            .isEmpty();
                    finish(moved, List.of("--clean"));
                }
            }
        }
    }

    /** At both edges and in both ways where everything is tried, else in one of each. */
    @Test
    void aSpoolThatFailsAtEveryPoint_losesNothing() throws Exception {
        for (FaultPoint point : FaultPart.SPOOL.points()) {
            for (Edge edge : some(List.of(Edge.values()))) {
                for (Action action : some(List.of(Action.HALT, Action.CONNECTION))) {
                    MovedDatabase moved =
                            database(
                                    "spool_%s_%s_%s"
                                            .formatted(point, edge, action)
                                            .toLowerCase(Locale.ROOT));
                    PlannedFault fault = new PlannedFault(point, edge, 1, action);
                    spoolUntil(fault, moved);
                    finish(moved, SPOOLING);
                    assertThat(moved.compare().differences())
                            .as("seed %d, %s", seed, fault)
                            .isEmpty();
                    finish(moved, List.of("--clean"));
                    assertThat(folder.resolve("spools")).isEmptyDirectory();
                }
            }
        }
    }

    /** The next run need not spool any more to know of the folder. */
    @ParameterizedTest
    @EnumSource(Edge.class)
    void aWarpThatIsKilledWhileItMakesASpool_leavesNoFolder(Edge edge) throws Exception {
        MovedDatabase moved = database("spool_made_" + edge.name().toLowerCase(Locale.ROOT));
        spoolUntil(new PlannedFault(FaultPoint.SPOOL_NOTED, edge, 1, Action.HALT), moved);
        finish(moved, List.of("--yes", "--keyless", "full", "--until", "caught-up"));
        assertThat(moved.compare().differences()).as("seed " + seed).isEmpty();
        finish(moved, List.of("--clean"));
        assertThat(folder.resolve("spools")).isEmptyDirectory();
    }

    /** Changes come while the copy is held up. */
    private void spoolUntil(PlannedFault fault, MovedDatabase moved) throws Exception {
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = moved.warp(fault, SPOOLING)) {
            if (fault.point() == FaultPoint.SPOOL_REMOVED) {
                moved.awaitWarpAt(MovedDatabase.COPY);
                change(moved);
            } else {
                // It comes by itself, also where nothing but a keep-alive is to be kept.
                awaitFault(warp, fault);
                change(moved);
            }
            try (Statement statement = gate.createStatement()) {
                statement.execute("SELECT pg_advisory_unlock_all()");
            }
            int code = warp.exitCode();
            awaitFault(warp, fault);
            assertThat(code).as(warp.toString()).isIn(ExitCode.DONE.number(), PlannedFault.HALTED);
        }
    }

    /** It ends the process, or it is told of. */
    private static void awaitFault(WarpChild warp, PlannedFault fault) {
        if (fault.action() == Action.HALT) {
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(PlannedFault.HALTED);
        } else {
            warp.awaitLine("a planned fault");
        }
    }

    @Test
    void aRepairThatFailsAtEveryPoint_goesOn() throws Exception {
        MovedDatabase moved = database("repairs_everywhere");
        List<String> switches = List.of("--keyless", "full", "--yes", "--until", "caught-up");
        finish(moved, switches);
        for (FaultPoint point : FaultPart.REPAIR.points()) {
            for (Edge edge : Edge.values()) {
                source.execute(
                        moved.name(),
                        "SELECT pg_drop_replication_slot('" + moved.name() + "')",
                        "UPDATE public.gated SET kind = 1 WHERE id % 7 = 0");
                change(moved);
                for (Action action : actions()) {
                    PlannedFault fault = new PlannedFault(point, edge, 1, action);
                    assertThat(fail(fault, moved, switches))
                            .as("seed %d, %s", seed, fault)
                            .isNotEqualTo(Outcome.MISSED);
                }
                change(moved);
                finish(moved, switches);
                assertThat(moved.compare().differences())
                        .as("seed %d, %s %s", seed, point, edge)
                        .isEmpty();
            }
        }
        finish(moved, List.of("--clean"));
    }

    /** One of everything that a point is about. */
    private MovedDatabase database(String name) throws SQLException {
        MovedDatabase moved =
                MovedDatabase.create(source, destination, name, folder).withGatedTable();
        moved.onBoth(
                "CREATE TABLE public.empty (id serial PRIMARY KEY)",
                "CREATE TABLE public.keyless (a int, b text)",
                "CREATE TABLE public.live (id serial PRIMARY KEY, n int)");
        source.execute(
                name,
                "INSERT INTO public.keyless SELECT i % 3, 'x' FROM generate_series(1, 10) i",
                "INSERT INTO public.live (n) SELECT i FROM generate_series(1, 10) i",
                "SELECT lo_from_bytea(0, 'large')");
        return moved;
    }

    private static void change(MovedDatabase moved) throws SQLException {
        source.execute(
                moved.name(),
                "INSERT INTO public.live (n) VALUES (1)",
                "UPDATE public.live SET n = n + 1",
                "DELETE FROM public.keyless WHERE ctid = (SELECT min(ctid) FROM public.keyless)",
                "INSERT INTO public.keyless VALUES (1, 'x'), (1, 'x')");
    }

    /** A table that Warp alters by itself, or that it has to copy as well. */
    private void alter(MovedDatabase moved, FaultPoint point) throws SQLException {
        boolean copied =
                EnumSet.of(
                                FaultPoint.COPY_SLOT_MADE,
                                FaultPoint.TABLE_COPY_BEGUN,
                                FaultPoint.TABLE_COPY_TAKEN)
                        .contains(point);
        source.execute(
                moved.name(),
                "ALTER TABLE public.live ADD COLUMN c%d int DEFAULT %s"
                        .formatted(++columns, copied ? "(random() * 1000)::int" : "7"));
        change(moved);
    }

    private interface Stimulus {
        void give() throws SQLException;
    }

    private void failAt(
            FaultPoint point, MovedDatabase moved, List<String> switches, Stimulus stimulus)
            throws Exception {
        for (Edge edge : Edge.values()) {
            for (Action action : actions()) {
                PlannedFault fault = new PlannedFault(point, edge, 1, action);
                boolean cleaned = false;
                stimulus.give();
                Outcome outcome = fail(fault, moved, switches);
                if (outcome == Outcome.MISSED) {
                    // An earlier run has come further already.
                    finish(moved, List.of("--clean"));
                    stimulus.give();
                    outcome = fail(fault, moved, switches);
                    cleaned = true;
                }
                assertThat(outcome)
                        .as("seed %d, %s, cleaned before: %s", seed, fault, cleaned)
                        .isNotEqualTo(Outcome.MISSED);
            }
        }
    }

    /** How a run with a fault has ended. */
    private enum Outcome {
        DIED,
        /** Warp has helped itself. */
        SURVIVED,
        /** The point was not reached. */
        MISSED
    }

    private List<Action> actions() {
        List<Action> all = List.of(Action.values());
        return System.getProperty("warp.faults", "").equals("all")
                ? all
                : List.of(
                        random.nextInt(5) == 0
                                ? Action.HALT
                                : one(Action.CONNECTION, Action.DEFECT));
    }

    /** All of them, or one. */
    private <T> List<T> some(List<T> all) {
        return System.getProperty("warp.faults", "").equals("all")
                ? all
                : List.of(all.get(random.nextInt(all.size())));
    }

    private Action one(Action... some) {
        return some[random.nextInt(some.length)];
    }

    private Outcome fail(PlannedFault fault, MovedDatabase moved, List<String> switches)
            throws InterruptedException {
        return fault.action() == Action.HALT
                ? halt(fault, moved, switches)
                : throwing(fault, moved, switches);
    }

    private Outcome halt(PlannedFault fault, MovedDatabase moved, List<String> switches) {
        try (WarpChild warp = moved.warp(fault, switches)) {
            int code = warp.exitCode(PATIENCE);
            assertThat(code)
                    .as("seed " + seed + ", " + fault + "\n" + warp)
                    .isIn(ExitCode.DONE.number(), PlannedFault.HALTED);
            return code == PlannedFault.HALTED ? Outcome.DIED : Outcome.MISSED;
        }
    }

    private Outcome throwing(PlannedFault fault, MovedDatabase moved, List<String> switches)
            throws InterruptedException {
        try (Faults faults = Faults.plan(fault);
                WarpCommand warp = WarpCommand.start(folder, moved.arguments(switches))) {
            ExitCode code = warp.await();
            String said = "seed " + seed + ", " + fault + "\n" + warp.printed();
            if (!faults.happened()) {
                assertThat(code).as(said).isEqualTo(ExitCode.DONE);
                return Outcome.MISSED;
            } else if (fault.action() == Action.DEFECT && !mayComeTooLate(fault.point())) {
                assertThat(code).as(said).isEqualTo(ExitCode.DEFECT);
                return Outcome.DIED;
            }
            assertThat(code)
                    .as(said)
                    .isIn(
                            ExitCode.DONE,
                            fault.action() == Action.DEFECT
                                    ? ExitCode.DEFECT
                                    : ExitCode.UNREACHABLE);
            return code == ExitCode.DONE ? Outcome.SURVIVED : Outcome.DIED;
        }
    }

    /** On a thread of its own, when nobody listens any more as all is done. */
    private static boolean mayComeTooLate(FaultPoint point) {
        return point == FaultPoint.ACKNOWLEDGED;
    }

    private void finish(MovedDatabase moved, List<String> switches) throws InterruptedException {
        try (WarpCommand warp = WarpCommand.start(folder, moved.arguments(switches))) {
            assertThat(warp.await())
                    .as("seed " + seed + "\n" + warp.printed())
                    .isEqualTo(ExitCode.DONE);
        }
    }
}
