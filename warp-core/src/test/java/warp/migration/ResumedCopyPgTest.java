package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.error.FaultPoint;
import warp.error.FaultPoint.Edge;
import warp.error.Faults;
import warp.error.PlannedFault;
import warp.error.PlannedFault.Action;
import warp.plan.ChunkPlanner;
import warp.sandbox.PostgresServer;

/** What an interrupted copy keeps, and what starts again. */
@Timeout(300)
class ResumedCopyPgTest {

    /** Chunks of the first table, and of the second one when it is interrupted. */
    private static final int FIRST = 10;

    private static final int OF_SECOND = 3;
    private static final int CHUNK_BYTES = 128 << 10;

    private static PostgresServer source;
    private static PostgresServer destination;

    @TempDir Path directory;

    private Move move;

    @BeforeAll
    static void start() {
        System.setProperty(ChunkPlanner.BYTES_MAX_PROPERTY, Integer.toString(CHUNK_BYTES));
        source = PostgresServer.start("18");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stop() {
        System.clearProperty(ChunkPlanner.BYTES_MAX_PROPERTY);
        destination.close();
        source.close();
    }

    @BeforeEach
    void makeDatabases() throws SQLException {
        move = Move.between(source, destination, directory);
        move.atBoth(
                "CREATE TABLE second (id int PRIMARY KEY, filler text, n int DEFAULT 0)",
                "CREATE TABLE first (id int PRIMARY KEY, second_id int REFERENCES second, filler"
                        + " text)");
        move.atSource(
                "INSERT INTO second SELECT i, repeat('x', 200) FROM generate_series(1, 4000) i",
                "INSERT INTO first SELECT i, 1 + i % 4000, repeat('y', 200) FROM generate_series(1,"
                        + " 5000) i");
    }

    @AfterEach
    void dropDatabases() throws SQLException {
        move.close();
    }

    /** Runs the copy until so many chunks are there; the larger table comes first. */
    private void interruptAfter(int chunks) throws InterruptedException {
        PlannedFault fault =
                new PlannedFault(FaultPoint.CHUNK_COPIED, Edge.AFTER, chunks, Action.DEFECT);
        try (Faults faults = Faults.plan(fault);
                WarpCommand warp = move.start("--yes", "--jobs=1", "--until=copied")) {
            assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DEFECT);
            assertThat(faults.happened()).isTrue();
        }
    }

    /** With the first table copied and the second one half. */
    private void interrupt() throws InterruptedException, SQLException {
        interruptAfter(FIRST + OF_SECOND);
        assertThat(
                        move.destinationRows(
                                "SELECT table_name, state = 'COPIED', count(*), chunks FROM"
                                    + " warp.relation JOIN warp.chunk USING (table_name) GROUP BY"
                                    + " 1, 2, 4"))
                .containsExactly(
                        "(first,t,%d,%d)".formatted(FIRST, FIRST),
                        "(second,f,%d,8)".formatted(OF_SECOND));
    }

    private void finish(String... said) throws InterruptedException, SQLException {
        String printed = move.catchUp("--jobs=2");
        for (String expected : said) {
            assertThat(printed).contains(expected);
        }
        move.assertEqual("public");
        move.run("--clean");
    }

    @Test
    void finishedTablesAndChunks_areKept() throws Exception {
        interrupt();
        String before = move.askDestination("SELECT max(done_at) FROM warp.chunk");
        move.atSource(
                "UPDATE first SET id = -id WHERE id % 10 = 0",
                "UPDATE second SET filler = 'z' WHERE id % 100 < 3",
                "UPDATE second SET id = 10000 + id WHERE id % 100 = 50 AND id NOT IN (SELECT"
                        + " second_id FROM first)",
                "DELETE FROM first WHERE second_id < 100",
                "DELETE FROM second WHERE id < 100",
                "INSERT INTO second SELECT i, 'back' FROM generate_series(50, 60) i");

        String printed = move.run("--jobs=2", "--until=copied");

        assertThat(printed)
                .contains(
                        "An earlier copy was interrupted: it goes on.",
                        "Kept: 1 table, and the finished chunks of 1 other; 0 tables from the"
                                + " beginning.",
                        "Copying 1 table ");
        assertThat(
                        move.askDestination(
                                "SELECT count(*) FROM warp.chunk WHERE done_at <= '%s'"
                                        .formatted(before)))
                .isEqualTo(Integer.toString(FIRST + OF_SECOND));
        assertThat(move.askDestination("SELECT count(*) FROM pg_class WHERE relname ~ '^advance'"))
                .isEqualTo("0");
        finish();
    }

