package warp.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import warp.sandbox.PostgresBinaries;
import warp.sandbox.PostgresServer;

class DatabaseSumPgTest {

    private static PostgresServer server;

    @BeforeAll
    static void start() throws SQLException {
        server = PostgresServer.start(PostgresBinaries.newest());
        make("one", "INSERT INTO t VALUES (1, 'a'), (2, NULL), (3, 'it''s 100%')");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void sameRowsInAnotherOrder_areTheSame() throws SQLException {
        make("reordered", "INSERT INTO t VALUES (3, 'it''s 100%'), (1, 'a'), (2, NULL)");
        assertThatCode(() -> sum("one").requireSame(sum("reordered"))).doesNotThrowAnyException();
    }

    @Test
    void oneOtherValue_isADifference() throws SQLException {
        make("changed", "INSERT INTO t VALUES (1, 'a'), (2, ''), (3, 'it''s 100%')");
        assertThatThrownBy(() -> sum("one").requireSame(sum("changed")))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("3 rows");
    }

    @Test
    void missingKey_isADifference() throws SQLException {
        make(
                "keyless",
                "INSERT INTO t VALUES (1, 'a'), (2, NULL), (3, 'it''s 100%')",
                "ALTER TABLE t DROP CONSTRAINT t_pkey");
        assertThatThrownBy(() -> sum("one").requireSame(sum("keyless")))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("PRIMARY KEY (id)");
    }

    @Test
    void missingTable_isADifference() throws SQLException {
        server.createDatabase("empty");
        assertThatThrownBy(() -> sum("one").requireSame(sum("empty")))
                .isInstanceOf(BenchException.class);
        assertThat(sum("empty").lines()).isEmpty();
    }

    private static void make(String database, String... statements) throws SQLException {
        server.createDatabase(database);
        server.execute(
                database,
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "CREATE TABLE \"%d odd 'name\" (v text)");
        server.execute(database, statements);
    }

    private static DatabaseSum sum(String database) throws SQLException {
        return Servers.sum(server, database);
    }
}
