package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;

/**
 * Whole migrations, schema included, with roles that are no superusers at either side, and the
 * stand-ins of managed services.
 */
@Timeout(240)
class OrdinaryRolesPgTest {

    private static final String ROLE = "app";
    private static final String PASSWORD = "warp";
    private static final String DATABASE = "shop";

    private static final String STATE =
            """
            SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
                SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                    || ' ' || convalidated AS line
                FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
                UNION ALL
                SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger
                WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE 'warp.%'
                UNION ALL
                SELECT ev_class::regclass || ' ' || rulename || ' ' || ev_enabled::text FROM pg_rewrite
                WHERE ev_type <> '1' AND ev_class >= 16384
            ) l
            """;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"13", "15"})
    void withoutReplicaRole_nothingActsOnRowsAndAllIsBackAtTheEnd(String version) throws Exception {
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start(version)) {
            make(source, "LOGIN REPLICATION");
            make(destination, "LOGIN");
            asRole(source, SHOP);
            if (version.equals("15")) {
                asRole(source, PARTITIONED);
            }
            String wanted = ask(source, STATE);

            assertThat(run(source, destination, ExitCode.CHECK_FAILED, "--sync-schema"))
                    .contains("may not set session_replication_role")
                    .contains("--without-replica-role");

            run(
                    source,
                    destination,
                    ExitCode.DONE,
                    "--sync-schema",
                    "--without-replica-role",
                    "--until=copied");
            asRole(
                    source,
                    "INSERT INTO orders SELECT i, 1 + i % 3, 'later' FROM generate_series(60, 70)"
                            + " i",
                    "UPDATE orders SET note = note || '!' WHERE id % 2 = 0",
                    "DELETE FROM orders WHERE id < 10",
                    "DELETE FROM customers WHERE id = 4");
            // Somebody makes one more in between.
            asRole(
                    destination,
                    "CREATE TRIGGER late BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION"
                            + " meddle()");
            assertThat(
                            run(
                                    source,
                                    destination,
                                    ExitCode.DONE,
                                    "--sync-schema",
                                    "--without-replica-role",
                                    "--until=caught-up"))
                    .contains("Switched off or taken away until --clean: 1 ");
            assertEqual(source, destination);

            run(source, destination, ExitCode.DONE, "--clean");
            asRole(destination, "DROP TRIGGER late ON orders");
            assertThat(ask(destination, STATE)).isEqualTo(wanted);
        }
    }

    @Test
    void withoutReplicaRole_aTableIsCopiedAgainWhileReplicating() throws Exception {
        try (PostgresServer source = PostgresServer.start("15");
                PostgresServer destination = PostgresServer.start("15")) {
            make(source, "LOGIN REPLICATION");
            make(destination, "LOGIN");
            asRole(source, SHOP);
            String[] switches = {"--sync-schema", "--without-replica-role", "--until=caught-up"};
            run(source, destination, ExitCode.DONE, switches);

            // Another value in each row, none of which is in the log.
            asRole(
                    source,
                    "ALTER TABLE orders ADD COLUMN drawn float8 NOT NULL DEFAULT random()",
                    "UPDATE orders SET note = 'seen' WHERE id % 2 = 0",
                    "DELETE FROM orders WHERE id < 10");

            assertThat(run(source, destination, ExitCode.DONE, switches))
                    .contains("Copying table public.orders while replicating...")
                    .doesNotContain("failed", "may not set session_replication_role");
            assertEqual(source, destination);
        }
    }

    @Test
    void documentedGrants_areEnough() throws Exception {
        try (PostgresServer source = PostgresServer.start("15");
                PostgresServer destination = PostgresServer.start("15")) {
            make(source, "LOGIN REPLICATION");
            make(destination, "LOGIN");
            destination.execute(
                    "postgres", "GRANT SET ON PARAMETER session_replication_role TO " + ROLE);
            asRole(source, SHOP);
            String wanted = ask(source, STATE);

            run(source, destination, ExitCode.DONE, "--sync-schema", "--until=copied");
            asRole(source, "UPDATE orders SET note = 'seen'", "DELETE FROM customers WHERE id = 4");
            run(source, destination, ExitCode.DONE, "--sync-schema", "--until=caught-up");
            assertEqual(source, destination);
            run(source, destination, ExitCode.DONE, "--clean");
            assertThat(ask(destination, STATE)).isEqualTo(wanted);
        }
    }

    @Test
    void managedServices_areToldInTheirOwnWordsAndKeepTheirSchemas() throws Exception {
        try (PostgresServer source =
                        PostgresServer.builder("15").setting("wal_level", "replica").start();
                PostgresServer destination = PostgresServer.start("15")) {
            make(source, "LOGIN");
            make(destination, "LOGIN");
            asRole(
                    source,
                    "CREATE TABLE t (a int PRIMARY KEY)",
                    "CREATE SCHEMA auth",
                    "CREATE TABLE auth.users (id int)");
            asRole(destination, "CREATE TABLE t (a int PRIMARY KEY)");
            destination.execute(
                    "postgres",
                    "CREATE ROLE azure_pg_admin",
                    "ALTER ROLE " + ROLE + " SET azure.extensions = 'HSTORE'");

            source.execute("postgres", "CREATE ROLE rds_superuser");
            assertThat(run(source, destination, ExitCode.CHECK_FAILED, "--testing"))
                    .contains("Note: source: this is Amazon RDS")
                    .contains("set rds.logical_replication = 1 in the parameter group, then reboot")
                    .contains("GRANT \"rds_replication\" TO \"app\";")
                    .contains("Note: destination: this is Azure Database for PostgreSQL")
                    .contains("GRANT \"azure_pg_admin\" TO \"app\";")
                    .contains("auth.users");

            source.execute("postgres", "DROP ROLE rds_superuser", "CREATE ROLE supabase_admin");
            assertThat(run(source, destination, ExitCode.CHECK_FAILED, "--testing"))
                    .contains("Note: source: this is Supabase")
                    .contains("Schemas that Supabase keeps for itself are left out: auth.")
                    .doesNotContain("auth.users");
            assertThat(run(source, destination, ExitCode.CHECK_FAILED, "--testing", "-n", "auth"))
                    .contains("auth.users");
        }
    }

    private static final String[] SHOP = {
        "CREATE TABLE customers (id int PRIMARY KEY, name text)",
        "CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, note text)",
        "CREATE TABLE employees (id int PRIMARY KEY, boss int REFERENCES employees)",
        "CREATE TABLE audit (n bigserial PRIMARY KEY, what text)",
        "CREATE TABLE mirrored (id int PRIMARY KEY)",
        "CREATE TABLE mirror (n bigserial PRIMARY KEY, id int)",
        "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " NEW.note := NEW.note || ' meddled'; RETURN NEW; END $$",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO public.audit (what) VALUES (TG_OP); RETURN NULL; END $$",
        "CREATE TRIGGER meddle BEFORE INSERT OR UPDATE ON orders FOR EACH ROW"
                + " EXECUTE FUNCTION meddle()",
        "CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH STATEMENT"
                + " EXECUTE FUNCTION note()",
        "CREATE TRIGGER always AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note()",
        "ALTER TABLE orders ENABLE ALWAYS TRIGGER always",
        "CREATE RULE also AS ON INSERT TO mirrored DO ALSO INSERT INTO mirror (id) VALUES (NEW.id)",
        "INSERT INTO customers SELECT i, 'c' || i FROM generate_series(1, 4) i",
        "INSERT INTO orders SELECT i, 1 + i % 3, 'n' || i FROM generate_series(1, 50) i",
        "INSERT INTO employees VALUES (1, NULL), (2, 1), (3, 2)",
        "INSERT INTO mirrored VALUES (1), (2)",
    };

    private static final String[] PARTITIONED = {
        "CREATE TABLE events (id int, at date, order_id int REFERENCES orders, note text,"
                + " PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO"
                + " ('2021-01-01')",
        "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2021-01-01') TO"
                + " ('2022-01-01')",
        "CREATE TRIGGER meddle BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION meddle()",
        "INSERT INTO events SELECT i, date '2020-06-01' + i * 100, i + 20, 'e' FROM"
                + " generate_series(1, 5) i",
    };

    private static void make(PostgresServer server, String attributes) throws SQLException {
        server.execute(
                "postgres",
                "CREATE ROLE " + ROLE + " " + attributes + " PASSWORD '" + PASSWORD + "'",
                "CREATE DATABASE " + DATABASE + " OWNER " + ROLE);
        server.execute(DATABASE, "GRANT ALL ON SCHEMA public TO " + ROLE);
    }

    private static void asRole(PostgresServer server, String... statements) throws SQLException {
        try (Connection connection = server.connect(DATABASE, ROLE, PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(PostgresServer server, String query) throws SQLException {
        try (Connection connection = server.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private String run(
            PostgresServer source,
            PostgresServer destination,
            ExitCode expected,
            String... switches)
            throws InterruptedException {
        List<String> arguments = new ArrayList<>();
        arguments.add("--source=" + source.uri(DATABASE, ROLE, PASSWORD));
        arguments.add("--destination=" + destination.uri(DATABASE, ROLE, PASSWORD));
        arguments.add("--yes");
        arguments.addAll(List.of(switches));
        try (WarpCommand command = WarpCommand.start(directory, arguments)) {
            ExitCode code = command.await();
            assertThat(code).as(command.printed()).isEqualTo(expected);
            return command.printed();
        }
    }

    private static void assertEqual(PostgresServer source, PostgresServer destination)
            throws SQLException {
        try (Connection there = source.connect(DATABASE);
                Connection here = destination.connect(DATABASE)) {
            assertThat(
                            DatabaseContent.compare(
                                            there, here, DatabaseContent.Scope.ofSchemas("public"))
                                    .differences())
                    .isEmpty();
        }
    }
}
