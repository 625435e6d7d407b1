package warp.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.error.ExitCode;
import warp.error.FaultPoint;
import warp.error.PlannedFault;
import warp.plan.ChunkPlanner;
import warp.process.WarpChild;
import warp.sandbox.RandomTables;
import warp.sandbox.WriteLoad;

/**
 * One migration from the first run to {@code --clean}, through as many faults as its plan says. The
 * same command is run whenever it has ended. In the end nothing differs and nothing is left.
 */
final class SoakRound {

    private static final FaultPoint[] ALL = FaultPoint.values();
    private static final FaultPoint[] CLEANING = {
        FaultPoint.TRANSACTION,
        FaultPoint.OBJECT_PUT_BACK,
        FaultPoint.STATE_FORGOTTEN,
        FaultPoint.SLOT_DROPPED,
        FaultPoint.PUBLICATION_DROPPED
    };
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** How long a phase is waited for while nothing is in Warp's way, and while something is. */
    private static final Duration GOOD_PATIENCE = Duration.ofSeconds(40);

    private static final Duration BAD_PATIENCE = Duration.ofSeconds(2);
    private static final int LAST_ATTEMPTS_MAX = 6;

    /** As often as is worth it. */
    private static final List<SoakPhase> WANTED =
            List.of(
                    SoakPhase.CHECKS,
                    SoakPhase.PREPARE,
                    SoakPhase.SCHEMA,
                    SoakPhase.COPY,
                    SoakPhase.COPY,
                    SoakPhase.COPY,
                    SoakPhase.INDEX,
                    SoakPhase.INDEX,
                    SoakPhase.REPLICATE,
                    SoakPhase.REPLICATE,
                    SoakPhase.REPLICATE);

    private static final int SHOWN_RUNS = 3;
    private static final int SHOWN_LINES = 80;

    private final SoakPlan plan;
    private final SplittableRandom random;
    private final SoakPair pair;
    private final SoakTally tally;
    private final RandomTables tables;
    private final List<String> history = new ArrayList<>();
    private final List<String> printed = new ArrayList<>();
    private int faults;
    private int columns;

    /** Whether what a fault has left was left as it is. */
    private boolean impaired;

    private boolean copied;

    private SoakRound(SoakPlan plan, SplittableRandom random, SoakPair pair, SoakTally tally) {
        this.plan = plan;
        this.random = random;
        this.pair = pair;
        this.tally = tally;
        this.tables = RandomTables.of(plan.seed(), plan.source());
    }

