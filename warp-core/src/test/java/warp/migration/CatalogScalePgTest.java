package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.sandbox.PostgresServer;

/** Many tables: what they cost in statements and in locks. Nothing is timed. */
@Timeout(240)
class CatalogScalePgTest {

    private static final String OUT_OF_MEMORY = "53200";
    private static final int MANY = 3000;

    private static PostgresServer source;
    private static PostgresServer destination;

    @BeforeAll
    static void startServers() {
        source = start();
        destination = start();
    }

    /** With little room for locks, and a log of every statement. */
    private static PostgresServer start() {
        return PostgresServer.builder("18")
                .setting("max_connections", "30")
                .setting("max_locks_per_transaction", "10")
                .setting("max_wal_senders", "5")
                .setting("log_statement", "all")
                .setting("autovacuum", "off")
                .start();
    }

    @AfterAll
    static void stopServers() {
        source.close();
        destination.close();
    }

    @Test
    void numberOfStatements_doesNotGrowWithTheTables(@TempDir Path directory) throws Exception {
        long checkedFew;
        long copiedFew;
        try (Move few = Move.named(source, destination, directory, "few")) {
            makeTables(few, 20);
            checkedFew = statements(few, "--testing");
            copiedFew = statements(few, "--until=copied", "--yes");
        }
        try (Move more = Move.named(source, destination, directory, "more")) {
            makeTables(more, 180);
            assertThat(statements(more, "--testing")).isEqualTo(checkedFew);
            try (WarpCommand command = more.start("--sync-schema", "--testing")) {
                command.await();
                assertThat(command.printed())
                        .contains("pg_dump locks all 180 tables at once")
                        .contains("ALTER SYSTEM SET max_locks_per_transaction = '13'");
            }
            // What is asked now and then depends on time.
            assertThat(statements(more, "--until=copied", "--yes")).isLessThan(copiedFew + 15);
        }
    }

    @Test
    void tablesThatAreMoreThanTheServersLocks_migrate(@TempDir Path directory) throws Exception {
        try (Move move = Move.named(source, destination, directory, "many")) {
            makeTables(move, MANY);
            move.atBoth(
                    "CREATE SCHEMA filled",
                    "DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('CREATE TABLE filled.t%s (a"
                            + " int PRIMARY KEY)', i); END LOOP; END $$");
            move.atSource(
                    "DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('INSERT INTO filled.t%s"
                            + " SELECT generate_series(1, 5)', i); END LOOP; END $$");
            assertThatThrownBy(() -> lockAll(move))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            problem -> assertThat(problem.getSQLState()).isEqualTo(OUT_OF_MEMORY));

            assertThat(move.run("--until=copied", "--yes"))
                    .contains(MANY + " tables without rows: nothing to copy there.");
            // A comparison of all would need as many locks.
            move.assertEqual("filled");

            move.atSource("INSERT INTO t1 VALUES (1)", "UPDATE filled.t5 SET a = a + 10");
            move.catchUp();
            move.assertEqual("filled");
            assertThat(move.askDestination("SELECT a FROM t1")).isEqualTo("1");

            move.run("--clean", "--yes");
            assertThat(move.askSource("SELECT count(*) FROM pg_publication")).isEqualTo("0");
        }
    }

    private static void makeTables(Move move, int tables) throws SQLException {
        move.atBoth(
                "DO $$ BEGIN FOR i IN 1.."
                        + tables
                        + " LOOP EXECUTE format('CREATE TABLE t%s (a int PRIMARY KEY)', i); IF i %"
                        + " 100 = 0 THEN COMMIT; END IF; END LOOP; END $$");
    }

    private static void lockAll(Move move) throws SQLException {
        try (Connection connection = move.source();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    IntStream.rangeClosed(1, MANY)
                            .mapToObj(i -> "t" + i)
                            .collect(Collectors.joining(", ", "LOCK TABLE ", "")));
        }
    }

    /** How many statements both servers were given by a run of Warp. */
    private static long statements(Move move, String... switches) throws Exception {
        long before = logged();
        move.run(switches);
        return logged() - before;
    }

    private static long logged() throws IOException {
        return logged(source) + logged(destination);
    }

    private static long logged(PostgresServer server) throws IOException {
        try (Stream<String> lines = Files.lines(server.log(), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.matches(".*LOG:  (statement|execute [^:]*): .*"))
                    .count();
        }
    }
}
