package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.NetworkProxy;
import warp.sandbox.PostgresServer;

/** Both sides are logged in at once; what is told of it is as if the source came first. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginsPgTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Of a copy of one small table, from the first login to the last, side by side or not. There
     * are 66, and 73 at the destination; more of them cost who is far away.
     */
    private static final long SOURCE_ROUND_TRIPS_MAX = 74;

    private static final long DESTINATION_ROUND_TRIPS_MAX = 82;

    /**
     * Of the same and of replication until both sides are equal. There are 8, and 5 at the
     * destination; each costs its server 25 ms or more.
     */
    private static final long SOURCE_CONNECTIONS_MAX = 9;

    private static final long DESTINATION_CONNECTIONS_MAX = 6;

    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        source = PostgresServer.start("15"); // for the pg_dump that there usually is
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    private Move move() throws SQLException {
        return Move.between(source, destination, directory);
    }

    private static void awaitNoSession(PostgresServer server, Move move) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!sessions(server, move).isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static List<String> sessions(PostgresServer server, Move move) throws SQLException {
        try (var connection = server.connect("postgres");
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT pid FROM pg_stat_activity WHERE application_name = 'warp "
                                        + move.slot()
                                        + "'")) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        }
    }

    @Test
    void wrongPasswordsAtBothSides_theSourceIsTold() throws Exception {
        try (Move move = move();
                NetworkProxy slow = NetworkProxy.to(source.port())) {
            slow.delay(Duration.ofMillis(20)); // the destination has refused long before
            String from =
                    source.uri("shop", "postgres", "wrong")
                            .replace(":" + source.port(), ":" + slow.port());
            String to = destination.uri("shop_to", "postgres", "wrong");
            for (int i = 0; i < 5; i++) {
                try (WarpCommand warp = start(move, from, to)) {
                    assertThat(warp.await()).isNotEqualTo(ExitCode.DONE);
                    assertThat(warp.printed())
                            .containsOnlyOnce("ERROR: ")
                            .contains("ERROR: source: ")
                            .doesNotContain("destination: ");
                }
            }
            awaitNoSession(source, move);
            awaitNoSession(destination, move);
        }
    }

    private WarpCommand start(Move move, String from, String to) {
        return WarpCommand.start(
                directory,
                List.of("--source=" + from, "--destination=" + to, "--slot=" + move.slot()));
    }

    @Test
    void destinationThatRefuses_endsTheSourcesSession() throws Exception {
        try (Move move = move();
                WarpCommand warp =
                        start(
                                move,
                                source.uri("shop"),
                                destination.uri("shop_to", "postgres", "wrong"))) {
            assertThat(warp.await()).isNotEqualTo(ExitCode.DONE);
            assertThat(warp.printed()).containsOnlyOnce("ERROR: ").contains("ERROR: destination: ");
            awaitNoSession(source, move);
            awaitNoSession(destination, move);
        }
    }

    @Test
    void sourceThatRefuses_endsTheDestinationsSession() throws Exception {
        try (Move move = move();
                WarpCommand warp =
                        start(
                                move,
                                source.uri("shop", "postgres", "wrong"),
                                destination.uri("shop_to"))) {
            assertThat(warp.await()).isNotEqualTo(ExitCode.DONE);
            assertThat(warp.printed()).containsOnlyOnce("ERROR: ").contains("ERROR: source: ");
            awaitNoSession(destination, move);
        }
    }

    @Test
    void stopWhileBothServersSayNothing_endsBothLogins() throws Exception {
        try (Move move = move();
                NetworkProxy toSource = NetworkProxy.to(source.port());
                NetworkProxy toDestination = NetworkProxy.to(destination.port())) {
            toSource.fallSilent();
            toDestination.fallSilent();
            move.through(toSource, toDestination).with("connect_timeout=120");
            try (WarpCommand warp = move.start("--until=caught-up")) {
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (toSource.connectionsMade() == 0 || toDestination.connectionsMade() == 0) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                }
                assertThat(warp.terminate()).isEqualTo(ExitCode.TERMINATED);
            }
        }
    }

    @Test
    void programsThatPrintPasswords_areNotRunSideBySide() throws Exception {
        try (Move move = move()) {
            Path program = program();
            Path config = directory.resolve("asks.yaml");
            Files.writeString(
                    config,
                    "source: {host: 127.0.0.1, port: %d, user: postgres, database: shop, passwordCommand: %s}\n"
                                    .formatted(source.port(), program)
                            + "destination: {host: 127.0.0.1, port: %d, user: postgres, database: shop_to, passwordCommand: %s}\n"
                                    .formatted(destination.port(), program));
            move.atBoth("CREATE TABLE t (id int PRIMARY KEY)");

            try (WarpCommand warp =
                    WarpCommand.start(
                            directory,
                            List.of("--config=" + config, "--slot=" + move.slot(), "--testing"))) {
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
            }
            assertThat(directory.resolve("clash")).doesNotExist();
        }
    }

    /** Notes down where it runs while it runs. */
    private Path program() throws IOException {
        Path program = directory.resolve("password");
        Files.writeString(
                program,
                """
                #!/bin/sh
                mkdir '%s/asking' || touch '%s/clash'
                sleep 0.2
                rmdir '%s/asking'
                echo %s
                """
                        .formatted(directory, directory, directory, PostgresServer.PASSWORD));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    @Test
    void roundTripsOfACopy_areCounted() throws Exception {
        try (Move move = move();
                NetworkProxy toSource = NetworkProxy.to(source.port());
                NetworkProxy toDestination = NetworkProxy.to(destination.port())) {
            move.atBoth("CREATE TABLE t (id int PRIMARY KEY, v text)");
            move.atSource("INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i");
            move.through(toSource, toDestination);

            move.run("--until=copied", "--jobs=1");

            move.assertEqual("public");
            assertThat(toSource.roundTrips()).isBetween(1L, SOURCE_ROUND_TRIPS_MAX);
            assertThat(toDestination.roundTrips()).isBetween(1L, DESTINATION_ROUND_TRIPS_MAX);
        }
    }

    @Test
    void connectionsOfAWholeMigration_areCounted() throws Exception {
        try (Move move = move();
                NetworkProxy toSource = NetworkProxy.to(source.port());
                NetworkProxy toDestination = NetworkProxy.to(destination.port())) {
            move.atBoth("CREATE TABLE t (id serial PRIMARY KEY, v text)");
            move.atSource("INSERT INTO t (v) SELECT 'v' FROM generate_series(1, 100) i");
            move.through(toSource, toDestination);

            move.catchUp("--jobs=1");

            move.assertEqual("public");
            assertThat(toSource.connectionsMade()).isBetween(1L, SOURCE_CONNECTIONS_MAX);
            assertThat(toDestination.connectionsMade()).isBetween(1L, DESTINATION_CONNECTIONS_MAX);
        }
    }
}
