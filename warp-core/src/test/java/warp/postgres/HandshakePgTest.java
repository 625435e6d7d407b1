package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.ConfigFile;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.Handshake;
import warp.config.ConnectionStrings;
import warp.config.Environment;
import warp.config.PrivateFile;
import warp.config.SslMode;
import warp.config.Warning;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.tls.TestAuthority;
import warp.postgres.wire.WireSession;
import warp.sandbox.PostgresServer;

/** What is asked of a server besides its certificate, and what is said of a careless login. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakePgTest {

    private static final String PASSWORD = "c4nary 'ü\"\\%41";

    @TempDir static Path folder;
    private TestAuthority authority;
    private PostgresServer server;
    private PostgresServer older;

    @BeforeAll
    void start() throws Exception {
        authority = new TestAuthority(folder);
        TestAuthority.Identity identity = authority.issue("server", "localhost", "DNS:localhost");
        server =
                PostgresServer.builder("18")
                        .tls(identity.certificate(), identity.key())
                        .setting("ssl_ca_file", "server.crt")
                        .hba("host all asked 127.0.0.1/32 password")
                        .hba("host all hashed 127.0.0.1/32 md5")
                        .hba("host all trusted 127.0.0.1/32 trust")
                        .hba("hostssl all certified 127.0.0.1/32 cert")
                        .start();
        older =
                PostgresServer.builder("13")
                        .tls(identity.certificate(), identity.key())
                        .setting("ssl_max_protocol_version", "TLSv1.2")
                        .start();
        String quoted = "'" + PASSWORD.replace("'", "''") + "'";
        server.execute(
                "postgres",
                "CREATE ROLE asked LOGIN PASSWORD " + quoted,
                "CREATE ROLE scrambled LOGIN PASSWORD " + quoted,
                "CREATE ROLE trusted LOGIN",
                "CREATE ROLE certified LOGIN",
                "SET password_encryption = 'md5'",
                "CREATE ROLE hashed LOGIN PASSWORD " + quoted);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
        if (older != null) {
            older.close();
        }
    }

    private TriedConnection as(String role, SslMode mode) {
        return TriedConnection.to(server)
                .mode(mode)
                .root(authority.certificate())
                .user(role, PASSWORD);
    }

    private static WarpException refusal(TriedConnection connection) {
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class, () -> connection.connector().open().close());
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.code()).as(refusal.report()).isEqualTo(ErrorCode.LOGIN);
        assertThat(refusal.report()).contains("HINT: ").doesNotContain("c4nary");
        return refusal;
    }

    private static String asked(TriedConnection connection, String query) {
        try (Session session = connection.connector().open()) {
            return session.queryOne(query).text("v");
        }
    }

    private static void logsIn(TriedConnection connection) {
        assertThat(asked(connection, "SELECT current_user::text AS v"))
                .isEqualTo(connection.settings().user());
    }

    @Test
    void requireAuth_letsInByWhatItNames() {
        logsIn(as("scrambled", SslMode.DISABLE).requireAuth("scram-sha-256"));
        logsIn(as("scrambled", SslMode.VERIFY_FULL).requireAuth("md5,scram-sha-256"));
        logsIn(as("scrambled", SslMode.DISABLE).requireAuth("!password,!md5"));
        logsIn(as("hashed", SslMode.DISABLE).requireAuth("md5"));
        logsIn(as("trusted", SslMode.DISABLE).requireAuth("none"));
    }

    @ParameterizedTest
    @CsvSource({
        "asked, scram-sha-256",
        "asked, !password",
        "hashed, scram-sha-256",
        "hashed, '!md5,!password'",
        "trusted, scram-sha-256",
        "trusted, !none",
        "scrambled, none",
        "scrambled, 'password,md5'",
    })
    void requireAuth_givesNothingToAServerThatAsksOtherwise(String role, String methods) {
        for (SslMode mode : List.of(SslMode.DISABLE, SslMode.PREFER, SslMode.VERIFY_FULL)) {
            WarpException refusal = refusal(as(role, mode).requireAuth(methods));

            assertThat(refusal).hasMessageContaining("require_auth=" + methods);
        }
    }

    /** Else whoever stands between could ask for the password itself. */
    @ParameterizedTest
    @ValueSource(strings = {"asked", "hashed", "trusted"})
    void channelBindingRequired_isNotMetByAWeakerLogin(String role) {
        for (SslMode mode : List.of(SslMode.DISABLE, SslMode.REQUIRE, SslMode.VERIFY_FULL)) {
            WarpException refusal = refusal(as(role, mode).channelBinding("require"));

            assertThat(refusal).hasMessageContaining("channel_binding=require cannot be met");
        }
    }

    @Test
    void channelBinding_isUsedByEveryKindOfSession() {
        TriedConnection connection =
                TriedConnection.to(server)
                        .mode(SslMode.VERIFY_FULL)
                        .root(authority.certificate())
                        .channelBinding("require");
        try (Session session = connection.connector().open();
                WireSession wire = connection.connector().openWire();
                WireSession stream = connection.connector().openReplication()) {
            assertThat(session.isAlive()).isTrue();
            assertThat(wire.execute("SELECT 1")).isEqualTo("SELECT 1");
            assertThat(stream.queryRow("IDENTIFY_SYSTEM")).hasSize(4);
        }
    }

    private static Handshake direct() {
        return new Handshake("prefer", "", true, "", "", true);
    }

    private static Handshake protocols(String min, String max) {
        return new Handshake("prefer", "", false, min, max, true);
    }

    @Test
    void directNegotiation_worksWhereTheServerHasIt() {
        TriedConnection connection = as("scrambled", SslMode.VERIFY_FULL).handshake(direct());

        assertThat(
                        asked(
                                connection,
                                "SELECT ssl::text AS v FROM pg_stat_ssl WHERE pid ="
                                        + " pg_backend_pid()"))
                .isEqualTo("true");
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class,
                        () ->
                                TriedConnection.to(older)
                                        .mode(SslMode.REQUIRE)
                                        .handshake(direct())
                                        .connector()
                                        .open()
                                        .close());
        assertThat(refusal.report()).contains("sslnegotiation=direct");
    }

    @Test
    void versionsOfTls_areThoseAskedFor() {
        String version = "SELECT version AS v FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        TriedConnection connection = as("scrambled", SslMode.VERIFY_FULL);

        assertThat(asked(connection.handshake(protocols("", "TLSv1.2")), version))
                .isEqualTo("TLSv1.2");
        assertThat(asked(connection.handshake(protocols("TLSv1.3", "")), version))
                .isEqualTo("TLSv1.3");
        TriedConnection old =
                TriedConnection.to(older).mode(SslMode.REQUIRE).root(authority.certificate());
        assertThat(asked(old, version)).isEqualTo("TLSv1.2");
        assertThat(refusal(old.handshake(protocols("TLSv1.3", "")))).hasMessageContaining("TLS");
    }

    @Test
    void aCertificateThatIsNotToBeShown_isNotShown() throws Exception {
        TestAuthority.Identity identity = authority.issue("client", "certified", "");
        TriedConnection connection =
                as("certified", SslMode.REQUIRE)
                        .certificate(identity.certificate(), identity.key())
                        .handshake(new Handshake("prefer", "", false, "", "", false));

        assertThat(refusal(connection)).hasMessageContaining("requires a valid client certificate");
    }

    @Test
    void aTokenThatExpiredWhileItWasKept_isAskedForAgain() throws Exception {
        Path token = folder.resolve("token");
        Path config = folder.resolve("expiring.yaml");
        server.execute("postgres", "CREATE ROLE expiring LOGIN PASSWORD 'first'");
        Files.writeString(token, "first");
        PrivateFile.write(
                config,
                "source: {host: localhost, port: %d, user: expiring, database: postgres,"
                                .formatted(server.port())
                        + " passwordCommand: [cat, '%s']}\ndestination: host=x user=y\n"
                                .formatted(token));
        ConnectionStrings strings = new ConnectionStrings(Environment.ofProcess(), warning -> {});
        ConnectionSettings settings =
                strings.complete(
                        Side.SOURCE,
                        ConfigFile.read(config, strings, warning -> {}).of(Side.SOURCE));
        Connector connector = new Connector(settings, "warp test");
        connector.open().close();
        server.execute("postgres", "ALTER ROLE expiring PASSWORD 'second'");
        Files.writeString(token, "second");

        connector.open().close();

        server.execute("postgres", "ALTER ROLE expiring PASSWORD 'third'");
        assertThat(refusal(new TriedConnection(settings)).hasSqlState("28P01")).isTrue();
    }

    private static List<Warning> warnings(TriedConnection connection, boolean loopbackCounts) {
        List<Warning> warnings = new ArrayList<>();
        Connector connector =
                loopbackCounts
                        ? new Connector(connection.settings(), "warp test", warnings::add)
                        : new Connector(
                                connection.settings(),
                                "warp test",
                                warnings::add,
                                address -> false);
        connector.open().close();
        connector.openWire().close();
        return warnings;
    }

    @ParameterizedTest
    @CsvSource({"asked, the password itself", "hashed, the MD5 hash of the password"})
    void aPasswordInClear_isWarnedOfOnce(String role, String what) {
        List<Warning> warnings = warnings(as(role, SslMode.PREFER).mode(SslMode.DISABLE), false);

        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst().line())
                .startsWith("source: localhost:%d/postgres asks for ".formatted(server.port()))
                .contains(what);
        assertThat(warnings.getFirst().hint()).contains("sslmode=verify-full", "require_auth=");
        assertThat(warnings.toString()).doesNotContain("c4nary");
    }

    @Test
    void whatNobodyCanRead_isNotWarnedOf() {
        assertThat(warnings(as("scrambled", SslMode.DISABLE), false)).isEmpty();
        assertThat(warnings(as("trusted", SslMode.DISABLE), false)).isEmpty();
        for (String role : List.of("asked", "hashed")) {
            assertThat(warnings(as(role, SslMode.REQUIRE), false)).isEmpty();
            assertThat(warnings(as(role, SslMode.PREFER), false)).isEmpty();
            assertThat(warnings(as(role, SslMode.DISABLE), true)).isEmpty();
        }
    }
}
