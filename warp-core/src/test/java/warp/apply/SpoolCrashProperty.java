package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.postgres.SourceCatalog;
import warp.postgres.wire.FrameSource;
import warp.progress.Progress;
import warp.sandbox.PostgresServer;
import warp.spool.Spool;
import warp.spool.SpoolDrain;
import warp.spool.SpoolIdentity;
import warp.spool.SpoolLimits;
import warp.spool.SpooledFrames;
import warp.stream.ChangeReader;
import warp.testing.Seed;

/**
 * A slot is drained into a spool of tiny files and both are applied, each cut at random moments;
 * the next one goes on. At every moment what the slot was told is at the destination or in the
 * spool, and in the end nothing is lost and nothing was applied twice.
 */
class SpoolCrashProperty {

    private static final int ROUNDS = 4;
    private static final int TRANSACTIONS = 80;
    private static final int DRAINS = 4;
    private static final int CUTS = 5;
    private static final SpoolLimits TINY = new SpoolLimits(Long.MAX_VALUE, 4000, 1000);

    private final long seed = Seed.of(SpoolCrashProperty.class);
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void drainedAndAppliedWithCutsAtAnyMoment_nothingIsLostOrDoubled(String version)
            throws Exception {
        try (PostgresServer server = PostgresServer.start(version);
                LiveTables live =
                        new LiveTables(
                                server,
                                server,
                                "CREATE TABLE keyed (id int PRIMARY KEY, n bigint, t text)",
                                "CREATE TABLE counted (id int PRIMARY KEY, hits bigint)",
                                "CREATE TABLE bag (v int, t text)",
                                "ALTER TABLE bag REPLICA IDENTITY FULL")) {
            live.atSource("INSERT INTO counted SELECT g, 0 FROM generate_series(1, 20) g");
            for (int round = 0; round < ROUNDS; round++) {
                for (int drain = 0; drain < DRAINS; drain++) {
                    write(live);
                    drain(live, round);
                    agrees(live, round);
                }
                write(live);
                for (int cut = 0; cut < CUTS; cut++) {
                    apply(live, round, true);
                    agrees(live, round);
                }
                apply(live, round, false);
                agrees(live, round);
                assertThat(live.compare().differences()).as("seed %d", seed).isEmpty();
                open(live, round).ifPresent(Spool::remove);
            }
        }
    }

    /** A new spool each round, as each migration has its own. */
    private SpoolIdentity identity(LiveTables live, int round) {
        return new SpoolIdentity("r" + round, "7123", "live", LiveTables.SLOT, live.plugin());
    }

    private Optional<Spool> open(LiveTables live, int round) {
        return Spool.open(
                folder.resolve(LiveTables.SLOT + ".r" + round),
                identity(live, round),
                new Progress());
    }

    private void agrees(LiveTables live, int round) {
        live.awaitFreeSlot();
        Lsn confirmed = live.confirmed();
        Lsn applied = live.progressAtDestination();
        if (confirmed.isAfter(applied)) {
            try (Spool spool = open(live, round).orElseThrow()) {
                assertThat(spool.start()).as("seed %d", seed).isLessThanOrEqualTo(applied);
                assertThat(spool.end()).as("seed %d", seed).isGreaterThanOrEqualTo(confirmed);
            }
        }
    }

