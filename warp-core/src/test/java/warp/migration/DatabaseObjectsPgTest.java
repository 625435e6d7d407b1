package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import warp.config.MigrationSettings.Until;
import warp.config.SchemaOptions;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.sandbox.PostgresServer;

/** Extensions, foreign servers, collations: what surrounds the tables of a database. */
class DatabaseObjectsPgTest {

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start("15");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void rowsOfUsersInTablesOfExtensions_comeAlongAndFollow() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "config");
        String[] extension = {
            "CREATE EXTENSION hstore",
            "CREATE TABLE systems (id integer PRIMARY KEY, name text, builtin boolean)",
            "CREATE SEQUENCE systems_id",
            "INSERT INTO systems VALUES (1, 'earth', true)",
            "ALTER EXTENSION hstore ADD TABLE systems",
            "ALTER EXTENSION hstore ADD SEQUENCE systems_id",
            // Only scripts of extensions may call pg_extension_config_dump.
            "UPDATE pg_extension SET extconfig = ARRAY['systems'::regclass::oid,"
                    + " 'systems_id'::regclass::oid], extcondition = ARRAY['WHERE NOT builtin', '']"
                    + " WHERE extname = 'hstore'",
            "CREATE TABLE t (id integer PRIMARY KEY)"
        };
        sync.atSource(extension).atDestination(extension);
        sync.atSource(
                "INSERT INTO systems VALUES (2, 'mine', false), (3, 'too', false)",
                "SELECT setval('systems_id', 77)",
                "UPDATE systems SET name = 'newer version' WHERE id = 1");
        sync.atDestination("INSERT INTO systems VALUES (9, 'other', false)");

        WarpException no =
                catchThrowableOfType(
                        WarpException.class,
                        () -> sync.run(new Until.Copied(), SchemaOptions.NONE, s -> s));
        assertThat(no.code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(sync.questions).singleElement().asString().contains("public.systems");

        sync.goingOn().answering(true);
        assertThat(sync.run(new Until.Copied(), SchemaOptions.NONE, s -> s))
                .isEqualTo(ExitCode.DONE);
        String rows = "SELECT string_agg(id || name, ' ' ORDER BY id) FROM systems";
        assertThat(sync.destinationValue(rows)).isEqualTo("1earth 2mine 3too");
        assertThat(sync.destinationValue("SELECT nextval('systems_id')")).isEqualTo("78");

        sync.atSource("DELETE FROM systems WHERE id = 2", "INSERT INTO t VALUES (1)");
        assertThat(sync.run(new Until.CaughtUp(), SchemaOptions.NONE, s -> s))
                .isEqualTo(ExitCode.DONE);
        assertThat(sync.destinationValue(rows)).isEqualTo("1earth 3too");
        sync.clean();
    }

    @Test
    void foreignServers_comeAlongAndTheirPasswordsAreNotShown() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "foreign");
        sync.atSource(
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'far.example')",
                "CREATE USER MAPPING FOR clerk SERVER far OPTIONS (user 'c', password 'Geheim')",
                "CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'p', password 'Geheim')",
                "CREATE FOREIGN TABLE away (id integer) SERVER far",
                "CREATE PUBLICATION ours FOR ALL TABLES",
                "CREATE SUBSCRIPTION theirs CONNECTION 'host=no.example' PUBLICATION x WITH"
                        + " (connect = false)",
                "CREATE TABLE t (id integer PRIMARY KEY)",
                "INSERT INTO t VALUES (1)");
        // The same mapping twice: the second is refused, and its statement reported.
        sync.atDestination(
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw",
                "ALTER EXTENSION postgres_fdw ADD SERVER far",
                "CREATE USER MAPPING FOR clerk SERVER far");

        assertThat(sync.run(new Until.Copied())).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(sync.lines)
                .anyMatch(line -> line.contains("1 foreign table: the definitions come along"))
                .anyMatch(line -> line.contains("2 user mappings of foreign servers"))
                .anyMatch(line -> line.contains("1 publication: it is not made"))
                .anyMatch(line -> line.contains("1 subscription: it is not made"))
                .anyMatch(line ->
                        line.contains(
                                "statement: CREATE USER MAPPING FOR clerk SERVER far OPTIONS (…)"))
                .noneMatch(line -> line.contains("Geheim"));
        assertThat(
                        sync.destinationValue(
                                "SELECT umoptions::text FROM pg_user_mappings WHERE usename ="
                                        + " 'public'"))
                .isEqualTo("{password=Geheim,user=p}");
        assertThat(sync.destinationValue("SELECT 'away'::regclass")).isEqualTo("away");
        assertThat(
                        sync.destinationValue(
                                "SELECT (SELECT count(*) FROM pg_publication) + count(*) FROM"
                                        + " pg_subscription s JOIN pg_database d ON d.oid ="
                                        + " s.subdbid WHERE datname = current_database()"))
                .isEqualTo("0");
        sync.atSource(
                "ALTER SUBSCRIPTION theirs SET (slot_name = NONE)", "DROP SUBSCRIPTION theirs");
        sync.clean();
    }

    @Test
    void collations_areComparedBeforeAnythingIsTouched() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "sorted");
        server.execute(
                "postgres",
                "DROP DATABASE sorted_new",
                "CREATE DATABASE sorted_new TEMPLATE template0 LC_COLLATE 'C.UTF-8' LC_CTYPE"
                        + " 'C.UTF-8'");
        sync.atSource(
                "SET allow_system_table_mods = on;"
                        + " CREATE COLLATION pg_catalog.\"xx_YY\" (LOCALE = 'C')",
                "CREATE TABLE t (id integer PRIMARY KEY, name text COLLATE \"xx_YY\")");
        WarpException refused =
                catchThrowableOfType(WarpException.class, () -> sync.run(new Until.Copied()));
        assertThat(refused.code()).isEqualTo(ErrorCode.CHECK);
        assertThat(sync.lines)
                .anyMatch(line ->
                        line.contains("sort texts differently: C (libc) at the source, C.UTF-8"))
                .anyMatch(line ->
                        line.contains("the server lacks collations that the schema uses: xx_YY"));
    }
}
