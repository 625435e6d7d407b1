package warp.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import warp.apply.LiveTables;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.postgres.SourceCatalog;
import warp.sandbox.PostgresServer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangeReaderPgTest {

    private static final Duration TAKE = Duration.ofMillis(100);
    private static final long DEADLINE_NANOS = Duration.ofMinutes(1).toNanos();

    private @Nullable PostgresServer server;

    @BeforeAll
    void start() {
        server = PostgresServer.builder("18").setting("wal_sender_timeout", "3s").start();
    }

    @AfterAll
    void stop() {
        requireNonNull(server).close();
    }

    private LiveTables live() throws Exception {
        return new LiveTables(
                requireNonNull(server),
                requireNonNull(server),
                "CREATE TABLE t (id int PRIMARY KEY, v text)");
    }

    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    private static void await(LiveTables live, Condition condition) throws InterruptedException {
        long begun = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begun > DEADLINE_NANOS) {
                throw new AssertionError("it did not come true in time");
            }
            live.source().query("SELECT pg_sleep(0.02)::text");
        }
    }

    @Test
    void nobodyTakes_boundsTheQueueAndKeepsTheWalsenderAlive() throws Exception {
        long bytesMax = 1024 * 1024;
        try (LiveTables live = live()) {
            live.atSource(
                    "INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(1, 50000) g");
            ChangeReader reader = live.reader(live.progressAtDestination(), bytesMax);
            await(live, () -> live.progress.queuedBytes.get() > bytesMax / 2);
            // More than twice the time after which a walsender that hears nothing gives up.
            live.source().query("SELECT pg_sleep(7)::text");
            assertThat(live.progress.queuedBytes.get()).isLessThanOrEqualTo(bytesMax);

            long rows = 0;
            boolean committed = false;
            while (!committed) {
                for (ChangeEvent event : reader.take(Duration.ofSeconds(30))) {
                    rows += event instanceof ChangeEvent.Insert ? 1 : 0;
                    committed |= event instanceof ChangeEvent.Commit;
                }
            }
            assertThat(rows).isEqualTo(50_000);
            assertThat(live.progress.queuedBytes.get()).isLessThanOrEqualTo(bytesMax);
        }
    }

    @Test
    void acknowledgement_movesTheSlotAndNeverBack() throws Exception {
        try (LiveTables live = live()) {
            Lsn start = live.progressAtDestination();
            ChangeReader reader = live.reader(start);
            live.atSource("INSERT INTO t VALUES (1, 'x')");
            Lsn end = commitEnd(reader);

            reader.acknowledge(end);
            reader.acknowledge(start);
            await(live, () -> confirmed(live).equals(end));
            assertThat(live.progress.acknowledged()).isEqualTo(end);
            assertThat(live.progress.sourceEnd()).isGreaterThanOrEqualTo(end);
        }
    }

    private static Lsn commitEnd(ChangeReader reader) throws InterruptedException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < DEADLINE_NANOS) {
            for (ChangeEvent event : reader.take(TAKE)) {
                if (event instanceof ChangeEvent.Commit commit) {
                    return commit.endLsn();
                }
            }
        }
        throw new AssertionError("no commit came");
    }

    private static Lsn confirmed(LiveTables live) {
        return new SourceCatalog(live.source()).slot(LiveTables.SLOT).orElseThrow().confirmed();
    }

    @Test
    void nothingAcknowledged_leavesTheSlotWhereItWas() throws Exception {
        try (LiveTables live = live()) {
            Lsn before = confirmed(live);
            ChangeReader reader = live.reader(live.progressAtDestination());
            live.atSource("INSERT INTO t VALUES (1, 'x')");
            commitEnd(reader);
            live.source().query("SELECT pg_sleep(1.5)::text");
            assertThat(confirmed(live)).isEqualTo(before);
        }
    }

    @Test
    void walsenderKilled_surfacesAsALostConnectionAfterWhatWasRead() throws Exception {
        try (LiveTables live = live()) {
            ChangeReader reader = live.reader(live.progressAtDestination());
            live.atSource("INSERT INTO t VALUES (1, 'x')");
            await(live, () -> !reader.isEmpty());
            live.source()
                    .query(
                            "SELECT pg_terminate_backend(active_pid) AS done FROM"
                                    + " pg_replication_slots WHERE slot_name = ?",
                            LiveTables.SLOT);
            assertThatThrownBy(() -> takeForEver(reader))
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION));
        }
    }

    private static void takeForEver(ChangeReader reader) throws InterruptedException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < DEADLINE_NANOS) {
            List<ChangeEvent> events = reader.take(TAKE);
            assertThat(events).isNotNull();
        }
    }

    @Test
    void slotThatDoesNotExist_isRefusedByTheServersWords() throws Exception {
        try (LiveTables live = live()) {
            new SourceCatalog(live.source()).dropSlot(LiveTables.SLOT);
            assertThatThrownBy(() -> live.reader(Lsn.NONE))
                    .isInstanceOf(WarpException.class)
                    .hasMessageContaining("does not exist");
            live.source()
                    .query(
                            "SELECT pg_create_logical_replication_slot(?, 'pgoutput')::text",
                            LiveTables.SLOT);
        }
    }
}
