package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.sandbox.PostgresServer;

/** What follows a table that is copied. */
class FollowUpPgTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer source;

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer destination;

    @BeforeAll
    static void start() {
        source = PostgresServer.start("18");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stop() {
        source.close();
        destination.close();
    }

    private static CopyScene scene() throws SQLException {
        return CopyScene.between(source, destination, "follow_" + DATABASES.incrementAndGet());
    }

    @Test
    void chunksThatAreMarked_areNotCopiedAgainButFollowedUp() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atBoth("CREATE TABLE t (a int)", "CREATE TABLE u (a int)");
            scene.atSource("INSERT INTO t VALUES (1)", "INSERT INTO u VALUES (1)");
            scene.copyWhole();
            List<TablePair> pairs = scene.pairs();
            var followed = new ConcurrentLinkedQueue<String>();

            scene.run(
                    scene.copier(
                            pairs,
                            CopyScene.whole(pairs),
                            2,
                            CopyScene.each(pair -> followed.add(pair.name().name()))));

            assertThat(followed).containsExactlyInAnyOrder("t", "u");
            assertThat(scene.destinationLines("SELECT a AS line FROM public.t"))
                    .containsExactly("1");
        }
    }

    @Test
    void followUp_runsWhenItsTableIsCommitted() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atBoth("CREATE TABLE t (a int)", "CREATE TABLE u (a int)");
            scene.atSource("INSERT INTO t SELECT generate_series(1, 5)");
            List<TablePair> pairs = scene.pairs();
            var seen = new ConcurrentLinkedQueue<String>();

            scene.run(
                    scene.copier(
                            pairs,
                            CopyScene.whole(pairs),
                            2,
                            CopyScene.each(pair -> seen.addAll(rowsOf(scene, pair)))));

            assertThat(seen).containsExactlyInAnyOrder("5", "0");
        }
    }

    private static List<String> rowsOf(CopyScene scene, TablePair pair) {
        return scene.destinationLines("SELECT count(*) AS line FROM public." + pair.name().name());
    }

    @Test
    void followUpThatFails_endsTheCopy() throws SQLException {
        try (CopyScene scene = scene()) {
            scene.atBoth("CREATE TABLE t (a int)");
            List<TablePair> pairs = scene.pairs();
            WarpException failure = new WarpException(ErrorCode.STATEMENT, "no index");

            Copier copier =
                    scene.copier(
                            pairs,
                            CopyScene.whole(pairs),
                            2,
                            _ ->
                                    List.of(() -> {
                                        throw failure;
                                    }));

            assertThatThrownBy(() -> scene.run(copier)).isSameAs(failure);
        }
    }

    @Test
    @Timeout(120)
    void besideALargeTable_smallOnesAreCopiedAndFollowed_whileTheNextLargeOneWaits()
            throws Exception {
        try (CopyScene scene = scene();
                Connection other = destination.connect(scene.database());
                var thread = Executors.newSingleThreadExecutor()) {
            for (String table : List.of("first", "second", "little")) {
                scene.atBoth("CREATE TABLE " + table + " (a int)");
                scene.atSource("INSERT INTO " + table + " SELECT generate_series(1, 5)");
            }
            other.setAutoCommit(false);
            List<TablePair> pairs = scene.pairs();
            lock(other, "first");
            var littleIsThere = new CountDownLatch(1);
            var atTheEnd = new CyclicBarrier(2);
            FollowUp followUp =
                    copied ->
                            switch (copied.getFirst().name().name()) {
                                case "little" -> List.of(littleIsThere::countDown);
                                case "second" ->
                                        Collections.nCopies(2, () -> awaitEnd(scene, atTheEnd));
                                default -> List.of();
                            };
            Copier copier =
                    scene.copierOfOneLarge(
                            pairs,
                            List.of(chunk("first", 64), chunk("second", 32), chunk("little", 0)),
                            followUp);

            Future<?> run = thread.submit(() -> scene.run(copier));
            littleIsThere.await();
            assertThat(scene.tableState("second")).startsWith("PLANNED");
            assertThat(run).isNotDone();
            other.rollback();
            run.get();

            assertThat(scene.compare().differences()).isEmpty();
        }
    }

    /** As if it had so many MB. */
    private static Chunk chunk(String table, long megabytes) {
        return new Chunk(
                new TableName("public", table), 0, Optional.empty(), megabytes * QueuedJobs.MB);
    }

    /** So that it can be looked at, but not be filled. */
    private static void lock(Connection session, String table) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN ROW EXCLUSIVE MODE");
        }
    }

    /**
     * Both workers are here, also the one that waited for the last large table with sessions open.
     */
    private static void awaitEnd(CopyScene scene, CyclicBarrier both) {
        try {
            both.await(60, TimeUnit.SECONDS);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!openSessions(scene).equals("0")) {
                assertThat(System.nanoTime()).as("sessions left").isLessThan(deadline);
                Thread.sleep(10);
            }
            both.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private static String openSessions(CopyScene scene) {
        return scene.sourceLines(
                        "SELECT count(*) AS line FROM pg_stat_activity WHERE application_name = '"
                                + CopyScene.APPLICATION
                                + "' AND state = 'idle in transaction' AND datname ="
                                + " current_database()")
                .getFirst();
    }
}
