package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/**
 * Into a stand-in of a Citus coordinator: a server with Citus' catalog of tables, but without
 * Citus. So what is shown is that the tables are told apart, that the rows arrive, and that no
 * statement was sent that Citus' documentation rules out.
 */
@Timeout(240)
class CitusPgTest {

    private static PostgresServer source;
    private static PostgresServer coordinator;

    @BeforeAll
    static void startServers() {
        source = PostgresServer.start("18");
        coordinator = PostgresServer.builder("18").setting("log_statement", "all").start();
    }

    @AfterAll
    static void stopServers() {
        source.close();
        coordinator.close();
    }

    @Test
    void rowsArrive_byStatementsThatCitusTakes(@TempDir Path directory) throws Exception {
        try (Move move = Move.named(source, coordinator, directory, "citus")) {
            move.atBoth(
                    "CREATE TABLE orders (id int, tenant int, note text, PRIMARY KEY (tenant, id))",
                    "CREATE TABLE events (tenant int, id int PRIMARY KEY, body text)",
                    "CREATE TABLE countries (code text PRIMARY KEY, name text)",
                    "CREATE TABLE settings (name text PRIMARY KEY, value text)",
                    "CREATE TABLE ordinary (id int PRIMARY KEY, value text)",
                    "CREATE INDEX ON orders (note)");
            move.atSource(
                    "ALTER TABLE events REPLICA IDENTITY FULL",
                    "ALTER TABLE settings REPLICA IDENTITY FULL",
                    "ALTER TABLE events ALTER body SET STORAGE EXTERNAL",
                    "INSERT INTO orders SELECT i, i % 7, repeat('n', 100) FROM generate_series(1,"
                            + " 20000) i",
                    "INSERT INTO events SELECT i % 5, i, repeat('b', 4000) FROM generate_series(1,"
                            + " 50) i",
                    "INSERT INTO countries VALUES ('at', 'Austria'), ('ch', 'Switzerland')",
                    "INSERT INTO settings VALUES ('a', '1')",
                    "INSERT INTO ordinary VALUES (1, 'x')");
            move.atDestination("INSERT INTO orders VALUES (1, 1, 'is in the way')");
            makeCoordinator(move);
            distribute(move, "orders", "'h', '{VAR :varno 1 :varattno 2 :vartype 23}', 1, 's'");
            distribute(move, "events", "'h', '{VAR :varno 1 :varattno 1 :vartype 23}', 1, 's'");
            distribute(move, "countries", "'n', NULL, 2, 't'");
            distribute(move, "settings", "'n', NULL, 3, 's'");

            long before = log().size();
            assertThat(move.run("--until=copied", "--yes"))
                    .contains(
                            "Citus coordinator: 2 distributed, 1 reference, 1 one-shard and 1"
                                    + " ordinary tables")
                    .contains("1 table not empty: public.orders");
            move.atSource(
                    "INSERT INTO orders VALUES (0, 1, 'new')",
                    "UPDATE orders SET note = 'changed' WHERE id % 1000 = 0",
                    "UPDATE orders SET tenant = 99, note = 'moved' WHERE id = 5",
                    "UPDATE orders SET id = -6 WHERE id = 6",
                    "DELETE FROM orders WHERE id = 7",
                    "UPDATE events SET tenant = tenant + 1 WHERE id < 10",
                    "UPDATE events SET body = 'short' WHERE id = 20",
                    "DELETE FROM events WHERE id = 30",
                    "UPDATE countries SET name = 'Suisse' WHERE code = 'ch'",
                    "UPDATE settings SET value = '2'",
                    "UPDATE ordinary SET value = 'y'");
            move.catchUp();
            move.assertEqual("public");

            List<String> sent = log().stream().skip(before).toList();
            List<String> spread =
                    sent.stream()
                            .filter(line ->
                                    line.matches(
                                            "(?s).*\"public\".\"(orders|events|countries|settings)\".*"))
                            .toList();
            assertThat(spread)
                    .anyMatch(line -> line.contains("TRUNCATE \"public\".\"countries\""))
                    .anyMatch(line -> line.contains("COPY \"public\".\"orders\""))
                    .anyMatch(line -> line.contains("UPDATE \"public\".\"orders\" SET \"note\""))
                    .noneMatch(line -> line.contains("ctid"))
                    .noneMatch(line -> line.contains("ONLY"))
                    .noneMatch(line -> line.contains("FREEZE"))
                    .noneMatch(line -> line.contains("LOCK TABLE"))
                    .noneMatch(line -> line.contains("unnest"))
                    .noneMatch(line -> line.contains("USING INDEX"))
                    .noneMatch(line -> line.contains("WITH d AS"))
                    .noneMatch(
                            line -> line.matches("(?s).*UPDATE .* SET .*\"tenant\" = .* WHERE.*"))
                    .filteredOn(line ->
                            line.matches(
                                    "(?s).*(UPDATE|DELETE FROM) \"public\".\"(orders|events)\".*"))
                    .isNotEmpty()
                    .allMatch(line -> line.matches("(?s).* WHERE .*\"tenant\" .*"));
            assertThat(sent)
                    .anyMatch(line -> line.contains("SET citus.propagate_set_commands = 'local'"))
                    .anyMatch(line -> line.contains("citus.multi_shard_modify_mode = 'sequential'"))
                    .anyMatch(line -> line.contains("SET LOCAL session_replication_role"));
            move.run("--clean", "--yes");
        }
    }

