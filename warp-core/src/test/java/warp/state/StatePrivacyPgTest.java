package warp.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;

/** The schema {@code warp} is its owner's alone, and no other owner's is used. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatePrivacyPgTest {

    private static final String GRANTS =
            "SELECT count(*) AS n FROM (SELECT nspowner AS o, nspacl AS acl FROM pg_namespace WHERE"
                    + " nspname = 'warp' UNION ALL SELECT relowner, relacl FROM pg_class WHERE"
                    + " relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'warp')) x,"
                    + " aclexplode(acl) a WHERE a.grantee <> x.o";

    private PostgresServer oldest;
    private PostgresServer newest;

    @BeforeAll
    void start() throws SQLException {
        oldest = PostgresServer.start("9.6");
        newest = PostgresServer.start("18");
        for (PostgresServer server : new PostgresServer[] {oldest, newest}) {
            server.execute(
                    "postgres",
                    "CREATE ROLE \"cur\"\"ious\" LOGIN PASSWORD 'x'",
                    "CREATE ROLE app LOGIN PASSWORD 'x'",
                    "CREATE ROLE member LOGIN PASSWORD 'x' IN ROLE app");
        }
    }

    @AfterAll
    void stop() {
        if (oldest != null) {
            oldest.close();
        }
        if (newest != null) {
            newest.close();
        }
    }

    private PostgresServer server(String version) {
        return version.equals("9.6") ? oldest : newest;
    }

    private static Session open(PostgresServer server, String database, String role) {
        return new Connector(
                        TestConnections.settings(Side.DESTINATION, server, database, role, "x"),
                        "warp-test")
                .open();
    }

    private static void openHandedDatabase(PostgresServer server, String name) throws SQLException {
        server.createDatabase(name);
        server.execute(
                name,
                "GRANT CREATE ON DATABASE " + name + " TO app, \"cur\"\"ious\"",
                "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO \"cur\"\"ious\", app",
                "ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT ALL ON TABLES TO PUBLIC, member");
        if (!server.version().equals("9.6")) {
            server.execute(
                    name,
                    "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO \"cur\"\"ious\", PUBLIC");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void defaultPrivilegesOfOthers_openNothing(String version) throws SQLException {
        PostgresServer server = server(version);
        openHandedDatabase(server, "open_handed");
        try (Session session = TestConnections.open(Side.DESTINATION, server, "open_handed")) {
            new MigrationStore(session, "s").install();

            assertThat(session.queryOne(GRANTS).number("n")).isZero();
        }
        try (Session curious = open(server, "open_handed", "cur\"ious")) {
            assertThatThrownBy(() -> curious.query("SELECT * FROM warp.held"))
                    .hasMessageContaining("permission denied for schema warp");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void whatTheOwnerGrantsAfterwards_isLeftAlone(String version) throws SQLException {
        PostgresServer server = server(version);
        openHandedDatabase(server, "granted");
        try (Session session = open(server, "granted", "app")) {
            new MigrationStore(session, "s").install();
            assertThat(session.queryOne(GRANTS).number("n")).isZero();
            session.run("GRANT USAGE ON SCHEMA warp TO PUBLIC");
            session.run("GRANT SELECT ON warp.progress TO PUBLIC");
            session.run("DROP TABLE warp.held");

            new MigrationStore(session, "s").install();

            assertThat(session.queryOne(GRANTS).number("n")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void aSchemaThatSomebodyElsePutThere_isNotUsed(String version) throws SQLException {
        PostgresServer server = server(version);
        openHandedDatabase(server, "prepared");
        try (Session attacker = open(server, "prepared", "cur\"ious")) {
            attacker.run("CREATE SCHEMA warp");
            attacker.run("GRANT ALL ON SCHEMA warp TO PUBLIC");
        }
        for (String role : new String[] {"postgres", "app"}) {
            try (Session session =
                    role.equals("app")
                            ? open(server, "prepared", role)
                            : TestConnections.open(Side.DESTINATION, server, "prepared")) {
                MigrationStore store = new MigrationStore(session, "s");

                refused(store::install);
                refused(store::find);
                assertThat(
                                session.query(
                                        "SELECT 1 FROM pg_class WHERE relnamespace ="
                                                + " 'warp'::regnamespace"))
                        .isEmpty();
            }
        }
    }

    private static void refused(Runnable use) {
        WarpException refusal = catchThrowableOfType(WarpException.class, use::run);
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.STATE);
        assertThat(refusal)
                .hasMessageStartingWith(
                        "schema warp, or a table in it, belongs to role \"cur\"ious\"");
        assertThat(refusal.hints()).anyMatch(hint -> hint.contains("DROP SCHEMA warp CASCADE;"));
    }

    @Test
    void aTableOfSomebodyElseInOurSchema_isNotUsed() throws SQLException {
        openHandedDatabase(newest, "planted");
        try (Session session = TestConnections.open(Side.DESTINATION, newest, "planted")) {
            MigrationStore store = new MigrationStore(session, "s");
            session.run("CREATE SCHEMA warp");
            session.run("GRANT ALL ON SCHEMA warp TO \"cur\"\"ious\"");
            try (Session attacker = open(newest, "planted", "cur\"ious")) {
                attacker.run("CREATE TABLE warp.removed (slot text)");
            }

            refused(store::install);
        }
    }

    @Test
    void aMemberOfTheOwner_goesOnWithItsMigration() throws SQLException {
        openHandedDatabase(newest, "shared");
        try (Session app = open(newest, "shared", "app")) {
            new MigrationStore(app, "s").install();
        }
        try (Session member = open(newest, "shared", "member")) {
            new MigrationStore(member, "s").install();

            assertThat(new MigrationStore(member, "s").find()).isEmpty();
        }
    }
}