    private void drain(LiveTables live, int round) throws InterruptedException {
        Spool spool =
                open(live, round)
                        .orElseGet(() ->
                                Spool.create(
                                        folder,
                                        identity(live, round),
                                        live.progressAtDestination(),
                                        new Progress()));
        SpoolDrain drain = new SpoolDrain(spool, TINY, new Progress());
        AtomicReference<@Nullable FrameSource> stream = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread draining = Thread.ofPlatform().unstarted(() -> run(live, drain, stream));
        draining.setUncaughtExceptionHandler((_, problem) -> failure.set(problem));
        draining.start();
        LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(1500)));
        FrameSource open = stream.get();
        if (random.nextBoolean() && open != null) {
            open.abort(); // As when the connection is lost, or Warp dies.
        } else {
            drain.stop();
        }
        draining.join();
        drain.close();
        spool.close();
        assertThat(failure.get()).as("seed %d", seed).isNull();
    }

    private static void run(
            LiveTables live, SpoolDrain drain, AtomicReference<@Nullable FrameSource> stream) {
        try {
            drain.run(from -> {
                FrameSource opened = live.frames(from);
                stream.set(opened);
                return opened;
            });
        } catch (WarpException cut) {
            if (cut.code() != ErrorCode.CONNECTION) {
                throw cut;
            }
        }
    }

    private void apply(LiveTables live, int round, boolean cut) throws InterruptedException {
        long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(400));
        Optional<Spool> spool = open(live, round);
        new SourceCatalog(live.source()).heartbeat();
        Lsn target = live.sourceEnd();
        try (Applier applier =
                        new Applier(
                                live.connector(),
                                live.plan(new BatchLimits(1 + random.nextInt(40), 20)),
                                live.progress);
                ChangeReader reader = reader(live, spool, applier.startAfter())) {
            if (cut) {
                Thread.startVirtualThread(() -> {
                    LockSupport.parkNanos(nanos);
                    applier.abort();
                });
            }
            long begun = System.nanoTime();
            while (applier.applied().isBefore(target)) {
                List<ChangeEvent> events = reader.take(java.time.Duration.ofMillis(20));
                events.forEach(applier::apply);
                if (events.isEmpty()) {
                    applier.idle();
                    new SourceCatalog(live.source()).heartbeat();
                }
                reader.acknowledge(applier.durable());
                if (System.nanoTime() - begun > TimeUnit.MINUTES.toNanos(2)) {
                    throw new AssertionError("seed %d: not applied".formatted(seed));
                }
            }
            applier.settle();
            reader.acknowledge(applier.durable());
        } catch (WarpException problem) {
            assertThat(cut).as("seed %d: %s", seed, problem.report()).isTrue();
            assertThat(problem.code())
                    .as("seed %d: %s", seed, problem.report())
                    .isIn(ErrorCode.CONNECTION, ErrorCode.TRANSIENT);
        } finally {
            spool.ifPresent(Spool::close);
        }
    }

    private static ChangeReader reader(LiveTables live, Optional<Spool> spool, Lsn from) {
        FrameSource frames =
                spool.isPresent() && spool.get().end().isAfter(from)
                        ? new SpooledFrames(spool.get(), from, live::frames)
                        : live.frames(from);
        return ChangeReader.start(frames, live.decoder(), from, 1 << 20, live.progress);
    }

    private void write(LiveTables live) throws Exception {
        List<String> history = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS / DRAINS; i++) {
            StringBuilder transaction = new StringBuilder("BEGIN;");
            int statements = 1 + random.nextInt(6);
            for (int k = 0; k < statements; k++) {
                transaction.append(statement()).append(';');
            }
            history.add(
                    transaction.append(random.nextInt(8) == 0 ? "ROLLBACK" : "COMMIT").toString());
        }
        live.atSource(history.toArray(String[]::new));
    }

    private String statement() {
        int id = random.nextInt(200);
        int v = random.nextInt(5);
        return switch (random.nextInt(7)) {
            case 0, 1 ->
                    ("INSERT INTO keyed VALUES (%d, %d, repeat('x', %d))"
                                    + " ON CONFLICT (id) DO UPDATE SET n = keyed.n + 1")
                            .formatted(id, v, random.nextInt(2000));
            case 2 -> "DELETE FROM keyed WHERE id = " + id;
            case 3, 4 -> "UPDATE counted SET hits = hits + 1 WHERE id % 5 = " + v;
            case 5 -> "INSERT INTO bag VALUES (%d, 't'), (%d, NULL)".formatted(v, v);
            default ->
                    "DELETE FROM bag WHERE ctid = (SELECT ctid FROM bag WHERE v = %d LIMIT 1)"
                            .formatted(v);
        };
    }
}