    @Test
    void rowThatMovesWithoutAllOfItsValues_stopsWithAReason(@TempDir Path directory)
            throws Exception {
        try (Move move = Move.named(source, coordinator, directory, "moving")) {
            move.atBoth("CREATE TABLE t (id int, tenant int, body text, PRIMARY KEY (tenant, id))");
            move.atSource(
                    "ALTER TABLE t ALTER body SET STORAGE EXTERNAL",
                    "INSERT INTO t VALUES (1, 1, repeat('b', 4000))");
            makeCoordinator(move);
            distribute(move, "t", "'h', '{VAR :varno 1 :varattno 2 :vartype 23}', 1, 's'");
            move.run("--until=copied", "--yes");
            move.atSource("UPDATE t SET tenant = 2");

            assertThat(move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up"))
                    .contains("takes a row of table public.t to another shard")
                    .contains("ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL;");
            move.run("--clean", "--yes");
        }
    }

    @Test
    void tablesThatCitusCannotFollow_areNamedBeforehand(@TempDir Path directory) throws Exception {
        try (Move move = Move.named(source, coordinator, directory, "refused")) {
            move.atBoth(
                    "CREATE TABLE a (id int PRIMARY KEY, tenant int NOT NULL)",
                    "CREATE TABLE b (id int, tenant int)",
                    "CREATE TABLE c (id int PRIMARY KEY)");
            move.atSource("ALTER TABLE b REPLICA IDENTITY FULL");
            move.atDestination("ALTER TABLE c ADD tenant int");
            makeCoordinator(move);
            distribute(move, "a", "'h', '{VAR :varno 1 :varattno 2 :vartype 23}', 1, 's'");
            distribute(move, "b", "'h', '{VAR :varno 1 :varattno 2 :vartype 23}', 1, 's'");
            distribute(move, "c", "'h', '{VAR :varno 1 :varattno 2 :vartype 23}', 1, 's'");

            assertThat(move.runs(ExitCode.CHECK_FAILED, "--testing"))
                    .contains(
                            "updates and deletes of table public.a are identified by id, but Citus"
                                    + " needs \"tenant\" to find the shard")
                    .contains("ALTER TABLE \"public\".\"a\" REPLICA IDENTITY FULL;")
                    .contains("table public.b belongs to Citus and has no primary key")
                    .contains("table public.c is distributed by \"tenant\", for which the source");
        }
    }

    /** What Citus 13 makes; Citus 9 and 10 lack the last column, which nobody reads. */
    private static void makeCoordinator(Move move) throws SQLException {
        move.atDestination(
                "SET allow_system_table_mods = on",
                "CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass NOT NULL,"
                        + " partmethod \"char\" NOT NULL, partkey text, colocationid int NOT NULL"
                        + " DEFAULT 0, repmodel \"char\" NOT NULL DEFAULT 's', autoconverted"
                        + " boolean NOT NULL DEFAULT false)",
                "RESET allow_system_table_mods");
    }

    private static void distribute(Move move, String table, String how) throws SQLException {
        move.atDestination(
                "SET allow_system_table_mods = on",
                "INSERT INTO pg_catalog.pg_dist_partition (logicalrelid, partmethod, partkey,"
                        + " colocationid, repmodel) VALUES ('"
                        + table
                        + "', "
                        + how
                        + ")");
    }

    private static List<String> log() throws IOException {
        try (Stream<String> lines = Files.lines(coordinator.log(), StandardCharsets.ISO_8859_1)) {
            // The comparison of both databases is the sandbox's own.
            return lines.filter(line -> line.contains("LOG:  ") && !line.contains("warp-sandbox"))
                    .toList();
        }
    }
}