    /** Runs it, in an empty folder. */
    static void run(long seed, boolean brief, Path folder, SoakTally tally) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        SoakPlan plan = SoakPlan.of(seed, random, brief);
        System.out.println("Soak: " + plan);
        try (SoakPair pair = SoakPair.start(plan, folder)) {
            SoakRound round = new SoakRound(plan, random, pair, tally);
            try {
                round.run();
            } catch (Exception | AssertionError failed) {
                throw new AssertionError(round.report(), failed);
            }
        }
    }

    private String report() {
        int from = Math.max(0, printed.size() - SHOWN_RUNS);
        return "%s%n%s%n%s%nlog of the source:%n%s%nlog of the destination:%n%s"
                .formatted(
                        plan,
                        String.join("; ", history),
                        String.join("\n", printed.subList(from, printed.size())),
                        pair.source().server().logTail(),
                        pair.destination().server().logTail());
    }

    private void run() throws Exception {
        fill();
        SoakEnding ending = SoakEnding.expecting(pair, plan);
        slowDown();
        try (WriteLoad load = load()) {
            while (faults < plan.faults()) {
                live(load);
            }
            copied = true;
            mend();
            load.stop();
        }
        lastRun("--until=caught-up");
        long rows = ending.requireEqual();
        cleanInVain();
        lastRun("--clean");
        ending.requireNothingLeft();
        tally.round(rows);
    }

    private void fill() throws SQLException {
        try (Connection source = pair.source().connect();
                Connection destination = pair.destination().connect()) {
            WriteLoad.createSchema(source, plan.source());
            execute(source, tables.create());
            if (!plan.makesSchema()) {
                WriteLoad.createSchema(destination, plan.source());
                execute(destination, tables.create());
            }
            WriteLoad.fill(source, plan.source(), plan.seed());
            execute(source, tables.fill());
        }
    }

    private static void execute(Connection connection, List<String> statements)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private WriteLoad load() {
        return WriteLoad.builder(plan.source(), plan.seed(), () -> pair.source().connect())
                .connections(plan.load().connections())
                .pauseMillis(plan.load().pauseMillis())
                .hugeTransaction(plan.load().huge())
                .truncates(plan.load().truncates())
                .tables(tables)
                .reconnects(true)
                .start();
    }

    /** One run of Warp, with what befalls it; ended by one thing or another. */
    private void live(WriteLoad load) throws Exception {
        @Nullable PlannedFault planned =
                random.nextInt(5) < 2 ? plannedFault(ALL[random.nextInt(ALL.length)]) : null;
        List<String> options = new ArrayList<>();
        if (planned != null) {
            options.add("-D" + PlannedFault.PROPERTY + "=" + planned);
        }
        if (plan.smallChunks()) {
            options.add("-D" + ChunkPlanner.BYTES_MAX_PROPERTY + "=100000");
        }
        int begun = history.size();
        history.add(planned == null ? "run" : "run with " + planned);
        tally.start();
        SoakPhase phase = SoakPhase.CHECKS;
        try (WarpChild warp = pair.warp(options)) {
            for (int i = random.nextInt(1, 10); i > 0 && warp.isAlive(); i--) {
                phase = awaitMoment(warp);
                if (warp.isAlive() && faults < plan.faults()) {
                    strike(warp, phase);
                }
                if (plan.definitions() && phase == SoakPhase.REPLICATE && random.nextInt(3) == 0) {
                    addColumn();
                }
            }
            end(warp, planned, phase);
            System.out.println("  " + String.join(", ", history.subList(begun, history.size())));
            printed.add("-- " + history.getLast() + "\n" + tail(warp));
        }
        mend();
        if (random.nextInt(4) == 0) {
            leaveTheSlotAlone(load, phase);
        }
        if (plan.staged() && random.nextBoolean()) {
            damageFile(phase);
        }
    }

    private PlannedFault plannedFault(FaultPoint point) {
        FaultPoint.Edge[] edges = FaultPoint.Edge.values();
        PlannedFault.Action[] actions = PlannedFault.Action.values();
        return new PlannedFault(
                point,
                edges[random.nextInt(edges.length)],
                random.nextInt(1, 4),
                actions[random.nextInt(actions.length)]);
    }

    /** Waits until a run is in a random phase or past it; tells the phase. */
    private SoakPhase awaitMoment(WarpChild warp) {
        SoakPhase wanted = WANTED.get(random.nextInt(WANTED.size()));
        Duration longest = impaired ? BAD_PATIENCE : GOOD_PATIENCE;
        long patience = System.nanoTime() + longest.toNanos();
        SoakPhase phase = pair.phase(warp);
        while (phase.compareTo(wanted) < 0 && System.nanoTime() < patience && warp.isAlive()) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            phase = pair.phase(warp);
        }
        if (phase == SoakPhase.REPLICATE && !copied) {
            copied = true;
            mend();
        }
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(250)).toNanos());
        return phase;
    }

    private void strike(WarpChild warp, SoakPhase phase) throws Exception {
        SoakFault[] all = SoakFault.values();
        SoakFault fault = all[random.nextInt(all.length)];
        happened(fault.name(), phase);
        fault.strike(pair, warp, random);
        impaired = random.nextInt(3) == 0;
        if (!impaired) {
            mend();
        }
    }

    /** Where the source is there and lets it. */
    private void addColumn() {
        String statement = tables.addColumn(random, ++columns);
        try (Connection source = pair.source().connect()) {
            execute(source, List.of("SET lock_timeout = '2s'", statement));
            history.add("column " + columns + " added");
        } catch (SQLException refused) {
            history.add("column %d not added (%s)".formatted(columns, refused.getSQLState()));
        }
    }

    private void mend() {
        impaired = false;
        pair.source().mend();
        pair.destination().mend();
        slowDown();
    }

    /** So that a copy lasts long enough for something to happen. */
    private void slowDown() {
        if (!copied) {
            pair.source().network().throttle(plan.bytesPerSecond());
            pair.destination().network().throttle(plan.bytesPerSecond());
        }
    }

    private void happened(String kind, SoakPhase phase) {
        faults++;
        tally.fault(kind, phase);
        history.add(kind + " in " + phase);
    }

    /** Ends a run that goes on; one that has ended must have had a reason. */
    private void end(WarpChild warp, @Nullable PlannedFault planned, SoakPhase phase) {
        if (planned != null && warp.isAlive() && random.nextBoolean()) {
            warp.survives(random.nextInt(3_000));
        }
        int code;
        if (!warp.isAlive()) {
            code = warp.exitCode(PATIENCE);
        } else if (random.nextInt(3) > 0) {
            happened("WARP_KILLED", phase);
            warp.kill();
            code = 137;
        } else {
            String signal = random.nextBoolean() ? "TERM" : "INT";
            happened("WARP_SIGNALLED", phase);
            mend();
            warp.signal(signal);
            code = warp.exitCode(PATIENCE);
        }
        history.add("ended with " + code);
        if (planned != null && isDue(warp, planned, code)) {
            happened("POINT_" + planned.action(), phase);
        }
        requireReason(warp, planned, code);
    }

    private static boolean isDue(WarpChild warp, PlannedFault planned, int code) {
        return code == PlannedFault.HALTED
                || (planned.action() == PlannedFault.Action.DEFECT
                        && code == ExitCode.DEFECT.number())
                || warp.toString().contains("a planned fault");
    }

    private static void requireReason(WarpChild warp, @Nullable PlannedFault planned, int code) {
        List<Integer> expected =
                new ArrayList<>(
                        List.of(
                                ExitCode.UNREACHABLE.number(),
                                ExitCode.INTERRUPTED.number(),
                                ExitCode.TERMINATED.number(),
                                137));
        if (planned != null && planned.action() == PlannedFault.Action.HALT) {
            expected.add(PlannedFault.HALTED);
        } else if (planned != null && planned.action() == PlannedFault.Action.DEFECT) {
            expected.add(ExitCode.DEFECT.number());
        }
        assertThat(code).as(warp.toString()).isIn(expected);
    }

    /** A bit of one of the files has changed, or the file is cut off or gone. */
    private void damageFile(SoakPhase phase) throws IOException {
        Path files = pair.folder().resolve("files").resolve(SoakPair.SLOT);
        if (!Files.isDirectory(files)) {
            return;
        }
        List<Path> rows;
        try (Stream<Path> all = Files.list(files)) {
            rows = all.filter(file -> file.toString().endsWith(".rows")).sorted().toList();
        }
        if (rows.isEmpty()) {
            return;
        }
        Path file = rows.get(random.nextInt(rows.size()));
        byte[] content = Files.readAllBytes(file);
        int at = random.nextInt(Math.max(1, content.length));
        switch (random.nextInt(3)) {
            case 0 -> Files.delete(file);
            case 1 -> Files.write(file, Arrays.copyOf(content, at));
            default -> {
                content[at] ^= 4;
                Files.write(file, content);
            }
        }
        happened("FILE_DAMAGED", phase);
    }

    /** Nobody reads the slot while the source goes on writing. */
    private void leaveTheSlotAlone(WriteLoad load, SoakPhase phase) throws SQLException {
        long enough = load.commits() + random.nextInt(10, 200);
        long patience = System.nanoTime() + GOOD_PATIENCE.toNanos();
        while (load.commits() < enough && System.nanoTime() < patience) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        pair.source().rows("SELECT 1 FROM pg_switch_" + wal() + "()");
        try (Connection connection = pair.source().connect()) {
            execute(connection, List.of("CHECKPOINT"));
        }
        happened("SLOT_LEFT_ALONE", phase);
    }

    private String wal() {
        return SoakPlan.number(plan.source()) >= 10 ? "wal" : "xlog";
    }

    /** Cleaning is cut short, once or not at all. */
    private void cleanInVain() {
        if (random.nextBoolean()) {
            return;
        }
        PlannedFault planned = plannedFault(CLEANING[random.nextInt(CLEANING.length)]);
        history.add("clean with " + planned);
        tally.start();
        try (WarpChild warp =
                pair.warp(List.of("-D" + PlannedFault.PROPERTY + "=" + planned), "--clean")) {
            int code = awaitEnd(warp);
            printed.add("-- clean\n" + tail(warp));
            if (isDue(warp, planned, code)) {
                happened("POINT_" + planned.action(), SoakPhase.CLEAN);
            }
            if (code != 0) {
                requireReason(warp, planned, code);
            }
        }
    }

    /** Now that nothing fails any more it has to come to its end. */
    private void lastRun(String what) {
        for (int attempt = 1; ; attempt++) {
            tally.start();
            history.add(what);
            try (WarpChild warp = pair.warp(List.of(), what)) {
                int code = awaitEnd(warp);
                printed.add("-- " + what + "\n" + tail(warp));
                if (code == 0) {
                    return;
                }
                // A server may still be busy with what it was left with.
                boolean again =
                        code == ExitCode.UNREACHABLE.number() && attempt < LAST_ATTEMPTS_MAX;
                assertThat(again).as("code " + code + "\n" + warp).isTrue();
            }
        }
    }

    private static int awaitEnd(WarpChild warp) {
        if (warp.survives(PATIENCE.toMillis())) {
            warp.signal("QUIT"); // where all its threads are
            warp.survives(1_000);
            throw new AssertionError("does not end:\n" + warp);
        }
        return warp.exitCode(PATIENCE);
    }

    private static String tail(WarpChild warp) {
        List<String> lines = warp.toString().lines().toList();
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }
}
