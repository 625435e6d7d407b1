package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.ConnectionSettings.HostPort;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.wire.ChangeStream;
import warp.postgres.wire.WireSession;
import warp.sandbox.PostgresServer;

/** What every session has in force, whatever a role or a database was given. */
@ParameterizedClass
@ValueSource(strings = {"9.6", "13", "18"})
class SettingsPgTest {

    private static final String ODD_USER = "Jürgen O'Neil \"%40\" ☃ 🐘";
    private static final String ODD_PASSWORD = "p@ss:w/ö rd?#&%20'\"\\ ☃ 🐘";
    private static final String ODD_DATABASE = "Daten bank/é?a=b&c%41+'\"☃";

    private static final Map<String, String> OWN =
            Map.ofEntries(
                    Map.entry("DateStyle", "ISO, MDY"),
                    Map.entry("IntervalStyle", "postgres"),
                    Map.entry("TimeZone", "UTC"),
                    Map.entry("extra_float_digits", "3"),
                    Map.entry("bytea_output", "hex"),
                    Map.entry("search_path", ""),
                    Map.entry("row_security", "off"),
                    Map.entry("statement_timeout", "0"),
                    Map.entry("lock_timeout", "0"),
                    Map.entry("idle_in_transaction_session_timeout", "0"),
                    Map.entry("default_transaction_read_only", "off"),
                    Map.entry("default_transaction_isolation", "read committed"));

    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static PostgresServer server;

    @SuppressWarnings("NullAway.Init") // Set by JUnit.
    @Parameter
    String version;

