package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** --sync-schema with rules: the schema gets the shape that the rules ask for. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesSchemaPgTest {

    private static final String RULES =
            """
            rules:
              - table: orders
                where: region <> 'us'
                exclude-columns: [secret]
                to: sales.purchases
                rename: {note: remark}
              - {table: parts, to: sales.whole, exclude-columns: extra, rename: {v: value}}
              - {table: moved, to: other.*}
            """;

    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        source = PostgresServer.start("15");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    private Move move() throws Exception {
        Move move = Move.between(source, destination, directory);
        move.atSource(
                "CREATE TABLE orders (id serial PRIMARY KEY, region text, note text, secret text"
                        + " NOT NULL)",
                "CREATE INDEX ON orders (secret, note)",
                "CREATE INDEX ON orders (note)",
                "CREATE TABLE parts (id int PRIMARY KEY, extra int, v text) PARTITION BY RANGE"
                        + " (id)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (100) TO (1000)",
                "CREATE TABLE moved (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE moved_1 PARTITION OF moved FOR VALUES FROM (0) TO (100)",
                "INSERT INTO orders (region, note, secret) SELECT CASE g % 2 WHEN 0 THEN 'eu' ELSE"
                        + " 'us' END, g, 's' FROM generate_series(1, 50) g",
                "INSERT INTO parts SELECT g, 0, g FROM generate_series(0, 199) g",
                "INSERT INTO moved SELECT generate_series(0, 9)");
        return move.configured(RULES);
    }

    private static void assertFollowed(Move move) throws SQLException {
        assertThat(move.destinationRows("SELECT id, region, remark FROM sales.purchases"))
                .isEqualTo(
                        move.sourceRows(
                                "SELECT id, region, note FROM orders WHERE region <> 'us'"));
        assertThat(move.destinationRows("SELECT id, value FROM sales.whole"))
                .isEqualTo(move.sourceRows("SELECT id, v FROM parts"));
        assertThat(move.destinationRows("TABLE other.moved_1"))
                .isEqualTo(move.sourceRows("TABLE moved"));
    }

    @Test
    void newSchema_hasTheNewNamesAndOnlyTheColumnsThatTravel() throws Exception {
        try (Move move = move()) {
            move.run("--sync-schema", "--until=copied");
            assertFollowed(move);
            move.atSource(
                    "UPDATE orders SET region = 'asia' WHERE id % 3 = 0",
                    "UPDATE parts SET id = id + 200, v = 'x' WHERE id BETWEEN 0 AND 5",
                    "DELETE FROM parts WHERE id % 7 = 0",
                    "DELETE FROM moved WHERE id = 5");
            move.catchUp("--sync-schema");
            assertFollowed(move);
            assertThat(
                            move.destinationRows(
                                    "SELECT attrelid::regclass, attname FROM pg_attribute WHERE"
                                            + " attrelid IN ('sales.purchases'::regclass,"
                                            + " 'parts_1'::regclass) AND attnum > 0 AND NOT"
                                            + " attisdropped"))
                    .isEqualTo(
                            List.of(
                                    "(parts_1,id)",
                                    "(parts_1,value)",
                                    "(sales.purchases,id)",
                                    "(sales.purchases,region)",
                                    "(sales.purchases,remark)"));
            assertThat(
                            move.askDestination(
                                    "SELECT count(*) FROM pg_index WHERE indrelid ="
                                            + " 'sales.purchases'::regclass"))
                    .isEqualTo("2");
            assertThat(move.askDestination("SELECT last_value FROM sales.orders_id_seq"))
                    .isEqualTo("50");
        }
    }

    @Test
    void tableUnderTheNewName_isInTheWayToo() throws Exception {
        try (Move move = move()) {
            move.atDestination(
                    "CREATE SCHEMA sales", "CREATE TABLE sales.purchases AS SELECT 1 AS precious");
            assertThat(move.runs(ExitCode.NEEDS_PERSON, "--sync-schema", "--until=copied"))
                    .contains("may not be dropped");
            move.run("--sync-schema", "--yes", "--until=copied");
            assertFollowed(move);
        }
    }

    @Test
    void columnThatAViewNeeds_isNamedWithTheStatement() throws Exception {
        try (Move move = move()) {
            move.atSource("CREATE VIEW secrets AS SELECT secret FROM orders");
            assertThat(move.runs(ExitCode.NEEDS_PERSON, "--sync-schema", "--until=copied"))
                    .contains(
                            "table public.orders cannot get the shape that its rule asks for",
                            "DROP COLUMN \"secret\"");
            move.atSource("DROP VIEW secrets");
            move.run("--sync-schema", "--until=copied");
            assertFollowed(move);
        }
    }
}
