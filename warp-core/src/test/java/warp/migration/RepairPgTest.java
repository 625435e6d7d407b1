package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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
import warp.sandbox.PostgresServer;

/** A slot that is lost for good: tables that are still equal stay, the others are copied again. */
@Timeout(300)
class RepairPgTest {

    private static PostgresServer source;
    private static PostgresServer destination;

    @TempDir Path directory;

    @SuppressWarnings("NullAway.Init")
    private Move move;

    @BeforeAll
    static void start() {
        source = PostgresServer.start("18");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stop() {
        destination.close();
        source.close();
    }

    private void begin(PostgresServer from) throws Exception {
        move = Move.between(from, destination, directory);
        move.atBoth(
                "CREATE TABLE quiet (id int PRIMARY KEY, f float8, g real, t timestamptz, b bytea,"
                        + " n numeric, c char(5), a text[], j jsonb)",
                "CREATE TABLE busy (id int PRIMARY KEY, quiet_id int REFERENCES quiet, v text)",
                "CREATE INDEX busy_v ON busy (v)",
                "CREATE TABLE twice (a int, b text)",
                "ALTER TABLE twice REPLICA IDENTITY FULL",
                "CREATE TABLE empty (id int PRIMARY KEY)");
        move.atSource(
                "INSERT INTO quiet SELECT i, i / 3.0, i / 7.0, now(), '\\x00ff', i / 9.0, 'ab',"
                    + " ARRAY[NULL, 'x,\"y', i::text], '{\"k\": [1, null]}' FROM generate_series(1,"
                    + " 500) i",
                "INSERT INTO busy SELECT i, 1 + i % 500, repeat('v', 300) FROM generate_series(1,"
                        + " 5000) i",
                "INSERT INTO twice SELECT 1, 'same' FROM generate_series(1, 3)");
        move.run("--yes", "--until=caught-up");
    }

    @AfterEach
    void dropDatabases() throws SQLException {
        move.close();
    }

    /** What nobody will ever hear of. */
    private void loseChanges() throws SQLException {
        move.atSource(
                "SELECT pg_drop_replication_slot('" + move.slot() + "')",
                "UPDATE busy SET v = 'lost' WHERE id % 10 = 0",
                "DELETE FROM busy WHERE id % 11 = 0",
                // As many rows as before, and one of them another.
                "DELETE FROM twice WHERE ctid = (SELECT min(ctid) FROM twice)",
                "INSERT INTO twice VALUES (2, 'other')");
    }

    private String rowVersions(String table) throws SQLException {
        return move.askDestination(
                "SELECT string_agg(xmin::text, ' ' ORDER BY ctid) FROM " + table);
    }

    @Test
    void slotDropped_copiesOnlyWhatDiffers() throws Exception {
        begin(source);
        repairs();
    }

    /** Which has no publication, and another way to hash rows. */
    @Test
    void slotDroppedAtAnOldSource_copiesOnlyWhatDiffers() throws Exception {
        try (PostgresServer old = PostgresServer.start("9.6")) {
            begin(old);
            try {
                repairs();
            } finally {
                move.close();
                begin(source);
            }
        }
    }

    private void repairs() throws Exception {
        String quiet = rowVersions("quiet");
        loseChanges();

        String printed = move.run("--yes", "--until=caught-up");

        assertThat(printed)
                .contains(
                        "slot %s is gone: changes since the last run are lost"
                                .formatted(move.slot()),
                        "Comparing 4 tables with the source...",
                        "2 of 4 tables are equal at both sides; the others are copied again.",
                        "Kept: 2 tables");
        assertThat(rowVersions("quiet")).isEqualTo(quiet);
        move.atSource("UPDATE quiet SET f = 0 WHERE id = 1", "INSERT INTO empty VALUES (1)");
        move.catchUp();
        move.assertEqual("public");
        assertThat(
                        move.askDestination(
                                "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'"))
                .isEqualTo("4");
        assertThat(
                        move.askDestination(
                                "SELECT bool_and(convalidated) FROM pg_constraint WHERE contype ="
                                        + " 'f'"))
                .isEqualTo("t");
        move.run("--clean");
    }

    @Test
    void withoutConsent_nothingIsChanged() throws Exception {
        begin(source);
        loseChanges();
        String busy = rowVersions("busy");

        String printed = move.runs(ExitCode.NEEDS_PERSON);

        assertThat(printed)
                .contains("is gone: changes since the last run are lost")
                .contains("It asks before: answer yes, or give --yes.");
        assertThat(rowVersions("busy")).isEqualTo(busy);
        assertThat(move.askDestination("SELECT phase FROM warp.migration")).isEqualTo("REPLICATE");
        assertThat(move.run("--yes", "--until=caught-up")).contains("2 of 4 tables are equal");
        move.assertEqual("public");
    }

    @Test
    void lostInTheMiddleOfTheCopy_comparesWhatIsFinished() throws Exception {
        begin(source);
        move.run("--clean");
        move.atDestination("TRUNCATE busy, quiet, twice");
        PlannedFault fault =
                new PlannedFault(FaultPoint.CHUNK_COPIED, Edge.AFTER, 2, Action.DEFECT);
        try (Faults _ = Faults.plan(fault);
                WarpCommand warp = move.start("--yes", "--jobs=1", "--until=copied")) {
            assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DEFECT);
        }
        move.atSource("SELECT pg_drop_replication_slot('" + move.slot() + "')");

        // The question about TRUNCATE was answered before.
        assertThat(move.run("--until=caught-up"))
                .contains("Comparing 3 tables with the source...", "3 of 3 tables are equal");
        move.assertEqual("public");
    }

    @Test
    void destinationOlderThanTheSlotWasTold_isComparedAsWell() throws Exception {
        begin(source);
        move.atDestination(
                "UPDATE warp.progress SET lsn = '0/1'", "DELETE FROM busy WHERE id = 4711");

        assertThat(move.run("--yes", "--until=caught-up"))
                .contains("the destination has lost changes", "3 of 4 tables are equal");
        move.assertEqual("public");
    }
}