    @BeforeParameterizedClassInvocation
    static void start(String version) throws Exception {
        server =
                PostgresServer.builder(version)
                        .setting("max_connections", "25")
                        // So md5 is proved by 9.6 and 13, SCRAM by 18.
                        .setting("password_encryption", encryption(version))
                        .hba("host all all 127.0.0.1/32 md5")
                        .start();
        String user = quoted(ODD_USER);
        server.execute(
                "postgres",
                "CREATE DATABASE " + quoted(ODD_DATABASE) + " TEMPLATE template0",
                "CREATE ROLE "
                        + user
                        + " LOGIN SUPERUSER REPLICATION PASSWORD "
                        + "'"
                        + ODD_PASSWORD.replace("'", "''")
                        + "'",
                "ALTER ROLE " + user + " SET DateStyle = 'SQL, DMY'",
                "ALTER ROLE " + user + " SET IntervalStyle = 'sql_standard'",
                "ALTER ROLE " + user + " SET TimeZone = 'Asia/Kathmandu'",
                "ALTER ROLE " + user + " SET extra_float_digits = -5",
                "ALTER ROLE " + user + " SET bytea_output = 'escape'",
                "ALTER ROLE " + user + " SET search_path = 'nowhere'",
                "ALTER ROLE " + user + " SET statement_timeout = '5s'",
                "ALTER ROLE " + user + " SET lock_timeout = '5s'",
                "ALTER ROLE " + user + " SET work_mem = '5MB'",
                "ALTER DATABASE " + quoted(ODD_DATABASE) + " SET row_security = on",
                "ALTER DATABASE "
                        + quoted(ODD_DATABASE)
                        + " SET idle_in_transaction_session_timeout = '5s'",
                "ALTER DATABASE "
                        + quoted(ODD_DATABASE)
                        + " SET default_transaction_read_only = on",
                "ALTER DATABASE "
                        + quoted(ODD_DATABASE)
                        + " SET default_transaction_isolation = 'serializable'",
                "CREATE ROLE plain LOGIN PASSWORD 'x'",
                "CREATE ROLE limited LOGIN PASSWORD 'x' CONNECTION LIMIT 0",
                "CREATE ROLE nobody NOLOGIN PASSWORD 'x'",
                "CREATE DATABASE closed",
                "REVOKE CONNECT ON DATABASE closed FROM public");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    private static String encryption(String version) {
        return switch (version) {
            case "9.6" -> "on";
            case "13" -> "md5";
            default -> "scram-sha-256";
        };
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private TriedConnection odd() {
        return TriedConnection.to(server).user(ODD_USER, ODD_PASSWORD).database(ODD_DATABASE);
    }

    private static WarpException refusal(TriedConnection connection) {
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class, () -> connection.connector().open().close());
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    @Test
    void ordinarySession_hasWarpsSettings() {
        try (Session session = odd().session(10, "any", "-c work_mem=7MB").connector().open()) {
            OWN.forEach((name, value) ->
                    assertThat(session.queryOne("SELECT current_setting(?) AS v", name).text("v"))
                            .as(name)
                            .isEqualTo(value));
            assertThat(session.queryOne("SELECT current_setting('work_mem') AS v").text("v"))
                    .isEqualTo("7MB");
            assertThat(
                            session.queryOne(
                                            "SELECT current_user::text u, current_database()::text"
                                                    + " d, current_setting('application_name') a")
                                    .text("u"))
                    .isEqualTo(ODD_USER);
            assertThat(session.queryOne("SELECT current_database()::text AS v").text("v"))
                    .isEqualTo(ODD_DATABASE);
            assertThat(
                            session.queryOne(
                                            "SELECT application_name AS v FROM pg_stat_activity"
                                                    + " WHERE pid = pg_backend_pid()")
                                    .text("v"))
                    .isEqualTo("warp test");
        }
    }

    @Test
    void wireSession_hasWarpsSettings() {
        try (WireSession session =
                odd().session(10, "any", "-c work_mem=7MB").connector().openWire()) {
            OWN.forEach((name, value) ->
                    assertThat(session.queryRow("SHOW " + name)).as(name).containsExactly(value));
            assertThat(session.queryRow("SHOW work_mem")).containsExactly("7MB");
        }
    }

    @Test
    void replicationSession_printsValuesWarpsWay() throws Exception {
        TriedConnection connection = odd().session(10, "any", "-c work_mem=7MB");
        String slot = "printing";
        try (Session session = odd().connector().open();
                WireSession replication = connection.connector().openReplication()) {
            if (!version.equals("9.6")) {
                OWN.forEach((name, value) ->
                        assertThat(replication.queryRow("SHOW " + name))
                                .as(name)
                                .containsExactly(value));
                assertThat(replication.queryRow("SHOW work_mem")).containsExactly("7MB");
            }
            session.run("CREATE TABLE public.t (d date, i interval, f float8, b bytea)");
            session.query("SELECT pg_create_logical_replication_slot(?, 'test_decoding')", slot);
            session.run(
                    "INSERT INTO public.t VALUES ('2026-02-01', '1 day 02:03:04', 0.1::float8 +"
                            + " 0.2, '\\x00ff')");
            String change;
            try (ChangeStream stream =
                    ChangeStream.start(
                            replication, "START_REPLICATION SLOT printing LOGICAL 0/0")) {
                change = nextInsert(stream);
            }
            assertThat(change)
                    .contains("d[date]:'2026-02-01'")
                    .contains("i[interval]:'1 day 02:03:04'")
                    .contains("f[double precision]:0.30000000000000004")
                    .contains("b[bytea]:'\\x00ff'");
        }
    }

    private static String nextInsert(ChangeStream stream) {
        while (true) {
            if (stream.next() instanceof ChangeStream.Frame.Data data) {
                String text = new String(data.bytes(), StandardCharsets.UTF_8);
                if (text.contains("INSERT")) {
                    return text;
                }
            }
        }
    }

    @Test
    void cancel_endsTheStatementUnderWay() throws Exception {
        try (WireSession session = TriedConnection.to(server).connector().openWire();
                Session watcher = TriedConnection.to(server).connector().open()) {
            String pid = String.valueOf(session.queryRow("SELECT pg_backend_pid()").getFirst());
            Thread canceller =
                    Thread.startVirtualThread(() -> {
                        while (watcher.query(
                                        "SELECT 1 FROM pg_stat_activity WHERE pid = ?::int"
                                                + " AND query LIKE '%pg_sleep%'",
                                        pid)
                                .isEmpty()) {
                            Thread.onSpinWait();
                        }
                        session.cancel();
                    });

            WarpException cancelled =
                    catchThrowableOfType(
                            WarpException.class, () -> session.execute("SELECT pg_sleep(60)"));

            canceller.join();
            assertThat(cancelled.hasSqlState("57014")).isTrue();
            assertThat(session.execute("SELECT 1")).isEqualTo("SELECT 1");
        }
    }

    @Test
    void refusedLogins_areExplained() {
        TriedConnection connection = TriedConnection.to(server);
        String where = "localhost:" + server.port();

        WarpException password = refusal(connection.user("postgres", "wrong-secret"));
        assertThat(password.code()).isEqualTo(ErrorCode.LOGIN);
        assertThat(password.report())
                .startsWith(
                        "source: " + where + "/postgres refuses: password authentication failed")
                .contains("(SQLSTATE 28P01)")
                .contains("HINT: Check user \"postgres\" and its password.")
                .doesNotContain("wrong-secret");
        assertThat(refusal(connection.user("no such role", "x")).code()).isEqualTo(ErrorCode.LOGIN);
        assertThat(refusal(connection.user("postgres", null)))
                .hasMessage(where + "/postgres asks for a password, and none was given");
        assertThat(refusal(connection.user("nobody", "x")).code()).isEqualTo(ErrorCode.LOGIN);
        assertThat(refusal(connection.user("limited", "x")).hasSqlState("53300")).isTrue();
        WarpException database = refusal(connection.database("no such database"));
        assertThat(database.hasSqlState("3D000")).isTrue();
        assertThat(database)
                .hasMessage(
                        where
                                + "/no such database refuses: database \"no such database\" does"
                                + " not exist");
        WarpException closed = refusal(connection.user("plain", "x").database("closed"));
        assertThat(closed.code()).isEqualTo(ErrorCode.PRIVILEGE);
        assertThat(closed.hints())
                .containsExactly(
                        "Let the role in: GRANT CONNECT ON DATABASE \"closed\" TO \"plain\";");
        WarpException option = refusal(connection.session(10, "any", "-c no_such_setting=1"));
        assertThat(option.hasSqlState("42704")).isTrue();
        assertThat(option.code()).isEqualTo(ErrorCode.LOGIN);
    }

    @Test
    void roleWithoutReplication_isToldHowToGetIt() {
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class,
                        () ->
                                TriedConnection.to(server)
                                        .user("plain", "x")
                                        .connector()
                                        .openReplication()
                                        .close());

        assertThat(refusal.code()).isEqualTo(ErrorCode.PRIVILEGE);
        assertThat(refusal.hints())
                .containsExactly("Let the role replicate: ALTER ROLE \"plain\" REPLICATION;");
    }

    @Test
    void firstHostDown_isPassedOver() {
        TriedConnection connection =
                TriedConnection.to(server)
                        .hosts(
                                new HostPort("127.0.0.1", 1),
                                new HostPort("no-such-host.invalid", 5432),
                                new HostPort("127.0.0.1", server.port()));

        try (Session session = connection.connector().open();
                WireSession wire = connection.connector().openWire();
                WireSession replication = connection.connector().openReplication()) {
            assertThat(session.isAlive()).isTrue();
            assertThat(wire.execute("SELECT 1")).isEqualTo("SELECT 1");
            assertThat(replication.queryRow("IDENTIFY_SYSTEM")).hasSize(4);
        }
    }

    @Test
    void readWriteAsked_readOnlyIsPassedOver() {
        List<HostPort> same = TriedConnection.to(server).settings().hosts();
        TriedConnection readOnly = odd().hosts(same.getFirst());

        WarpException refusal = refusal(readOnly.session(10, "read-write", ""));
        assertThat(refusal.code()).as("another may become it").isEqualTo(ErrorCode.CONNECTION);
        assertThat(refusal)
                .hasMessageContaining("is not what target_session_attrs=read-write asks for");
        assertThat(refusal(readOnly.session(10, "standby", "")).code())
                .isEqualTo(ErrorCode.CONNECTION);
        for (String target : List.of("any", "read-only", "primary", "prefer-standby")) {
            try (Session session = readOnly.session(10, target, "").connector().open();
                    WireSession replication =
                            readOnly.session(10, target, "").connector().openReplication()) {
                assertThat(session.isAlive()).as(target).isTrue();
                assertThat(replication.queryRow("IDENTIFY_SYSTEM")).hasSize(4);
            }
        }
    }
}
