package warp.postgres;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.ConnectionSettings.HostPort;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.wire.FakeServer;

/** What is said where no PostgreSQL server of sound mind is at the other end. */
@Timeout(60)
class LoginErrorsTest {

    private static WarpException refusal(TriedConnection connection) {
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class, () -> connection.connector().open().close());
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.report()).startsWith("source: ").contains("HINT: ");
        assertThat(refusal.getMessage()).doesNotContain("Exception").doesNotContain("warp");
        return refusal;
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void closedPort_isSaid() throws Exception {
        int port = closedPort();

        WarpException refusal = refusal(TriedConnection.to("127.0.0.1", port));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CONNECTION);
        assertThat(refusal).hasMessage("127.0.0.1:%d/postgres: nothing listens there", port);
    }

    @Test
    void unknownHost_isSaid() {
        WarpException refusal = refusal(TriedConnection.to("no-such-host.invalid", 5432));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CONNECTION);
        assertThat(refusal)
                .hasMessage("no-such-host.invalid:5432/postgres: the host name is not known");
        assertThat(refusal.hints())
                .containsExactly("Check the name: getent hosts no-such-host.invalid");
    }

    /** Lengths that would not fit into any memory, at every place of a login. */
    @ParameterizedTest
    @ValueSource(chars = {'R', 'E', 'N', 'S', 'K', 'v', 'Z', '?'})
    void absurdLengths_areNotBelieved(char type) throws Exception {
        for (int length : new int[] {Integer.MAX_VALUE, 0x3fff_ffff, -5, 0, 4}) {
            byte[] answer = {
                (byte) type,
                (byte) (length >>> 24),
                (byte) (length >>> 16),
                (byte) (length >>> 8),
                (byte) length,
                0,
                0,
                0,
                10,
                0
            };
            try (FakeServer server =
                    FakeServer.raw(client -> {
                        client.readStartup();
                        client.send(answer);
                    })) {
                WarpException refusal = refusal(TriedConnection.to("127.0.0.1", server.port()));

                assertThat(refusal.code()).isIn(ErrorCode.CONNECTION, ErrorCode.LOGIN);
            }
        }
    }

    @Test
    void severalHostsAllDown_namesEach() throws Exception {
        int port = closedPort();
        TriedConnection connection =
                TriedConnection.to("127.0.0.1", port)
                        .hosts(
                                new HostPort("127.0.0.1", port),
                                new HostPort("no-such-host.invalid", 1));

        WarpException refusal = refusal(connection);

        assertThat(refusal.code()).isEqualTo(ErrorCode.CONNECTION);
        assertThat(refusal)
                .hasMessage(
                        "none of 2 hosts gave a session: 127.0.0.1:%d/postgres: nothing listens"
                            + " there; no-such-host.invalid:1/postgres: the host name is not known",
                        port);
        assertThat(refusal.hints()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISABLE", "ALLOW", "PREFER", "REQUIRE"})
    void serverThatNeverSpeaks_isGivenUpInTime(SslMode mode) throws Exception {
        try (FakeServer silent = FakeServer.raw(FakeServer.Peer::drain)) {
            TriedConnection connection =
                    TriedConnection.to("127.0.0.1", silent.port()).mode(mode).session(1, "any", "");

            WarpException refusal = refusal(connection);

            assertThat(refusal.code()).isEqualTo(ErrorCode.CONNECTION);
            assertThat(refusal).hasMessageContaining("did not answer in 1 s");
        }
    }

    @Test
    void serverThatDribbles_isGivenUpInTime() throws Exception {
        FakeServer.Script dribble =
                client -> {
                    client.readStartup();
                    while (true) {
                        client.send(FakeServer.message('v', FakeServer.ints(3 << 16, 0)));
                    }
                };
        try (FakeServer server = FakeServer.raw(dribble)) {
            WarpException refusal =
                    refusal(TriedConnection.to("127.0.0.1", server.port()).session(1, "any", ""));

            assertThat(refusal).hasMessageContaining("did not answer in 1 s");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DISABLE", "PREFER", "REQUIRE"})
    void webServer_isNotPostgres(SslMode mode) throws Exception {
        byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII);
        FakeServer.Script script =
                client -> {
                    client.readStartup();
                    client.send(answer);
                    client.drain();
                };
        try (FakeServer server = FakeServer.raw(script)) {
            WarpException refusal =
                    refusal(TriedConnection.to("127.0.0.1", server.port()).mode(mode));

            assertThat(refusal)
                    .hasMessage(
                            "127.0.0.1:%d/postgres does not answer as a PostgreSQL server does",
                            server.port());
        }
    }

    @Test
    void serverThatHangsUp_isSaid() throws Exception {
        try (FakeServer server = FakeServer.raw(FakeServer.Peer::readStartup)) {
            WarpException refusal = refusal(TriedConnection.to("127.0.0.1", server.port()));

            assertThat(refusal.code()).isEqualTo(ErrorCode.CONNECTION);
            assertThat(refusal).hasMessageContaining("hung up before the login was done");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "53300,CONNECTION,raise max_connections",
        "57P03,CONNECTION,try again",
        "28P01,LOGIN,its password",
        "28000,LOGIN,may log in",
        "3D000,LOGIN,dbname=postgres",
        "42704,LOGIN,options",
        "53200,CONNECTION,log",
        "08P01,CONNECTION,pooler",
        "XX000,CONNECTION,log"
    })
    void whatTheServerSays_isTold(String state, ErrorCode code, String hint) throws Exception {
        FakeServer.Script script =
                client -> {
                    client.readStartup();
                    client.send(FakeServer.error(state, "it is so"));
                    client.drain();
                };
        try (FakeServer server = FakeServer.raw(script)) {
            WarpException refusal = refusal(TriedConnection.to("127.0.0.1", server.port()));

            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.sqlState()).contains(state);
            assertThat(refusal)
                    .hasMessage("127.0.0.1:%d/postgres refuses: it is so", server.port());
            assertThat(refusal.hints().toString()).contains(hint);
        }
    }

    @Test
    void serverStartingUp_isPassedOverForTheNextHost() throws Exception {
        FakeServer.Script starting =
                client -> {
                    client.readStartup();
                    client.send(FakeServer.error("57P03", "starting up"));
                    client.drain();
                };
        FakeServer.Script refusing =
                client -> {
                    client.readStartup();
                    client.send(FakeServer.error("28P01", "wrong"));
                    client.drain();
                };
        try (FakeServer first = FakeServer.raw(starting);
                FakeServer second = FakeServer.raw(refusing);
                FakeServer third = FakeServer.raw(starting)) {
            TriedConnection connection =
                    TriedConnection.to("127.0.0.1", first.port())
                            .hosts(
                                    new HostPort("127.0.0.1", first.port()),
                                    new HostPort("127.0.0.1", second.port()),
                                    new HostPort("127.0.0.1", third.port()));

            // A refused login ends the search, as in libpq.
            assertThat(refusal(connection))
                    .hasMessage("127.0.0.1:%d/postgres refuses: wrong", second.port());
        }
    }
}