    @Test
    void foreignKeyBetweenMoments_isCheckedWhenTheyAreOne() throws Exception {
        interrupt();
        // Of the copied table's rows some refer to what the other will not have.
        move.atSource(
                "DELETE FROM first WHERE second_id < 2000", "DELETE FROM second WHERE id < 2000");
        String validated =
                "SELECT convalidated FROM pg_constraint WHERE contype = 'f' AND conrelid ="
                        + " 'first'::regclass";

        move.run("--until=copied");
        assertThat(move.askDestination(validated)).isEqualTo("f");

        assertThat(move.catchUp()).contains("All tables are of one moment: checking 1 foreign key");
        assertThat(move.askDestination(validated)).isEqualTo("t");
        finish();
    }

    @Test
    void truncatedInBetween_startsAgainAlone() throws Exception {
        interrupt();
        move.atSource(
                "DELETE FROM first WHERE id % 2 = 0",
                "UPDATE first SET second_id = NULL",
                "ALTER TABLE first DROP CONSTRAINT first_second_id_fkey",
                "TRUNCATE second",
                "INSERT INTO second VALUES (1, 'new')");
        move.atDestination("ALTER TABLE first DROP CONSTRAINT IF EXISTS first_second_id_fkey");

        finish("Kept: 1 table, and the finished chunks of 0 others; 1 table from the beginning.");
    }

    @Test
    void alteredInBetween_startsAgainAlone() throws Exception {
        interrupt();
        move.atBoth("ALTER TABLE second ADD COLUMN later int DEFAULT 7");
        move.atSource("UPDATE second SET later = 8 WHERE id = 1");

        finish("Kept: 1 table, and the finished chunks of 0 others; 1 table from the beginning.");
    }

    @Test
    void rowsOfSomebodyElse_areFound_andTheTableStartsAgain() throws Exception {
        interrupt();
        move.atDestination("DELETE FROM second WHERE id = (SELECT min(id) FROM second)");

        finish("the rows of public.second are not those that the interrupted copy has left there");
    }

    @Test
    void tablesThatComeAndGoInBetween_areTakenAlongAndForgotten() throws Exception {
        move.atBoth("CREATE TABLE gone (id int PRIMARY KEY)");
        move.atSource("INSERT INTO gone VALUES (1)");
        interrupt();
        move.atBoth("CREATE TABLE third (id int PRIMARY KEY, v text)");
        move.atSource("INSERT INTO third VALUES (1, 'one')", "DROP TABLE gone");

        move.run("--jobs=2", "--until=copied");
        move.atSource("INSERT INTO third VALUES (2, 'two')");
        assertThat(move.catchUp()).contains("Reached ");
        move.atDestination("DROP TABLE gone");
        move.assertEqual("public");
    }

    @Test
    void nothingFinished_startsAgainWithANewSlot() throws Exception {
        PlannedFault fault =
                new PlannedFault(FaultPoint.TABLES_EMPTIED, Edge.AFTER, 1, Action.DEFECT);
        try (Faults _ = Faults.plan(fault);
                WarpCommand warp = move.start("--yes", "--until=copied")) {
            assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DEFECT);
        }

        finish("An earlier copy was interrupted: it starts again.", "Creating replication slot");
    }

    @Test
    void endBeforeThePositionOfACopy_isWarnedOf() throws Exception {
        String early = move.askSource("SELECT pg_current_wal_insert_lsn()");
        interrupt();

        assertThat(move.run("--until=" + early))
                .contains("of the tables are as of", "after the position that was asked for");
    }
}
