package warp.apply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import warp.model.ChangeEvent;
import warp.sandbox.PostgresServer;

/** Sets one behind the other, of which one cannot be applied: every transaction is there once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SetModePgTest {

    private static final int TRANSACTIONS_OF_SET = 2;
    private static final int ROWS = 100;

    /** Two rows exchange a unique value, which no order of single statements can do. */
    private static final String EXCHANGE =
            "BEGIN; UPDATE u SET v = NULL WHERE id = 1; UPDATE u SET v = 1 WHERE id = 2;"
                    + " UPDATE u SET v = 2 WHERE id = 1; COMMIT";

    private @Nullable PostgresServer server;

    @BeforeAll
    void start() {
        server = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        requireNonNull(server).close();
    }

    private LiveTables live() throws Exception {
        LiveTables live =
                new LiveTables(
                        requireNonNull(server),
                        requireNonNull(server),
                        "CREATE TABLE t (id int PRIMARY KEY, n bigint)",
                        "CREATE TABLE u (id int PRIMARY KEY, v int UNIQUE)");
        live.atSource(
                "INSERT INTO t SELECT g, 0 FROM generate_series(1, %d) g".formatted(ROWS),
                "INSERT INTO u VALUES (1, 1), (2, 2)");
        live.applyInOrder();
        return live;
    }

    /** So many transactions, of which each counts every row of {@code t} up. */
    private static List<String> counting(int transactions) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < transactions; i++) {
            statements.add("UPDATE t SET n = n + 1");
        }
        return statements;
    }

    private static Applier applier(LiveTables live, LongSupplier nanoTime) {
        return new Applier(
                live.connector(),
                live.plan(new BatchLimits(100_000, 500)),
                live.progress,
                nanoTime,
                new SetLimits(TRANSACTIONS_OF_SET, 20_000, 6 << 20, ROWS, 0));
    }

    /** Applies in sets of two transactions; what was applied as sets, and what was refused. */
    private static List<Long> apply(LiveTables live, List<String> statements) throws Exception {
        live.atSource(statements.toArray(String[]::new));
        List<ChangeEvent> events = live.record();
        long before = live.progress.updates.sum();
        try (Applier applier = applier(live, System::nanoTime)) {
            applier.backlog(Long.MAX_VALUE);
            events.forEach(applier::apply);
            applier.settle();
            assertThat(live.compare().differences()).isEmpty();
            assertThat(live.progress.updates.sum() - before)
                    .isEqualTo(
                            events.stream().filter(ChangeEvent.Update.class::isInstance).count());
            return List.of(applier.setsApplied(), applier.setsRefused());
        }
    }

    @Test
    void setsThatFit_areAllApplied() throws Exception {
        try (LiveTables live = live()) {
            assertThat(apply(live, counting(8))).containsExactly(4L, 0L);
        }
    }

    /** The next has been put into the pipeline when the answer comes. */
    @Test
    void whereTheFirstIsRefused_theNextIsAppliedInOrderAsWell() throws Exception {
        try (LiveTables live = live()) {
            List<String> statements = counting(7);
            statements.addFirst(EXCHANGE);
            assertThat(apply(live, statements)).containsExactly(2L, 1L);
        }
    }

    @Test
    void whereALaterOneIsRefused_theOneBeforeStays() throws Exception {
        try (LiveTables live = live()) {
            List<String> statements = counting(7);
            statements.add(2, EXCHANGE);
            assertThat(apply(live, statements)).containsExactly(2L, 1L);
        }
    }

    @Test
    void whereTheLastIsRefused_itIsAppliedInOrder() throws Exception {
        try (LiveTables live = live()) {
            List<String> statements = counting(7);
            statements.add(EXCHANGE);
            assertThat(apply(live, statements)).containsExactly(3L, 1L);
        }
    }

    /** A source that is nearly caught up with, and never ceases, need not fill a set. */
    @Test
    void nearlyCaughtUp_whatIsCollectedDoesNotWaitLongForMore() throws Exception {
        for (long waited : List.of(0L, 1L)) {
            AtomicLong clock = new AtomicLong();
            try (LiveTables live = live()) {
                live.atSource(counting(1).toArray(String[]::new));
                List<ChangeEvent> events = live.record();
                int last = events.size() - 1;
                while (!(events.get(last) instanceof ChangeEvent.Begin)) {
                    last--;
                }
                try (Applier applier = applier(live, clock::get)) {
                    events.subList(0, last).forEach(applier::apply); // applied before
                    applier.backlog(Long.MAX_VALUE);
                    applier.apply(events.get(last));
                    applier.backlog(0);
                    clock.addAndGet(TimeUnit.SECONDS.toNanos(waited));
                    events.subList(last + 1, events.size()).forEach(applier::apply);
                    assertThat(applier.isCollecting()).isEqualTo(waited == 0);
                    applier.settle();
                    assertThat(applier.setsApplied()).isEqualTo(1);
                    assertThat(live.compare().differences()).isEmpty();
                }
            }
        }
    }
}
