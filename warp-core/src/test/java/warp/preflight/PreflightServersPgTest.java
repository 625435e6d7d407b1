package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.sandbox.PostgresServer;

/** Servers that are set up in the wrong way, and roles that may too little. */
class PreflightServersPgTest {

    private static final String ORDERS = "CREATE TABLE orders (id int PRIMARY KEY, note text)";

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void sourceWithoutDecoding_isToldEverythingAtOnce(String version) throws SQLException {
        try (PostgresServer poor =
                        PostgresServer.builder(version)
                                .setting("wal_level", "replica")
                                .setting("max_replication_slots", "0")
                                .setting("max_wal_senders", "0")
                                .start();
                PostgresServer destination = PostgresServer.start("18")) {
            assertThat(Checked.fresh(poor, destination).atSource(ORDERS).errors())
                    .hasSize(4)
                    .anySatisfy(text ->
                            assertThat(text)
                                    .startsWith("ERROR: source: wal_level is replica")
                                    .contains(
                                            "HINT: ALTER SYSTEM SET wal_level = 'logical';"
                                                    + " then restart"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains("max_replication_slots is 0 and 0 are there")
                                    .contains("SET max_replication_slots = '2'"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains("max_wal_senders is 0 and 0 are at work")
                                    .contains("SET max_wal_senders = '2'"))
                    .anySatisfy(text -> assertThat(text).contains("1 table is missing"));
        }
    }

    @Test
    void sourceBefore10InAnotherEncoding_isAnError() throws SQLException {
        try (PostgresServer latin = PostgresServer.builder("9.6").encoding("LATIN1").start();
                PostgresServer destination = PostgresServer.start("18")) {
            assertThat(Checked.fresh(latin, destination).atBoth(ORDERS).errors())
                    .singleElement()
                    .asString()
                    .contains("encoding is LATIN1", "without conversion")
                    .contains("HINT: move it with pg_dump");
        }
    }

    @Test
    void fewConnections_areAWarningOrAnError() throws SQLException {
        try (PostgresServer small =
                        PostgresServer.builder("18").setting("max_connections", "10").start();
                PostgresServer destination = PostgresServer.start("18")) {
            Checked checked = Checked.fresh(small, destination).atBoth(ORDERS);

            assertThat(checked.readers(20, false).warnings())
                    .singleElement()
                    .asString()
                    .contains(
                            "of 10 connections are free for role \"postgres\", Warp uses up to 24")
                    .contains("HINT: ALTER SYSTEM SET max_connections");
            assertThat(checked.readers(2, false).report().findings()).isEmpty();
        }
    }

    @Test
    void standby_isNeitherSourceNorDestination() throws SQLException, IOException {
        try (PostgresServer standby = PostgresServer.start("13");
                PostgresServer primary = PostgresServer.start("13")) {
            Checked.fresh(standby, primary).atBoth(ORDERS);
            standby.createDatabase(Checked.DESTINATION_DATABASE);
            standby.execute(Checked.DESTINATION_DATABASE, ORDERS);
            primary.createDatabase(Checked.SOURCE_DATABASE);
            primary.execute(Checked.SOURCE_DATABASE, ORDERS);
            standby.stop();
            Files.createFile(standby.data().resolve("standby.signal"));
            standby.start();

            assertThat(Checked.existing(standby, primary).errors())
                    .singleElement()
                    .asString()
                    .contains(
                            "ERROR: source: the server is a standby, and before 16 a standby"
                                    + " cannot decode changes\nHINT: connect to the primary");
            assertThat(Checked.existing(primary, standby).errors())
                    .anySatisfy(text ->
                            assertThat(text)
                                    .startsWith(
                                            "ERROR: destination: the server is a standby,"
                                                    + " which takes no writes"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void roleWithoutPrivileges_isToldEachOne(String version) throws SQLException {
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18")) {
            Checked checked = Checked.fresh(source, destination);
            for (PostgresServer server : new PostgresServer[] {source, destination}) {
                server.execute("postgres", "CREATE ROLE \"a mover\" LOGIN PASSWORD 'warp'");
            }
            checked.atBoth(
                    "CREATE SCHEMA closed",
                    "CREATE TABLE closed.t (id int PRIMARY KEY)",
                    ORDERS,
                    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY");

            assertThat(checked.as("a mover").errors())
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains(
                                            "source: role \"a mover\" may not use"
                                                    + " replication slots")
                                    .contains("HINT: ALTER ROLE \"a mover\" REPLICATION;"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains(
                                            "source: role \"a mover\" may not look into"
                                                    + " schema closed")
                                    .contains(
                                            "HINT: GRANT USAGE ON SCHEMA \"closed\" TO"
                                                    + " \"a mover\";"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains(
                                            "source: role \"a mover\" may not read"
                                                    + " closed.t, public.orders")
                                    .contains(
                                            "HINT: GRANT SELECT ON \"closed\".\"t\","
                                                    + " \"public\".\"orders\" TO \"a mover\";"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains(
                                            "source: row-level security hides rows of"
                                                    + " public.orders from role \"a mover\"")
                                    .contains("HINT: ALTER ROLE \"a mover\" BYPASSRLS;"))
                    .anySatisfy(text ->
                            assertThat(text).contains("destination: row-level security hides"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains(
                                            "destination: role \"a mover\" may not create"
                                                    + " schema warp in database \"new shop\"")
                                    .contains(
                                            "HINT: GRANT CREATE ON DATABASE \"new shop\""
                                                    + " TO \"a mover\";"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains(
                                            "destination: role \"a mover\" may not set"
                                                    + " session_replication_role")
                                    .contains(
                                            "HINT: GRANT SET ON PARAMETER"
                                                    + " session_replication_role TO \"a mover\";"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains(
                                            "destination: role \"a mover\" may not write"
                                                    + " closed.t, public.orders")
                                    .contains(
                                            "HINT: GRANT SELECT, INSERT, UPDATE, DELETE,"
                                                    + " TRUNCATE ON"))
                    .anySatisfy(text ->
                            assertThat(text)
                                    .contains(
                                            "destination: role \"a mover\" may not drop"
                                                    + " and build the indexes of")
                                    .contains("--keep-indexes"));
            if (version.equals("18")) {
                assertThat(checked.errors())
                        .anySatisfy(text ->
                                assertThat(text)
                                        .contains(
                                                "may not make a publication in database"
                                                        + " \"shop\""))
                        .anySatisfy(text ->
                                assertThat(text)
                                        .contains(
                                                "may not publish closed.t, public.orders:"
                                                        + " only the owner may"));
            }
        }
    }

    @Test
    void privilegesAsHinted_areEnough() throws SQLException {
        try (PostgresServer source = PostgresServer.start("18");
                PostgresServer destination = PostgresServer.start("18")) {
            Checked checked = Checked.fresh(source, destination);
            source.execute("postgres", "CREATE ROLE mover LOGIN REPLICATION PASSWORD 'warp'");
            destination.execute(
                    "postgres",
                    "CREATE ROLE mover LOGIN PASSWORD 'warp'",
                    "GRANT SET ON PARAMETER session_replication_role TO mover");
            checked.atBoth(ORDERS, "ALTER TABLE orders OWNER TO mover");
            checked.atSource("GRANT CREATE ON DATABASE shop TO mover");
            checked.atDestination("GRANT CREATE ON DATABASE \"new shop\" TO mover");

            assertThat(checked.as("mover").report().findings()).isEmpty();
        }
    }

    @Test
    void schemaWarpOfAnotherRole_isAnError() throws SQLException {
        try (PostgresServer source = PostgresServer.start("18");
                PostgresServer destination = PostgresServer.start("18")) {
            Checked checked = Checked.fresh(source, destination);
            for (PostgresServer server : new PostgresServer[] {source, destination}) {
                server.execute(
                        "postgres",
                        "CREATE ROLE mover LOGIN REPLICATION PASSWORD 'warp'",
                        "GRANT SET ON PARAMETER session_replication_role TO mover");
            }
            checked.atBoth(ORDERS, "ALTER TABLE orders OWNER TO mover");
            checked.atSource("GRANT CREATE ON DATABASE shop TO mover");
            checked.atDestination("CREATE SCHEMA warp");

            assertThat(checked.as("mover").errors())
                    .singleElement()
                    .asString()
                    .contains("destination: role \"mover\" may not use schema warp")
                    .contains("HINT: GRANT USAGE, CREATE ON SCHEMA \"warp\" TO \"mover\";");
        }
    }
}
