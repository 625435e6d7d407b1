package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.TablePair;
import warp.sandbox.PostgresServer;

/** Tables that are too many to be locked all the time. */
@Timeout(180)
class ManyTablesPgTest {

    private static final int TABLES = 850;
    private static final int WORKERS = 2;

    private static PostgresServer source;
    private static PostgresServer destination;

    @BeforeAll
    static void startServers() {
        source = PostgresServer.start("18");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stopServers() {
        source.close();
        destination.close();
    }

    private static int locksAtSource(CopyScene scene) {
        return Integer.parseInt(
                scene.sourceLines(
                                "SELECT count(*) AS line FROM pg_locks l JOIN pg_stat_activity a"
                                        + " USING (pid) WHERE a.application_name = '"
                                        + CopyScene.APPLICATION
                                        + "' AND l.relation >= 16384")
                        .getFirst());
    }

    @Test
    void locksAreLetGo_whenTheirTableIsCopied() throws SQLException {
        try (CopyScene scene = scene("many")) {
            List<TablePair> pairs = scene.pairs();
            ConcurrentSkipListSet<Integer> held = new ConcurrentSkipListSet<>();
            FollowUp counting = CopyScene.each(_ -> held.add(locksAtSource(scene)));

            scene.run(scene.copier(pairs, CopyScene.whole(pairs), WORKERS, counting));

            assertThat(scene.compare().differences()).isEmpty();
            assertThat(held).isNotEmpty();
            assertThat(held.last())
                    .isLessThanOrEqualTo((TogetherCopy.tablesMax(WORKERS) + 2) * WORKERS);
        }
    }

    @Test
    void tableThatAnotherReplaced_isNoticedWhenItsTurnComes() throws SQLException {
        try (CopyScene scene = scene("replaced")) {
            List<TablePair> pairs = scene.pairs();
            scene.takeSnapshot();
            scene.atSource("TRUNCATE t7");
            Copier copier = scene.copier(pairs, CopyScene.whole(pairs), WORKERS, FollowUp.NONE);

            assertNeedsAnotherSnapshot(scene, copier, "t7");
        }
        try (CopyScene scene = scene("replaced_2")) {
            List<TablePair> pairs = scene.pairs();
            scene.takeSnapshot();
            scene.atSource("DROP TABLE t8", "CREATE TABLE t8 (a int)");
            Copier copier = scene.copier(pairs, CopyScene.whole(pairs), WORKERS, FollowUp.NONE);

            assertNeedsAnotherSnapshot(scene, copier, "t8");
        }
    }

    private static void assertNeedsAnotherSnapshot(CopyScene scene, Copier copier, String table) {
        WarpException problem = catchThrowableOfType(WarpException.class, () -> scene.run(copier));
        assertThat(problem.code()).isEqualTo(ErrorCode.TRANSIENT);
        assertThat(problem.side()).contains(Side.SOURCE);
        assertThat(problem.report())
                .contains("truncated or rewritten since the snapshot: public." + table);
    }

    private static CopyScene scene(String database) throws SQLException {
        CopyScene scene = CopyScene.between(source, destination, database);
        scene.atBoth(
                "DO $$ BEGIN FOR i IN 1.."
                        + TABLES
                        + " LOOP EXECUTE format('CREATE TABLE t%s (a int)', i); END LOOP; END $$");
        scene.atSource(
                "DO $$ BEGIN FOR i IN 1.."
                        + TABLES
                        + " LOOP EXECUTE format('INSERT INTO t%s VALUES (%s)', i, i); END LOOP; END"
                        + " $$");
        return scene;
    }
}
