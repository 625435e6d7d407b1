package warp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void stoppedImmediately_recovers() throws SQLException {
        try (PostgresServer server = PostgresServer.start("18")) {
            server.execute("postgres", "CREATE TABLE t AS SELECT 42 AS x");
            server.stopImmediately();
            assertThat(server.isRunning()).isFalse();
            server.start();
            assertThat(one(server, "postgres", "SELECT x FROM t")).isEqualTo("42");
            assertThat(server.logTail()).contains("not properly shut down");
        }
    }

    @Test
    void frozen_answersNobody_untilItIsThawed() throws Exception {
        try (PostgresServer server = PostgresServer.start("18");
                Connection session = server.connect("postgres")) {
            server.freeze();
            var answer =
                    java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                        try (var statement = session.createStatement()) {
                            return statement.execute("SELECT 1");
                        } catch (SQLException problem) {
                            throw new IllegalStateException(problem);
                        }
                    });
            assertThatThrownBy(() -> answer.get(300, java.util.concurrent.TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            server.thaw();
            assertThat(answer.get(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            server.freeze();
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
    void killedHardAndClosed_leavesNoSharedMemory() throws IOException {
        String segment;
        try (PostgresServer server = PostgresServer.start(PostgresBinaries.newest())) {
            String[] line =
                    Files.readAllLines(server.data().resolve("postmaster.pid"))
                            .get(6)
                            .split(" +", -1);
            segment = line[line.length - 1];
            assertThat(segments()).contains(segment);
            server.killHard();
            assertThat(segments()).contains(segment);
        }
        assertThat(segments()).doesNotContain(segment);
    }

    @Test
    void encoding_isThatOfEveryDatabase() throws SQLException {
        try (PostgresServer server = PostgresServer.builder("9.6").encoding("LATIN1").start()) {
            server.createDatabase("d");
            assertThat(one(server, "d", "SHOW server_encoding")).isEqualTo("LATIN1");
        }
    }

    @Test
    void accessRules_comeBeforeTheStandardOnes() throws SQLException {
        try (PostgresServer server =
                PostgresServer.builder(PostgresBinaries.newest())
                        .hba("host all stranger 127.0.0.1/32 reject")
                        .hba("host all guest 127.0.0.1/32 trust")
                        .durable(true)
                        .start()) {
            server.execute("postgres", "CREATE ROLE stranger LOGIN", "CREATE ROLE guest LOGIN");
            assertThatThrownBy(() -> server.connect("postgres", "stranger", ""))
                    .hasMessageContaining("pg_hba.conf rejects");
            server.connect("postgres", "guest", "any").close();
            assertThatThrownBy(() -> server.connect("postgres", PostgresServer.USER, "wrong"))
                    .hasMessageContaining("password authentication failed");
            assertThat(one(server, "postgres", "SHOW fsync")).isEqualTo("on");
        }
    }

    @Test
    void tls_isSpokenWithTheGivenCertificate(@TempDir Path folder) throws Exception {
        SelfSigned certificate = SelfSigned.create(folder);
        try (PostgresServer server =
                PostgresServer.builder(PostgresBinaries.newest())
                        .tls(certificate.certificate(), certificate.key())
                        .start()) {
            Properties properties = new Properties();
            properties.setProperty("user", PostgresServer.USER);
            properties.setProperty("password", PostgresServer.PASSWORD);
            properties.setProperty("sslmode", "verify-full");
            properties.setProperty("sslrootcert", certificate.certificate().toString());
            try (Connection connection =
                            DriverManager.getConnection(server.jdbcUrl("postgres"), properties);
                    Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery(
                                    "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getBoolean(1)).isTrue();
            }
        }
    }

    @Test
    void uri_encodesEveryPart() throws SQLException {
        try (PostgresServer server = PostgresServer.start(PostgresBinaries.newest())) {
            assertThat(server.uri("d/?", "u:@", "p %ä"))
                    .isEqualTo(
                            "postgresql://u%%3A%%40:p%%20%%25%%C3%%A4@127.0.0.1:%d/d%%2F%%3F"
                                    .formatted(server.port()));
        }
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
    void programsOfAFolder_areAskedForTheirVersionAndMakeServers() throws SQLException {
        PostgresBinaries own = PostgresBinaries.of("15");

        PostgresBinaries programs = PostgresBinaries.installed(own.programs());

        assertThat(programs.major()).isEqualTo("15");
        assertThat(own.version()).startsWith(programs.version());
        try (PostgresServer server = PostgresServer.builder(programs).start()) {
            assertThat(server.version()).isEqualTo("15");
            assertThat(one(server, "postgres", "SHOW server_version"))
                    .isEqualTo(programs.version());
            server.restart();
            assertThat(one(server, "postgres", "SHOW server_encoding")).isEqualTo("UTF8");
        }
    }

    @Test
    void folderWithoutPrograms_isRefusedWithWhatItLacks(@TempDir Path folder) {
        assertThatThrownBy(() -> PostgresBinaries.installed(folder))
                .isInstanceOf(SandboxException.class)
                .hasMessage("there is no program postgres in " + folder);
    }

    @Test
    void otherVersion_isRefusedWithTheListOfThoseThatExist() {
        assertThatThrownBy(() -> PostgresServer.start("8.4"))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("9.6, 10, 11");
    }

    private static List<String> segments() throws IOException {
        return Files.readAllLines(Path.of("/proc/sysvipc/shm")).stream()
                .map(line -> line.strip().split(" +", -1)[1])
                .toList();
    }

    private static String readFirstLine(Path file) {
        try {
            return Files.readAllLines(file).getFirst();
        } catch (IOException e) {
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
