package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.config.MigrationSettings;
import warp.config.MigrationSettings.Until;
import warp.config.ObjectOptions;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** Roles with --roles, and what belongs to the database itself. */
class RolesPgTest {

    private static final String ROLES =
            "SELECT string_agg(concat_ws(' ', r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole,"
                + " r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit,"
                + " r.rolvaliduntil, a.rolpassword, shobj_description(r.oid, 'pg_authid'), (SELECT"
                + " setconfig FROM pg_db_role_setting WHERE setrole = r.oid AND setdatabase = 0),"
                + " (SELECT string_agg(m.roleid::regrole || ' ' || m.admin_option, ',' ORDER BY"
                + " m.roleid::regrole::text) FROM pg_auth_members m WHERE m.member = r.oid AND"
                + " m.roleid::regrole::text NOT LIKE 'rds%')), E'\\n' ORDER BY r.rolname) FROM"
                + " pg_roles r JOIN pg_authid a ON a.oid = r.oid WHERE r.rolname IN ('app', 'App"
                + " Owner', 'reader', 'boss')";

    private static final String[] AT_SOURCE = {
        "CREATE ROLE reader NOINHERIT CONNECTION LIMIT 7",
        "CREATE ROLE app LOGIN PASSWORD 'quite secret' VALID UNTIL '2040-01-01' IN ROLE reader",
        "CREATE ROLE \"App Owner\" CREATEDB CREATEROLE",
        "CREATE ROLE boss SUPERUSER REPLICATION BYPASSRLS LOGIN",
        "CREATE ROLE rds_like_admin",
        "GRANT \"App Owner\" TO app WITH ADMIN OPTION",
        "GRANT rds_like_admin TO app",
        "COMMENT ON ROLE app IS 'it''s the application'",
        "ALTER ROLE app SET search_path = \"$user\", \"odd, schema\", public",
        "ALTER ROLE app SET app.tenant = 'a b'",
    };

    private static MigrationSettings withRoles(MigrationSettings settings) {
        return settings.with(settings.options().withObjects(new ObjectOptions(null, true)));
    }

    @ParameterizedTest
    @CsvSource({"9.6, 15", "15, 18"})
    void rolesAndDatabaseProperties_arriveAsTheyAre(String from, String to) throws Exception {
        try (PostgresServer source = PostgresServer.start(from);
                PostgresServer destination = PostgresServer.start(to)) {
            source.execute("postgres", AT_SOURCE);
            SchemaSync sync = SchemaSync.between(source, destination, "roles");
            sync.atSource(
                    "CREATE TABLE t (id integer PRIMARY KEY)",
                    "ALTER TABLE t OWNER TO \"App Owner\"",
                    "GRANT SELECT ON t TO reader",
                    "ALTER DATABASE roles SET work_mem = '7MB'",
                    "ALTER DATABASE roles SET search_path = public, \"Odd\"",
                    "ALTER DATABASE roles SET statement_timeout = '1min'",
                    "ALTER DATABASE roles SET session_preload_libraries = 'auto_explain'",
                    "ALTER ROLE app IN DATABASE roles SET app.tenant = 'here'",
                    "COMMENT ON DATABASE roles IS 'moved'",
                    "GRANT CREATE ON DATABASE roles TO app",
                    "REVOKE TEMPORARY ON DATABASE roles FROM PUBLIC");

            assertThat(sync.run(new Until.Copied(), SchemaSync.SYNC, RolesPgTest::withRoles))
                    .isEqualTo(ExitCode.DONE);

            assertThat(sync.destinationValue(ROLES)).isEqualTo(sync.sourceValue(ROLES));
            assertThat(
                            sync.destinationValue(
                                    "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'rds%'"))
                    .isEqualTo("0");
            String properties =
                    "SELECT string_agg(coalesce(r.rolname, '') || ' ' || c, E'\\n' ORDER BY"
                            + " r.rolname, c) FROM pg_db_role_setting s JOIN pg_database d"
                            + " ON d.oid = s.setdatabase AND d.datname = current_database()"
                            + " LEFT JOIN pg_roles r ON r.oid = s.setrole,"
                            + " unnest(s.setconfig) c WHERE c NOT LIKE 'session_preload%'";
            assertThat(sync.destinationValue(properties)).isEqualTo(sync.sourceValue(properties));
            String access =
                    "SELECT shobj_description(oid, 'pg_database') || array(SELECT a::text FROM"
                            + " unnest(datacl) a ORDER BY 1)::text FROM pg_database WHERE datname ="
                            + " current_database()";
            assertThat(sync.destinationValue(access)).isEqualTo(sync.sourceValue(access));
            assertThat(sync.lines)
                    .anyMatch(line -> line.startsWith("Made 4 roles"))
                    .anyMatch(line -> line.contains("left out: session_preload_libraries"))
                    .noneMatch(line -> line.contains("md5") || line.contains("SCRAM-SHA"));
            assertThat(sync.run(new Until.CaughtUp())).isEqualTo(ExitCode.DONE);
            sync.clean();
        }
    }

    @Test
    void ordinaryRoles_makeWhatTheyMayAndSayTheRest() throws Exception {
        try (PostgresServer source = PostgresServer.start("15");
                PostgresServer destination = PostgresServer.start("18")) {
            List<String> mover =
                    List.of(
                            "CREATE ROLE mover LOGIN PASSWORD 'warp' REPLICATION CREATEROLE"
                                    + " CREATEDB",
                            "CREATE ROLE reader");
            source.execute("postgres", AT_SOURCE);
            source.execute("postgres", mover.getFirst(), "GRANT \"App Owner\" TO mover");
            List<String> there = new ArrayList<>(mover);
            there.add("GRANT SET ON PARAMETER session_replication_role TO mover");
            destination.execute("postgres", there.toArray(String[]::new));
            SchemaSync sync = SchemaSync.between(source, destination, "ordinary");
            sync.atSource(
                    "CREATE TABLE t (id integer PRIMARY KEY)",
                    "ALTER TABLE t OWNER TO \"App Owner\"",
                    "INSERT INTO t VALUES (1)",
                    "GRANT CREATE ON SCHEMA public TO \"App Owner\"",
                    "GRANT CREATE ON DATABASE ordinary TO mover");
            sync.atDestination(
                    "GRANT CREATE ON DATABASE ordinary_new TO mover",
                    "ALTER SCHEMA public OWNER TO mover");

            assertThat(
                            sync.run(
                                    new Until.Copied(),
                                    SchemaSync.SYNC,
                                    settings -> sync.asMover(withRoles(settings))))
                    .as(sync.lines.toString())
                    .isEqualTo(ExitCode.DONE);
            assertThat(sync.warnings())
                    .anyMatch(line -> line.contains("passwords may not be read"))
                    .anyMatch(line ->
                            line.contains("Made without SUPERUSER") && line.contains("boss"));
            assertThat(
                            sync.destinationValue(
                                    "SELECT tableowner || rolcreatedb || rolcreaterole FROM"
                                            + " pg_tables, pg_roles WHERE tablename = 't' AND"
                                            + " rolname = tableowner"))
                    .isEqualTo("App Ownertruetrue");
            assertThat(sync.destinationValue("SELECT pg_has_role('app', 'reader', 'MEMBER')"))
                    .isEqualTo("f");
            assertThat(sync.content().differences()).isEmpty();
            sync.clean(sync::asMover);
        }
    }
}
