package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import warp.config.MigrationSettings;
import warp.config.MigrationSettings.Until;
import warp.config.SchemaOptions;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** What could not be made is reported, written down, tried again, and has an exit code. */
class UnfinishedPgTest {

    private static final SchemaOptions NO_SYNC = SchemaOptions.NONE;

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start("15");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ExitCode withoutOther(SchemaSync sync, Until until) throws InterruptedException {
        return sync.goingOn()
                .run(
                        until,
                        new SchemaOptions(
                                true,
                                java.util.List.of(),
                                java.util.List.of("other"),
                                false,
                                false),
                        settings -> settings);
    }

    @Test
    void objectsThatFail_areRepeatedUntilTheirCauseIsMended() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "mended");
        sync.atSource(
                "CREATE SCHEMA other",
                "CREATE TABLE other.target (id integer PRIMARY KEY)",
                "CREATE FUNCTION other.rate() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2'",
                "CREATE TABLE u (id integer PRIMARY KEY REFERENCES other.target)",
                "CREATE MATERIALIZED VIEW rated AS SELECT id * other.rate() AS value FROM u",
                "CREATE VIEW above AS SELECT value FROM rated",
                "COMMENT ON VIEW above IS 'stands on what failed'",
                "INSERT INTO other.target VALUES (1)",
                "INSERT INTO u VALUES (1)",
                "REFRESH MATERIALIZED VIEW rated");

        assertThat(withoutOther(sync, new Until.Copied())).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(sync.warnings())
                .last()
                .asString()
                .contains(
                        "4 objects of the source could not be made",
                        "MATERIALIZED VIEW public.rated",
                        "FK CONSTRAINT public.u u_id_fkey",
                        "SQLSTATE 3F000");
        assertThat(sync.destinationValue("SELECT count(*) FROM warp.failure")).isEqualTo("4");

        sync.atSource("INSERT INTO other.target VALUES (2)", "INSERT INTO u VALUES (2)");
        assertThat(withoutOther(sync, new Until.CaughtUp())).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(sync.warnings()).last().asString().contains("4 objects");

        sync.atDestination(
                "CREATE SCHEMA other",
                "CREATE FUNCTION other.rate() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2'",
                "CREATE TABLE other.target (id integer PRIMARY KEY)",
                "INSERT INTO other.target VALUES (1), (2)",
                "ALTER TABLE u ADD CONSTRAINT u_id_fkey FOREIGN KEY (id) REFERENCES other.target");
        assertThat(withoutOther(sync, new Until.CaughtUp())).isEqualTo(ExitCode.DONE);

        assertThat(sync.destinationValue("SELECT count(*) FROM warp.failure")).isEqualTo("0");
        assertThat(sync.destinationValue("SELECT sum(value) FROM above")).isEqualTo("6");
        assertThat(sync.destinationValue("SELECT obj_description('above'::regclass)"))
                .isEqualTo("stands on what failed");
        assertThat(sync.clean()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void indexesAndKeysThatCannotBeBuilt_keepNothingElseFromBeingDone() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "unbuilt");
        for (String table :
                new String[] {
                    "CREATE TABLE parent (id integer PRIMARY KEY)",
                    "CREATE TABLE child (id integer PRIMARY KEY, parent integer, code text)",
                    "CREATE INDEX child_code ON child (code)"
                }) {
            sync.atSource(table).atDestination(table);
        }
        sync.atSource(
                "INSERT INTO parent SELECT generate_series(1, 1000)",
                "INSERT INTO child SELECT n, n % 1000 + 1, md5(n::text)"
                        + " FROM generate_series(1, 30000) n",
                "UPDATE child SET parent = 4711, code = 'twice' WHERE id IN (7, 8)",
                "VACUUM ANALYZE child");
        sync.atDestination(
                "CREATE UNIQUE INDEX child_once ON child (code)",
                "ALTER TABLE child ADD CONSTRAINT child_parent FOREIGN KEY (parent) REFERENCES"
                        + " parent");

        assertThat(run(sync, new Until.Copied())).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(sync.warnings())
                .anySatisfy(line ->
                        assertThat(line)
                                .contains(
                                        "could not be validated",
                                        "SQLSTATE 23503",
                                        "the first such row is at (",
                                        "VALIDATE CONSTRAINT \"child_parent\""))
                .anySatisfy(line -> assertThat(line).contains("child_once", "SQLSTATE 23505"))
                .noneMatch(line -> line.contains("4711") || line.contains("twice"));
        assertThat(
                        sync.destinationValue(
                                "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
                                        + " WHERE relname LIKE 'child\\_%'"))
                .isEqualTo("child_code child_pkey");

        sync.atSource("UPDATE child SET parent = 1, code = id::text WHERE id IN (7, 8)");
        assertThat(run(sync, new Until.CaughtUp())).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(sync.content().differences()).isEmpty();
        assertThat(run(sync, new Until.CaughtUp())).isEqualTo(ExitCode.DONE);

        assertThat(
                        sync.destinationValue(
                                "SELECT convalidated FROM pg_constraint WHERE conname ="
                                        + " 'child_parent'"))
                .isEqualTo("t");
        assertThat(sync.destinationValue("SELECT 'child_once'::regclass")).isEqualTo("child_once");
        assertThat(sync.clean()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void whatCannotBePutBackEver_isGivenUpByClean() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "given_up");
        for (String table :
                new String[] {
                    "CREATE TABLE parent (id integer PRIMARY KEY)",
                    "CREATE TABLE child (id integer PRIMARY KEY, parent integer, filler text)"
                }) {
            sync.atSource(table).atDestination(table);
        }
        sync.atSource(
                "INSERT INTO child SELECT n, n, md5(n::text) FROM generate_series(1, 30000) n",
                "VACUUM ANALYZE child");
        sync.atDestination(
                "ALTER TABLE child ADD CONSTRAINT child_parent FOREIGN KEY (parent) REFERENCES"
                        + " parent");
        assertThat(run(sync, new Until.Copied())).isEqualTo(ExitCode.INCOMPLETE);

        assertThat(sync.clean()).isEqualTo(ExitCode.INCOMPLETE);

        assertThat(sync.warnings())
                .anyMatch(line -> line.contains("1 indexes, keys or triggers are given up"));
        assertThat(
                        sync.destinationValue(
                                "SELECT convalidated::text || (SELECT count(*) FROM pg_namespace"
                                    + " WHERE nspname = 'warp') FROM pg_constraint WHERE conname ="
                                    + " 'child_parent'"))
                .isEqualTo("false0");
        assertThat(sync.clean()).isEqualTo(ExitCode.DONE);
    }

    private static ExitCode run(SchemaSync sync, Until until) throws InterruptedException {
        return sync.goingOn().run(until, NO_SYNC, UnfinishedPgTest::assumingYes);
    }

    private static MigrationSettings assumingYes(MigrationSettings settings) {
        return settings;
    }

    @Test
    void eventTriggers_areMadeLastAndSleepUntilClean() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "events");
        sync.atSource(
                "CREATE TABLE seen (tag text)",
                "CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN INSERT"
                        + " INTO public.seen VALUES (tg_tag); END'",
                "CREATE EVENT TRIGGER \"every Day\" ON ddl_command_end EXECUTE FUNCTION note()",
                "CREATE EVENT TRIGGER always ON ddl_command_end EXECUTE FUNCTION note()",
                "ALTER EVENT TRIGGER always ENABLE ALWAYS",
                "CREATE EVENT TRIGGER never ON ddl_command_end EXECUTE FUNCTION note()",
                "ALTER EVENT TRIGGER never DISABLE",
                "COMMENT ON EVENT TRIGGER \"every Day\" IS 'notes'",
                "ALTER TABLE seen REPLICA IDENTITY FULL",
                "TRUNCATE seen");

        assertThat(sync.run(new Until.Copied())).isEqualTo(ExitCode.DONE);
        String states =
                "SELECT string_agg(evtname::text || evtenabled::text ||"
                        + " coalesce(obj_description(oid), ''), ' ' ORDER BY evtname) FROM"
                        + " pg_event_trigger";
        assertThat(sync.destinationValue(states)).isEqualTo("alwaysD every DayDnotes neverD");
        assertThat(sync.content().differences()).isEmpty();
        assertThat(sync.clean()).isEqualTo(ExitCode.DONE);
        assertThat(sync.destinationValue(states)).isEqualTo("alwaysA every DayOnotes neverD");
    }
}
