package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.sandbox.PostgresServer;

/**
 * Whatever moment the applier dies at, the next one goes on where the destination is: nothing is
 * lost and nothing is applied twice. Random histories, random cuts; set {@code WARP_SEED} to
 * replay.
 */
class CrashProperty {

    private static final int HISTORIES = 3;
    private static final int TRANSACTIONS = 300;
    private static final int CUTS = 25;

    private final long seed = seed();
    private final Random random = new Random(seed);

    private static long seed() {
        String given = System.getenv("WARP_SEED");
        return given == null ? System.nanoTime() : Long.parseLong(given);
    }

    @Test
    void applierCutAtAnyMoment_goesOnWithoutLossOrDoubling() throws Exception {
        try (PostgresServer server = PostgresServer.start("18")) {
            for (int history = 0; history < HISTORIES; history++) {
                try (LiveTables live =
                        new LiveTables(
                                server,
                                server,
                                "CREATE TABLE keyed (id int PRIMARY KEY, n bigint, t text)",
                                "CREATE TABLE counted (id int PRIMARY KEY, hits bigint)",
                                "CREATE TABLE bag (v int, t text)",
                                "ALTER TABLE bag REPLICA IDENTITY FULL")) {
                    writeHistory(live);
                    List<ChangeEvent> events = live.record();
                    for (int cut = 0; cut < CUTS; cut++) {
                        applyUntilCut(live, events);
                    }
                    applyAll(live, events);
                    assertThat(live.compare().differences()).as("seed %d", seed).isEmpty();
                }
            }
        }
    }

    private void applyUntilCut(LiveTables live, List<ChangeEvent> events) {
        Lsn before = live.progressAtDestination();
        int stopAt = random.nextInt(events.size());
        boolean fromOutside = random.nextBoolean();
        try (Applier applier = applier(live)) {
            if (fromOutside) {
                cutLater(applier);
            }
            for (ChangeEvent event : events.subList(0, fromOutside ? events.size() : stopAt)) {
                applier.apply(event);
                if (random.nextInt(50) == 0) {
                    applier.idle();
                    assertThat(applier.durable()).isLessThanOrEqualTo(applier.applied());
                }
            }
        } catch (WarpException cut) {
            // The statement under way is cancelled before the connection is cut.
            assertThat(cut.code())
                    .as("seed %d: %s", seed, cut.report())
                    .isIn(ErrorCode.CONNECTION, ErrorCode.TRANSIENT);
        }
        assertThat(live.progressAtDestination()).isGreaterThanOrEqualTo(before);
    }

    private void cutLater(Applier applier) {
        long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(40));
        Thread.startVirtualThread(() -> {
            LockSupport.parkNanos(nanos);
            applier.abort();
        });
    }

    private Applier applier(LiveTables live) {
        BatchLimits limits = new BatchLimits(1 + random.nextInt(40), 1 + random.nextInt(20));
        return new Applier(live.connector(), live.plan(limits), live.progress);
    }

    private void applyAll(LiveTables live, List<ChangeEvent> events) {
        try (Applier applier = applier(live)) {
            events.forEach(applier::apply);
            applier.settle();
            assertThat(applier.durable()).isEqualTo(applier.applied());
        }
    }

    /** Counters make a doubled UPDATE visible, rows without a key a doubled INSERT or DELETE. */
    private void writeHistory(LiveTables live) throws Exception {
        List<String> history = new ArrayList<>();
        history.add("INSERT INTO counted SELECT g, 0 FROM generate_series(1, 20) g");
        for (int i = 0; i < TRANSACTIONS; i++) {
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
        return switch (random.nextInt(9)) {
            case 0, 1 ->
                    ("INSERT INTO keyed VALUES (%d, %d, 'x')"
                                    + " ON CONFLICT (id) DO UPDATE SET n = keyed.n + 1")
                            .formatted(id, v);
            case 2 -> "DELETE FROM keyed WHERE id = " + id;
            case 3 ->
                    ("UPDATE keyed SET id = id + 1000 WHERE id = %1$d"
                                    + " AND NOT EXISTS (SELECT FROM keyed WHERE id = %1$d + 1000)")
                            .formatted(id);
            case 4 -> "UPDATE counted SET hits = hits + 1 WHERE id % 5 = " + v;
            case 5, 6 -> "INSERT INTO bag VALUES (%d, 't'), (%d, NULL)".formatted(v, v);
            case 7 ->
                    "DELETE FROM bag WHERE ctid = (SELECT ctid FROM bag WHERE v = %d LIMIT 1)"
                            .formatted(v);
            default ->
                    random.nextInt(20) == 0
                            ? "TRUNCATE bag"
                            : "UPDATE bag SET t = 'u' WHERE v = " + v;
        };
    }
}
