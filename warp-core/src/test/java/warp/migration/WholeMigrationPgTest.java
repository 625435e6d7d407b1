package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;

/** What a person may ask for, and schemas of the odder kind. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeMigrationPgTest {

    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        source = PostgresServer.start("17");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    private Move move() throws Exception {
        return Move.between(source, destination, directory);
    }

    @Test
    void namesOfEveryKind_moveWithTheirRows() throws Exception {
        String table = "\"Schéma \"\"1\"\"\".\"Täble; 'x' 表\"";
        try (Move move = Move.named(source, destination, directory, "Dät'a \"b/%ä?&= 表")) {
            move.atBoth(
                    "CREATE SCHEMA \"Schéma \"\"1\"\"\"",
                    "CREATE TABLE "
                            + table
                            + " (\"K ey\" int PRIMARY KEY, \"se\"\"léct\" text, \"$1\" int)",
                    "CREATE INDEX \"Ïndex \"\" x\" ON " + table + " (\"se\"\"léct\")");
            move.atSource("INSERT INTO " + table + " VALUES (1, 'ä', 1), (2, NULL, 2)");
            move.run("--until=copied");
            move.atSource(
                    "INSERT INTO " + table + " VALUES (3, '', 3)",
                    "UPDATE " + table + " SET \"K ey\" = 20, \"$1\" = NULL WHERE \"K ey\" = 2",
                    "DELETE FROM " + table + " WHERE \"K ey\" = 1");
            move.catchUp();
            move.assertEqual("Schéma \"1\"");
        }
    }

    @Test
    void untilPosition_appliesExactlyTheTransactionsBeforeIt() throws Exception {
        try (Move move = move()) {
            move.atBoth("CREATE TABLE t (id int PRIMARY KEY)");
            move.run("--until=copied");
            move.atSource("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
            String position = move.askSource("SELECT pg_current_wal_insert_lsn()");
            move.atSource("INSERT INTO t VALUES (3)", "DELETE FROM t WHERE id = 1");

            move.run("--until=" + position);
            assertThat(move.askDestination("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t"))
                    .isEqualTo("1 2");
            move.catchUp();
            move.assertEqual("public");
        }
    }

    @Test
    void oneWorkerAndBatchesOfOne_moveEverythingAndKeepIndexes() throws Exception {
        try (Move move = move()) {
            move.atBoth(
                    "CREATE TABLE parent (id int PRIMARY KEY)",
                    "CREATE TABLE child (id int PRIMARY KEY, up int REFERENCES parent,"
                            + " twice int GENERATED ALWAYS AS (id * 2) STORED)",
                    "CREATE INDEX child_up ON child (up)",
                    "CREATE TABLE nothing (id int PRIMARY KEY)",
                    "CREATE TABLE same (a int, b json)",
                    "ALTER TABLE same REPLICA IDENTITY FULL");
            move.atSource(
                    "INSERT INTO parent SELECT generate_series(1, 50)",
                    "INSERT INTO child SELECT g, g FROM generate_series(1, 50) g",
                    "INSERT INTO same SELECT 1, '{}' FROM generate_series(1, 5)");
            String index = move.askDestination("SELECT 'child_up'::regclass::oid");
            String[] switches = {
                "--jobs=1", "--batch-statements=1", "--batch-transactions=1", "--keep-indexes"
            };
            move.catchUp(switches);
            move.atSource(
                    "BEGIN; UPDATE child SET up = 7; TRUNCATE same; INSERT INTO same VALUES"
                            + " (2, '[]'), (2, '[]'), (2, '[]'); COMMIT",
                    "DELETE FROM same WHERE ctid = (SELECT min(ctid) FROM same)",
                    "DELETE FROM parent WHERE id <> 7");
            move.catchUp(switches);
            move.assertEqual("public");
            assertThat(move.askDestination("SELECT 'child_up'::regclass::oid")).isEqualTo(index);
        }
    }

    @Test
    void patterns_chooseAPartitionedTableWithItsPartitions() throws Exception {
        try (Move move = move()) {
            move.atBoth(
                    "CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                    "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10)",
                    "CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (10) TO (20)",
                    "CREATE TABLE other (id int PRIMARY KEY)",
                    "CREATE TABLE other_log (id int PRIMARY KEY)");
            move.atSource(
                    "INSERT INTO part SELECT generate_series(0, 19)",
                    "INSERT INTO other VALUES (1)",
                    "INSERT INTO other_log VALUES (1)");
            String[] which = {"-t", "part", "-t", "other*", "-T", "*_log"};
            move.catchUp(which);
            move.atSource(
                    "DELETE FROM part WHERE id = 5; UPDATE part SET id = 5 WHERE id = 15",
                    "DELETE FROM part WHERE id % 3 = 0",
                    "INSERT INTO other_log VALUES (2)");
            move.catchUp(which);
            assertThat(
                            move.compare(
                                            DatabaseContent.Scope.ofTables(
                                                    "public.part_1",
                                                    "public.part_2",
                                                    "public.other"))
                                    .differences())
                    .isEmpty();
            assertThat(move.askDestination("SELECT count(*) FROM other_log")).isEqualTo("0");
        }
    }

    @Test
    void skipInitialSync_replicatesWhatComesAfter() throws Exception {
        try (Move move = move()) {
            move.atBoth("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            move.catchUp("--skip-initial-sync");
            move.atSource("INSERT INTO t VALUES (2)", "DELETE FROM t WHERE id = 1");
            move.catchUp("--skip-initial-sync");
            move.assertEqual("public");
        }
    }
}
