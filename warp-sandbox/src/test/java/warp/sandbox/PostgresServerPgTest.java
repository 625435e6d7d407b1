package warp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresServerPgTest {

    static List<String> versions() {
        return PostgresBinaries.majors();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyVersion_startsReadyForLogicalReplication(String version) throws SQLException {
        try (PostgresServer server = PostgresServer.start(version)) {
            assertThat(one(server, "postgres", "SHOW server_version")).startsWith(version);
            assertThat(one(server, "postgres", "SHOW wal_level")).isEqualTo("logical");
            assertThat(one(server, "postgres", "SHOW server_encoding")).isEqualTo("UTF8");
        }
    }

    @Test
    void restarted_keepsPortAndData() throws SQLException {
        try (PostgresServer server = PostgresServer.start(PostgresBinaries.newest())) {
            server.createDatabase("a \"database\" ñ");
            server.execute("a \"database\" ñ", "CREATE TABLE t AS SELECT 42 AS x");
            int port = server.port();

            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(one(server, "a \"database\" ñ", "SELECT x FROM t")).isEqualTo("42");
        }
    }

    @Test
    void killedHard_recoversWhatWasCommitted() throws SQLException {
        try (PostgresServer server = PostgresServer.start("9.6")) {
            server.execute("postgres", "CREATE TABLE t AS SELECT 42 AS x");

            server.killHard();

            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(() -> server.connect("postgres")).isInstanceOf(SQLException.class);
            server.start();
            assertThat(one(server, "postgres", "SELECT x FROM t")).isEqualTo("42");
            assertThat(server.logTail()).contains("not properly shut down");
        }
    }

    @Test
    void closed_leavesNoProcessAndNoFile() throws SQLException {
        Path data;
        long pid;
        try (PostgresServer server = PostgresServer.start(PostgresBinaries.newest())) {
            data = server.data();
            pid = Long.parseLong(readFirstLine(data.resolve("postmaster.pid")));
            assertThat(ProcessHandle.of(pid)).isPresent();
        }
        assertThat(data.getParent()).doesNotExist();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void wrongSetting_failsWithTheServersOwnWords() {
        PostgresServer.Builder builder =
                PostgresServer.builder(PostgresBinaries.newest())
                        .setting("wal_level", "as you like it");

        assertThatThrownBy(builder::start)
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("invalid value for parameter \"wal_level\"");
    }

    @Test
    void otherVersion_isRefusedWithTheListOfThoseThatExist() {
        assertThatThrownBy(() -> PostgresServer.start("8.4"))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("9.6, 10, 11");
    }

    private static String readFirstLine(Path file) {
        try {
            return Files.readAllLines(file).getFirst();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String one(PostgresServer server, String database, String query)
            throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }
}
