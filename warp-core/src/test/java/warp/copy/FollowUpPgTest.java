package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TablePair;
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
}
