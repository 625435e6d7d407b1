package warp.apply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import warp.sandbox.PostgresServer;

/** What PostgreSQL has only since 10: identities, generated columns, TRUNCATE in the stream. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewerFeaturesPgTest {

    private @Nullable PostgresServer server;

    @BeforeAll
    void start() {
        server = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        requireNonNull(server).close();
    }

    private LiveTables live(String... ddl) throws SQLException {
        return new LiveTables(requireNonNull(server), requireNonNull(server), ddl);
    }

    private static void assertDrainedEqual(LiveTables live) throws Exception {
        live.drain();
        assertThat(live.compare().differences()).isEmpty();
    }

    @Test
    void identityAlways_isInsertedUpdatedAndKeepsUnchangedToast() throws Exception {
        String toast = "(SELECT string_agg(md5(g::text), '') FROM generate_series(1, 1000) g)";
        try (LiveTables live =
                live(
                        "CREATE TABLE k (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text,"
                                + " u int UNIQUE)",
                        "CREATE TABLE n (id int PRIMARY KEY, serial int GENERATED ALWAYS AS"
                                + " IDENTITY, v text)",
                        "CREATE TABLE f (serial int GENERATED ALWAYS AS IDENTITY, v text)",
                        "ALTER TABLE f REPLICA IDENTITY FULL")) {
            live.atSource(
                    "INSERT INTO k (v, u) SELECT " + toast + ", g FROM generate_series(1, 3) g",
                    "INSERT INTO n VALUES (1, DEFAULT, 'x'), (2, DEFAULT, 'x')",
                    "INSERT INTO f (v) VALUES ('x'), ('x')",
                    "UPDATE k SET u = u + 10",
                    "UPDATE k SET id = DEFAULT WHERE u > 11",
                    "UPDATE n SET v = 'y'",
                    "UPDATE n SET serial = DEFAULT WHERE id = 1",
                    "UPDATE n SET id = 9 WHERE id = 2",
                    "UPDATE f SET v = 'y'",
                    "UPDATE f SET serial = DEFAULT WHERE serial = 1",
                    "DELETE FROM f WHERE serial = 2");
            assertDrainedEqual(live);
        }
    }

    @Test
    void generatedColumns_areComputedAtTheDestination() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a * 2)"
                                + " STORED, c int)")) {
            live.atSource(
                    "INSERT INTO t (a, c) VALUES (1, 1), (2, 2)",
                    "UPDATE t SET a = 3 WHERE a = 2",
                    "UPDATE t SET c = 4");
            assertDrainedEqual(live);
        }
    }

    @Test
    void truncate_takesItsTablesTogetherWithFlags() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE parent (id serial PRIMARY KEY)",
                        "CREATE TABLE child (id int PRIMARY KEY REFERENCES parent)",
                        "CREATE TABLE alone (id int PRIMARY KEY)")) {
            live.atSource(
                    "INSERT INTO parent SELECT g FROM generate_series(1, 3) g",
                    "INSERT INTO child SELECT 1",
                    "INSERT INTO alone SELECT 1",
                    "TRUNCATE parent, child",
                    "INSERT INTO parent VALUES (7)",
                    "INSERT INTO child VALUES (7)",
                    "TRUNCATE parent RESTART IDENTITY CASCADE",
                    "INSERT INTO parent VALUES (8)");
            assertDrainedEqual(live);
            assertThat(live.progress.truncates.sum()).isEqualTo(2);
        }
    }

    @Test
    void partitionsAndChildren_areChangedThemselves() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                        "CREATE TABLE base (id int PRIMARY KEY)",
                        "CREATE TABLE derived (PRIMARY KEY (id)) INHERITS (base)")) {
            live.atSource(
                    "INSERT INTO p SELECT g, 'x' FROM generate_series(0, 19) g",
                    "DELETE FROM p WHERE id = 19",
                    "UPDATE p SET id = 19 WHERE id = 5",
                    "INSERT INTO base VALUES (1), (2)",
                    "INSERT INTO derived VALUES (1), (3)",
                    "DELETE FROM ONLY base WHERE id = 1",
                    "UPDATE derived SET id = 4 WHERE id = 1");
            assertDrainedEqual(live);
        }
    }

    @Test
    void operatorsOutsideOfPgCatalog_areFound() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE SCHEMA ext",
                        "CREATE EXTENSION citext SCHEMA ext",
                        "CREATE EXTENSION hstore SCHEMA ext",
                        "CREATE TABLE t (c ext.citext PRIMARY KEY, h ext.hstore)",
                        "CREATE TABLE f (c ext.citext, h ext.hstore)",
                        "ALTER TABLE f REPLICA IDENTITY FULL")) {
            live.atSource(
                    "INSERT INTO t VALUES ('One', 'a=>1'), ('Two', NULL)",
                    "UPDATE t SET c = 'ONE' WHERE c OPERATOR(ext.=) 'one'",
                    "UPDATE t SET h = 'b=>NULL'",
                    "INSERT INTO f VALUES ('a', 'a=>1'), ('A', 'a=>1')",
                    "DELETE FROM f WHERE c::text = 'A'");
            assertDrainedEqual(live);
        }
    }
}
