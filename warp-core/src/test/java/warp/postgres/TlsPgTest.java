package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.tls.TestAuthority;
import warp.postgres.wire.WireSession;
import warp.sandbox.PostgresServer;

/** Every sslmode and certificate against a server with TLS and one without. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsPgTest {

    private static final String ENCRYPTED =
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    private TestAuthority authority;
    private TestAuthority stranger;
    private TestAuthority.Identity serverIdentity;
    private PostgresServer server;
    private PostgresServer plain;

    @TempDir static Path folder;

    @BeforeAll
    void start() throws Exception {
        authority = new TestAuthority(Files.createDirectory(folder.resolve("authority")));
        stranger = new TestAuthority(Files.createDirectory(folder.resolve("stranger")));
        serverIdentity = authority.issue("server", "somebody", "DNS:localhost,IP:127.0.0.1");
        Path chain = folder.resolve("chain.crt");
        Files.writeString(
                chain,
                Files.readString(serverIdentity.certificate())
                        + Files.readString(authority.certificate()));
        server =
                PostgresServer.builder("18")
                        .tls(chain, serverIdentity.key())
                        .setting("ssl_ca_file", "server.crt")
                        .hba("hostssl all encrypted 127.0.0.1/32 trust")
                        .hba("hostnossl all unencrypted 127.0.0.1/32 trust")
                        .hba("hostssl all certified 127.0.0.1/32 cert")
                        .hba("host all encrypted,unencrypted,certified 127.0.0.1/32 reject")
                        .start();
        plain = PostgresServer.start("9.6");
        server.execute(
                "postgres",
                "CREATE ROLE encrypted LOGIN",
                "CREATE ROLE unencrypted LOGIN",
                "CREATE ROLE certified LOGIN REPLICATION");
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
        if (plain != null) {
            plain.close();
        }
    }

    private static boolean encrypts(TriedConnection connection) {
        try (Session session = connection.connector().open()) {
            return session.queryOne(ENCRYPTED).flag("ssl");
        }
    }

    private static WarpException refusal(TriedConnection connection) {
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class, () -> connection.connector().open().close());
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.report())
                .startsWith("source: ")
                .contains("HINT: ")
                .doesNotContain(PostgresServer.PASSWORD);
        return refusal;
    }

    private TriedConnection verified(SslMode mode) {
        return TriedConnection.to(server).mode(mode).root(authority.certificate());
    }

    @ParameterizedTest
    @EnumSource(SslMode.class)
    void everyMode_encryptsWhereItSays(SslMode mode) {
        boolean expected = mode.compareTo(SslMode.PREFER) >= 0;

        assertThat(encrypts(verified(mode))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(SslMode.class)
    void serverWithoutTls_isRefusedFromRequireOn(SslMode mode) {
        TriedConnection connection =
                TriedConnection.to(plain).mode(mode).root(authority.certificate());
        if (mode.compareTo(SslMode.REQUIRE) < 0) {
            assertThat(encrypts(connection)).isFalse();
        } else {
            WarpException refusal = refusal(connection);
            assertThat(refusal.code()).isEqualTo(ErrorCode.LOGIN);
            assertThat(refusal)
                    .hasMessage(
                            "localhost:%d/postgres has no TLS, and sslmode is %s"
                                    .formatted(plain.port(), mode));
        }
    }

    /** Each connection costs the server a process. */
    @Test
    void serverWithoutTls_isAskedForItOnce() throws Exception {
        try (PostgresServer logging =
                PostgresServer.builder("13").setting("log_connections", "on").start()) {
            Connector connector = TriedConnection.to(logging).mode(SslMode.PREFER).connector();
            List<Long> connections = new ArrayList<>();
            for (int login = 0; login < 3; login++) {
                long before = received(logging);
                connector.open().close();
                connector.openReplication().close();
                connections.add(received(logging) - before);
            }
            assertThat(connections).containsExactly(3L, 2L, 2L);
        }
    }

    private static long received(PostgresServer logging) throws IOException {
        try (Stream<String> lines = Files.lines(logging.log())) {
            return lines.filter(line -> line.contains("connection received")).count();
        }
    }

    @Test
    void allow_encryptsWhereTheServerInsists() {
        assertThat(encrypts(verified(SslMode.ALLOW).user("encrypted", null))).isTrue();
    }

    @Test
    void prefer_goesPlainWhereTheServerInsists() {
        assertThat(encrypts(verified(SslMode.PREFER).user("unencrypted", null))).isFalse();
    }

    @Test
    void require_neverGoesPlain() {
        WarpException refusal = refusal(verified(SslMode.REQUIRE).user("unencrypted", null));

        assertThat(refusal.code()).isEqualTo(ErrorCode.LOGIN);
        assertThat(refusal).hasMessageContaining("pg_hba.conf");
    }

    @Test
    void disable_whereTlsIsWanted_namesRequire() {
        WarpException refusal = refusal(verified(SslMode.DISABLE).user("encrypted", null));

        assertThat(refusal.hasSqlState("28000")).isTrue();
        assertThat(refusal.hints().toString()).contains("pg_hba.conf");
    }

    @Test
    void requireWithoutRoot_takesAnyCertificate() {
        assertThat(encrypts(TriedConnection.to(server).mode(SslMode.REQUIRE))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
    void foreignRoot_isNotTrusted(SslMode mode) {
        WarpException refusal =
                refusal(TriedConnection.to(server).mode(mode).root(stranger.certificate()));

        assertThat(refusal.code()).isEqualTo(ErrorCode.LOGIN);
        assertThat(refusal)
                .hasMessageContaining("localhost:" + server.port())
                .hasMessageContaining(
                        "(CN=somebody, issued by CN=Test authority) was not signed by an authority"
                                + " in "
                                + stranger.certificate());
    }

    @Test
    void serverCertificateAsRoot_isTrusted() {
        TriedConnection connection =
                TriedConnection.to(server)
                        .mode(SslMode.VERIFY_FULL)
                        .root(serverIdentity.certificate());

        assertThat(encrypts(connection)).isTrue();
    }

    @Test
    void verifyFull_comparesTheAddressToo() {
        TriedConnection connection = verified(SslMode.VERIFY_FULL);

        assertThat(
                        encrypts(
                                connection.hosts(
                                        TriedConnection.to("127.0.0.1", server.port())
                                                .settings()
                                                .hosts()
                                                .getFirst())))
                .isTrue();
    }

    @Test
    void otherName_isRefusedByVerifyFullOnly() throws Exception {
        TestAuthority.Identity other = authority.issue("other", "elsewhere.example", "");
        try (PostgresServer elsewhere =
                PostgresServer.builder("13").tls(other.certificate(), other.key()).start()) {
            TriedConnection connection =
                    TriedConnection.to(elsewhere).root(authority.certificate());

            assertThat(encrypts(connection.mode(SslMode.VERIFY_CA))).isTrue();
            assertThat(refusal(connection.mode(SslMode.VERIFY_FULL)))
                    .hasMessageContaining("is made for elsewhere.example, not for localhost");
            assertThat(encrypts(connection.mode(SslMode.PREFER))).isTrue();
        }
    }

    @Test
    void expiredCertificate_isNamed() throws Exception {
        TestAuthority.Identity expired = authority.issueExpired("expired", "localhost");
        try (PostgresServer old =
                PostgresServer.builder("13").tls(expired.certificate(), expired.key()).start()) {
            TriedConnection connection = TriedConnection.to(old).root(authority.certificate());

            assertThat(refusal(connection.mode(SslMode.VERIFY_CA)))
                    .hasMessageContaining("its certificate expired at 2020-02-01T00:00:00Z");
            // libpq falls back as well: prefer promises nothing.
            assertThat(encrypts(connection.mode(SslMode.PREFER))).isFalse();
        }
    }

    @Test
    void revocationList_isHeeded() throws Exception {
        Path empty = authority.revocationList();
        assertThat(encrypts(verified(SslMode.VERIFY_FULL).revocations(empty))).isTrue();

        TestAuthority own = new TestAuthority(Files.createDirectory(folder.resolve("revoking")));
        TestAuthority.Identity revoked = own.issue("server", "localhost", "DNS:localhost");
        Path list = own.revocationList(revoked);
        try (PostgresServer bad =
                PostgresServer.builder("13").tls(revoked.certificate(), revoked.key()).start()) {
            TriedConnection connection =
                    TriedConnection.to(bad).mode(SslMode.VERIFY_CA).root(own.certificate());

            assertThat(encrypts(connection)).isTrue();
            assertThat(refusal(connection.revocations(list)))
                    .hasMessageContaining("has been revoked");
            assertThat(refusal(connection.revocations(empty)))
                    .hasMessageContaining("cannot be checked against the revocation list");
        }
    }

    @Test
    void clientCertificate_logsInWithoutPassword() throws Exception {
        TestAuthority.Identity identity = authority.issue("client", "certified", "");
        TriedConnection connection =
                verified(SslMode.VERIFY_FULL)
                        .user("certified", null)
                        .certificate(identity.certificate(), identity.key());

        assertThat(encrypts(connection)).isTrue();
        try (WireSession wire = connection.connector().openWire();
                WireSession replication = connection.connector().openReplication()) {
            assertThat(wire.execute("SELECT 1")).isEqualTo("SELECT 1");
            assertThat(replication.queryRow("IDENTIFY_SYSTEM")).hasSize(4).contains("postgres");
        }
    }

    @Test
    void clientCertificateMissingOrWrong_isSaid() throws Exception {
        TriedConnection connection = verified(SslMode.VERIFY_FULL).user("certified", null);
        TestAuthority.Identity other = authority.issue("other-client", "postgres", "");
        TestAuthority.Identity foreign = stranger.issue("foreign", "certified", "");

        assertThat(refusal(connection)).hasMessageContaining("requires a valid client certificate");
        assertThat(refusal(connection).hints().toString()).contains("sslcert");
        assertThat(refusal(connection.certificate(other.certificate(), other.key())).code())
                .isEqualTo(ErrorCode.LOGIN);
        WarpException alert = refusal(connection.certificate(foreign.certificate(), foreign.key()));
        assertThat(alert.code()).as(alert.report()).isEqualTo(ErrorCode.LOGIN);
        assertThat(alert).hasMessageContaining("TLS");
        assertThat(alert.hints().toString()).contains("may not accept this client's certificate");
    }

    @Test
    void exposedKey_isRefusedWithChmod() throws Exception {
        TestAuthority.Identity identity = authority.issue("exposed", "certified", "");
        Files.setPosixFilePermissions(identity.key(), PosixFilePermissions.fromString("rw-r--r--"));

        WarpException refusal =
                refusal(
                        verified(SslMode.REQUIRE)
                                .certificate(identity.certificate(), identity.key()));

        assertThat(refusal.code()).isEqualTo(ErrorCode.FILE);
        assertThat(refusal.hints()).containsExactly("chmod 0600 " + identity.key());
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL", "PREFER"})
    void channelBinding_isUsedOverTls(SslMode mode) {
        assertThat(encrypts(verified(mode).channelBinding("require"))).isTrue();
        assertThat(encrypts(verified(mode).channelBinding("disable"))).isTrue();
    }

    @Test
    void channelBindingWithoutTls_isRefused() {
        WarpException refusal = refusal(verified(SslMode.DISABLE).channelBinding("require"));

        assertThat(refusal.code()).isEqualTo(ErrorCode.LOGIN);
        assertThat(refusal).hasMessageContaining("channel_binding=require cannot be met");
    }
}
