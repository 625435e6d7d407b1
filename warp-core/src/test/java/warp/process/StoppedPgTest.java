package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C and SIGTERM end soon in every phase and say how to go on; the same command goes on. */
class StoppedPgTest {

    /** "Soon", with room for a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String HOW_TO_GO_ON = "Stopped. Run the same command again to go on.";

    private static ProcessPair servers;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        servers = new ProcessPair();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Test
    void inReplication_ctrlCThenSigterm_resumeExactly() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (WarpChild warp = moved.warp("--yes")) {
            warp.awaitLine("Started replication");
            insert(moved, 20_001);
            moved.await(moved.destination(), "SELECT count(*) = 10001 FROM public.gated");
            endsSoon(warp, "INT", 130);
        }
        insert(moved, 20_002);
        try (WarpChild warp = moved.warp()) {
            moved.await(moved.destination(), "SELECT count(*) = 10002 FROM public.gated");
            endsSoon(warp, "TERM", 143);
        }
        insert(moved, 20_003);
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    @Test
    void inReplicationWhileTheDestinationWaitsForALock_endsSoonAndResumes() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (WarpChild warp = moved.warp("--yes")) {
            warp.awaitLine("Started replication");
            try (Connection gate = moved.shut(MovedDatabase.COPY)) {
                insert(moved, 20_001);
                moved.awaitWarpAt(MovedDatabase.COPY);
                endsSoon(warp, "INT", 130);
                assertThat(gate.isClosed()).isFalse();
            }
        }
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    @Test
    void inTheCopy_endsSoonAndStartsItAgain() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (Connection gate = moved.shut(MovedDatabase.COPY);
                WarpChild warp = moved.warp("--yes")) {
            moved.awaitWarpAt(MovedDatabase.COPY);
            endsSoon(warp, "TERM", 143);
            assertThat(gate.isClosed()).isFalse();
        }
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    @Test
    void inTheIndexBuild_endsSoonAndPutsTheRestBack() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (Connection gate = moved.shut(MovedDatabase.INDEX);
                WarpChild warp = moved.warp("--yes")) {
            moved.awaitWarpAt(MovedDatabase.INDEX);
            endsSoon(warp, "INT", 130);
            assertThat(gate.isClosed()).isFalse();
        }
        assertThat(moved.finishAndCompare().differences()).isEmpty();
        assertThat(moved.rows(moved.destination(), "SELECT indexname FROM pg_indexes"))
                .contains("gated_gate", "gated_pkey");
    }

    @Test
    void whileTheSlotWaitsForAnOpenTransaction_endsSoonAndMayBeRunAgainAtOnce()
            throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (Connection open = moved.source().connect(moved.name())) {
            open.setAutoCommit(false);
            open.createStatement().execute("SELECT txid_current()");
            for (String signal : new String[] {"INT", "TERM"}) {
                try (WarpChild warp = moved.warp("--yes")) {
                    warp.awaitLine("waits for transactions that were open before it");
                    endsSoon(warp, signal, signal.equals("INT") ? 130 : 143);
                }
            }
            open.rollback();
        }
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    @Test
    void whileADestinationTableIsLocked_endsSoonAndTruncatesNothingAfterwards()
            throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        moved.destination().execute(moved.name(), "INSERT INTO public.kind VALUES (99, 'old')");
        try (Connection locker = moved.destination().connect(moved.name())) {
            locker.setAutoCommit(false);
            locker.createStatement().execute("LOCK TABLE public.kind IN ACCESS SHARE MODE");
            try (WarpChild warp = moved.warp("--yes")) {
                moved.await(
                        moved.destination(),
                        "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation ="
                                + " 'public.kind'::regclass");
                endsSoon(warp, "INT", 130);
            }
            moved.await(
                    moved.destination(),
                    "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND application_name LIKE 'warp %' AND state = 'active'");
            locker.rollback();
        }
        assertThat(moved.rows(moved.destination(), "SELECT name FROM public.kind"))
                .containsExactly("old");
    }

    @Test
    void atTheQuestion_changesNothing() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        moved.destination().execute(moved.name(), "INSERT INTO public.kind VALUES (99, 'old')");
        var before = moved.catalogs();
        try (WarpChild warp = moved.warp()) {
            warp.awaitLine("Run TRUNCATE on destination: ").awaitLine("press enter");
            endsSoon(warp, "INT", 130);
        }
        assertThat(moved.catalogs()).isEqualTo(before);
        assertThat(moved.rows(moved.destination(), "SELECT name FROM public.kind"))
                .containsExactly("old");
    }

    @Test
    void aSecondSignal_endsAtOnce() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (WarpChild warp = moved.warp("--yes")) {
            warp.awaitLine("Started replication");
            try (Connection gate = moved.shut(MovedDatabase.COPY)) {
                insert(moved, 20_001);
                moved.awaitWarpAt(MovedDatabase.COPY);
                warp.signal("INT").awaitLine("the same again stops at once").signal("INT");
                assertThat(warp.exitCode(Duration.ofSeconds(2))).isEqualTo(130);
                assertThat(gate.isClosed()).isFalse();
            }
        }
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    private static void insert(MovedDatabase moved, int id) throws SQLException {
        moved.source()
                .execute(moved.name(), "INSERT INTO public.gated VALUES (" + id + ", 1, 'new')");
    }

    private static void endsSoon(WarpChild warp, String signal, int code) {
        warp.signal(signal);
        assertThat(warp.exitCode(SOON)).as(warp.toString()).isEqualTo(code);
        assertThat(warp.out().getLast()).as(warp.toString()).endsWith(HOW_TO_GO_ON);
        assertThat(warp.err())
                .as(warp.toString())
                .noneMatch(line -> line.contains("ERROR") || line.contains("Exception"));
    }
}
