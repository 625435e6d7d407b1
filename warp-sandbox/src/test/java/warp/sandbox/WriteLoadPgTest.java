package warp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteLoadPgTest {

    private static final Duration MAX = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "10", "18"})
    void load_writesToEveryTableAndStopsCleanly(String version) throws SQLException {
        try (PostgresServer server = PostgresServer.start(version)) {
            server.createDatabase("d");
            try (Connection connection = server.connect("d")) {
                WriteLoad.createSchema(connection, version);
                WriteLoad.fill(connection, version, 1);
            }
            try (WriteLoad load =
                    WriteLoad.builder(version, 2, () -> server.connect("d"))
                            .connections(5)
                            .truncates(true)
                            .start()) {
                load.awaitCommits(300, MAX);
                load.stop();
                assertThat(load.rollbacks()).isPositive();
                assertThat(load.rows()).isGreaterThan(load.commits() / 2);
            }
            assertThat(number(server, "SELECT count(*) FROM pg_stat_activity WHERE datname = 'd'"))
                    .isEqualTo(1); // this one
            for (String table :
                    new String[] {
                        "account",
                        "entry",
                        "event",
                        "measure",
                        "shape",
                        "token",
                        "Größe \"quoted\" 表"
                    }) {
                assertThat(number(server, writes(table))).as(table).isPositive();
            }
        }
    }

    @Test
    void sameSeed_fillsTheSame() throws SQLException {
        try (PostgresServer server = PostgresServer.start("18")) {
            for (String database : new String[] {"a", "b", "c"}) {
                server.createDatabase(database);
                try (Connection connection = server.connect(database)) {
                    WriteLoad.createSchema(connection, "18");
                    WriteLoad.fill(connection, "18", database.equals("c") ? 8 : 7);
                    // the only values that come from the clock
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("UPDATE load.account SET updated = NULL");
                    }
                }
            }
            try (Connection a = server.connect("a");
                    Connection b = server.connect("b");
                    Connection c = server.connect("c")) {
                assertThat(DatabaseContent.compare(a, b).toString()).endsWith(": equal");
                assertThat(DatabaseContent.compare(a, c).isEqual()).isFalse();
            }
        }
    }

    @Test
    void hugeTransaction_isOneCommitOfAHundredThousandRows() throws SQLException {
        try (PostgresServer server = PostgresServer.start("18")) {
            try (Connection connection = server.connect("postgres")) {
                WriteLoad.createSchema(connection, "18");
            }
            WriteLoad load =
                    WriteLoad.builder("18", 3, () -> server.connect("postgres"))
                            .connections(1)
                            .hugeTransaction(true)
                            .start();
            load.stop();
            assertThat(load.rows()).isGreaterThanOrEqualTo(99_999);
            assertThat(
                            number(
                                    server,
                                    "SELECT count(DISTINCT xmin::text) FROM load.bulk",
                                    "postgres"))
                    .isEqualTo(1);
        }
    }

    @Test
    void unexpectedError_isReportedByStop() {
        try (PostgresServer server = PostgresServer.start("18")) {
            WriteLoad load = WriteLoad.builder("18", 4, () -> server.connect("nowhere")).start();
            assertThatThrownBy(load::stop)
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining("seed 4")
                    .rootCause()
                    .hasMessageContaining("nowhere");
        }
    }

    /** Writes that the table's rows show: those that are there and those that are gone. */
    private static String writes(String table) {
        return "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE"
                + " schemaname = 'load' AND relname LIKE '"
                + table
                + "%'";
    }

    private static long number(PostgresServer server, String query) throws SQLException {
        return number(server, query, "d");
    }

    private static long number(PostgresServer server, String query, String database)
            throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
