package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.config.MigrationSettings.Until;
import warp.config.SchemaOptions;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.sandbox.PostgresServer;

/** --sync-schema between real servers. */
class SchemaSyncPgTest {

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start("15");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static WarpException refused(SchemaSync sync, SchemaOptions options)
            throws InterruptedException {
        try {
            sync.run(new Until.Copied(), options, settings -> settings);
        } catch (WarpException problem) {
            return problem;
        }
        throw new AssertionError("it was not refused: " + sync.lines);
    }

    @ParameterizedTest
    @CsvSource({"9.6, 15", "13, 15", "15, 15", "15, 18"})
    void richSchemaUnderLoad_arrivesWhole(String from, String to) throws Exception {
        try (PostgresServer source = PostgresServer.start(from);
                PostgresServer destination = PostgresServer.start(to)) {
            SchemaSync sync = SchemaSync.between(source, destination, "rich");
            sync.atSource(SchemaSync.resource("rich_schema.sql"));
            if (!from.equals("9.6")) {
                sync.atSource(SchemaSync.resource("rich_schema_13.sql"));
            }
            AtomicBoolean enough = new AtomicBoolean();
            AtomicReference<Throwable> failed = new AtomicReference<>();
            Thread load = Thread.ofVirtual().start(() -> write(sync, enough, failed));
            try {
                assertThat(sync.run(new Until.Copied())).isEqualTo(ExitCode.DONE);
            } finally {
                enough.set(true);
                load.join();
            }
            assertThat(failed.get()).isNull();
            assertThat(sync.run(new Until.CaughtUp())).isEqualTo(ExitCode.DONE);

            assertThat(sync.questions).isEmpty();
            assertThat(sync.warnings()).noneMatch(line -> line.contains("could not be made"));
            assertThat(sync.content().differences()).isEmpty();
            assertThat(
                            sync.destinationValue(
                                    "SELECT (SELECT count(*) FROM shop.z_first) = n AND n > 0"
                                            + " FROM shop.a_second"))
                    .isEqualTo("t");
            assertThat(sync.clean()).isEqualTo(ExitCode.DONE);
            if (!to.equals("18")) {
                List<String> wanted = sync.sourceDump();
                List<String> got = sync.destinationDump();
                assertThat(got).hasSizeGreaterThan(100);
                assertThat(difference(got, wanted)).as("too much").isEmpty();
                assertThat(difference(wanted, got)).as("missing").isEmpty();
            }
        }
    }

    private static List<String> difference(List<String> one, List<String> other) {
        List<String> rest = new ArrayList<>(one);
        other.forEach(rest::remove);
        return rest;
    }

    private static void write(
            SchemaSync sync, AtomicBoolean enough, AtomicReference<Throwable> failed) {
        try (Connection connection = sync.connectToSource();
                Statement statement = connection.createStatement()) {
            for (int i = 0; !enough.get(); i++) {
                statement.execute(
                        "INSERT INTO shop.customer (email) VALUES ('new" + i + "@example.org')");
                statement.execute(
                        "UPDATE shop.orders SET amount = amount + 1 WHERE customer = " + i);
                statement.execute("DELETE FROM shop.orders WHERE customer = 300 - " + i);
            }
        } catch (SQLException problem) {
            failed.set(problem);
        }
    }

    @Test
    void objectsInTheWay_areDroppedOnlyAfterAYes() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "inway");
        sync.atSource(
                "CREATE TABLE t (id integer PRIMARY KEY, kept text)",
                "INSERT INTO t VALUES (1, 'new')",
                "CREATE TYPE color AS ENUM ('red')",
                "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'");
        sync.atDestination(
                "CREATE TABLE t (id text)",
                "INSERT INTO t VALUES ('old')",
                "CREATE VIEW others AS SELECT * FROM t",
                "CREATE TABLE \"Untouched\" (id integer)",
                "CREATE TABLE refers (c integer)",
                "CREATE DOMAIN color AS text",
                "CREATE FUNCTION f(b integer) RETURNS text LANGUAGE sql AS 'SELECT ''x''::text'",
                "CREATE FUNCTION f(b text) RETURNS text LANGUAGE sql AS 'SELECT ''x''::text'");

        WarpException no = refused(sync, SchemaSync.SYNC);
        assertThat(no.code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(sync.questions)
                .singleElement()
                .asString()
                .contains(
                        "127.0.0.1:" + server.port() + "/inway_new",
                        "table public.t",
                        "type public.color",
                        "function public.f(integer)",
                        "view public.others")
                .doesNotContain("Untouched", "refers", "f(text)");
        assertThat(sync.destinationValue("SELECT id FROM t")).isEqualTo("old");

        assertThat(sync.answering(true).run(new Until.Copied())).isEqualTo(ExitCode.DONE);
        assertThat(sync.destinationValue("SELECT kept FROM t")).isEqualTo("new");
        assertThat(sync.destinationValue("SELECT f(1)")).isEqualTo("1");
        assertThat(sync.destinationValue("SELECT 'red'::color")).isEqualTo("red");
        assertThat(sync.destinationValue("SELECT f('x'::text)")).isEqualTo("x");
        assertThat(
                        sync.destinationValue(
                                "SELECT to_regclass('others') IS NULL AND"
                                        + " to_regclass('\"Untouched\"') IS NOT NULL"))
                .isEqualTo("t");
        sync.clean();
        assertThat(sync.destinationValue("SELECT kept FROM t")).isEqualTo("new");
    }

    @Test
    void objectThatFails_isReportedAndTheRestGoesOn() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "failing");
        sync.atSource(
                "CREATE TABLE t (id integer PRIMARY KEY)",
                "INSERT INTO t VALUES (1)",
                "CREATE CAST (integer AS json) WITH INOUT",
                "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
                "CREATE VIEW after_it AS SELECT id FROM t",
                "CREATE SCHEMA other",
                "CREATE TABLE other.target (id integer PRIMARY KEY)",
                "CREATE TABLE u (id integer PRIMARY KEY REFERENCES other.target)");

        assertThat(
                        sync.run(
                                new Until.Copied(),
                                new SchemaOptions(true, List.of(), List.of("other"), false, false),
                                settings -> settings))
                .isEqualTo(ExitCode.INCOMPLETE);

        assertThat(sync.warnings())
                .anySatisfy(line ->
                        assertThat(line)
                                .contains(
                                        "FK CONSTRAINT public.u u_id_fkey could not be made",
                                        "SQLSTATE 3F000",
                                        "statement: ALTER TABLE ONLY public.u",
                                        "REFERENCES other.target"))
                .last()
                .asString()
                .contains("1 object of the source could not be made", "u_id_fkey");
        assertThat(sync.destinationValue("SELECT id FROM after_it")).isEqualTo("1");
        sync.clean();
    }

    private static final String MANY_TABLES =
            """
            DO $$ BEGIN
                FOR i IN 1..150 LOOP
                    EXECUTE format('CREATE TABLE many.t_%1$s (id serial PRIMARY KEY, a int'
                        ' DEFAULT %1$s, b text)', i);
                    EXECUTE format('CREATE INDEX ON many.t_%1$s (a)', i);
                    EXECUTE format('ALTER TABLE many.t_%1$s ADD UNIQUE (b)', i);
                    EXECUTE format('COMMENT ON TABLE many.t_%1$s IS %2$L', i, i || '; -- really');
                    EXECUTE format('INSERT INTO many.t_%1$s (b) VALUES (1)', i);
                END LOOP;
            END $$\
            """;

    @Test
    void groupOfWhichOneStatementFails_isMadeButForThat() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "groups");
        sync.atSource("CREATE SCHEMA many", MANY_TABLES);
        // An index shares its name with one of those to be made.
        sync.atDestination(
                "CREATE SCHEMA many",
                "CREATE TABLE many.x (id integer)",
                "CREATE INDEX t_77_a_idx ON many.x (id)");

        assertThat(sync.run(new Until.Copied())).isEqualTo(ExitCode.INCOMPLETE);

        assertThat(sync.warnings())
                .filteredOn(line -> line.contains("could not be made"))
                .first()
                .asString()
                .contains("INDEX many.t_77_a_idx", "SQLSTATE 42P07", "CREATE INDEX t_77_a_idx ON");
        assertThat(sync.warnings())
                .last()
                .asString()
                .contains("1 object of the source could not be made", "t_77_a_idx");
        assertThat(
                        sync.destinationValue(
                                "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid ="
                                    + " i.indrelid WHERE relnamespace = 'many'::regnamespace AND"
                                    + " relname LIKE 't\\_%'"))
                .isEqualTo(String.valueOf(150 * 3 - 1));
        sync.atDestination("DROP TABLE many.x");
        // One run tries again what is missing while it replicates.
        assertThat(sync.run(new Until.CaughtUp())).isEqualTo(ExitCode.DONE);
        assertThat(sync.content().differences()).isEmpty();
        assertThat(sync.clean()).isEqualTo(ExitCode.DONE);
        assertThat(difference(sync.sourceDump(), sync.destinationDump())).isEmpty();
    }

    /** What a table depends on may be made by another session at the same time. */
    @Test
    void tablesThatDependOnOthers_areMadeWithThem() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "depends");
        sync.atSource(
                "CREATE SCHEMA many",
                MANY_TABLES,
                """
                DO $$ BEGIN
                    FOR i IN 1..149 LOOP
                        EXECUTE format('ALTER TABLE many.t_%s ADD other many.t_%s', i, i + 1);
                        EXECUTE format('ALTER SEQUENCE many.t_%1$s_id_seq OWNED BY NONE', i);
                    END LOOP;
                    FOR i IN 1..149 LOOP
                        EXECUTE format('ALTER SEQUENCE many.t_%s_id_seq OWNED BY many.t_%s.id',
                            i, 150 - i);
                        EXECUTE format('CREATE TABLE many.u_%s (PRIMARY KEY (id))'
                            ' INHERITS (many.t_%1$s)', i);
                        EXECUTE format('ALTER TABLE many.t_%s ADD FOREIGN KEY (a) REFERENCES'
                            ' many.t_%s (id) NOT VALID', i, 150 - i);
                    END LOOP;
                END $$\
                """);

        assertThat(sync.run(new Until.Copied())).isEqualTo(ExitCode.DONE);

        assertThat(sync.warnings()).noneMatch(line -> line.contains("could not be made"));
        assertThat(sync.content().differences()).isEmpty();
        assertThat(sync.clean()).isEqualTo(ExitCode.DONE);
        List<String> wanted = sync.sourceDump();
        List<String> got = sync.destinationDump();
        assertThat(got).hasSizeGreaterThan(1500);
        assertThat(difference(got, wanted)).as("too much").isEmpty();
        assertThat(difference(wanted, got)).as("missing").isEmpty();
    }

    @Test
    void tableThatCannotBeMade_stopsBeforeTheCopyAndTheNextRunMends() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "broken");
        sync.atSource(
                "CREATE SCHEMA s",
                "CREATE TABLE s.a (id integer PRIMARY KEY)",
                "CREATE TABLE s.b (id integer PRIMARY KEY)",
                "INSERT INTO s.a VALUES (1)",
                "INSERT INTO s.b VALUES (2)");
        // An index shares its name with the table to be made.
        sync.atDestination(
                "CREATE SCHEMA s", "CREATE TABLE s.x (id integer)", "CREATE INDEX b ON s.x (id)");

        WarpException problem = refused(sync, SchemaSync.SYNC);

        assertThat(problem.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(sync.lines)
                .anyMatch(line -> line.contains("TABLE s.b could not be made"))
                .anyMatch(line -> line.startsWith("error: ") && line.contains("s.b"));
        assertThat(sync.destinationValue("SELECT count(*) FROM s.a")).isEqualTo("0");

        sync.atDestination("DROP INDEX s.b");
        assertThat(sync.run(new Until.Copied())).isEqualTo(ExitCode.DONE);
        assertThat(sync.questions).isEmpty();
        assertThat(sync.destinationValue("SELECT id FROM s.b")).isEqualTo("2");
        sync.clean();
    }

    @ParameterizedTest
    @CsvSource({"Reading the schema, read", "Making the schema, making", "Copying, copy"})
    void stopOnTheWay_isResumedWithoutAnotherQuestion(String line, String name) throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "stop_" + name);
        sync.atSource(
                "CREATE TABLE t (id integer PRIMARY KEY, kept text)",
                "INSERT INTO t VALUES (1, 'new')");
        sync.atDestination("CREATE TABLE t (id integer)", "INSERT INTO t VALUES (7)");

        assertThat(sync.answering(true).stoppingAt(line).run(new Until.Copied()))
                .isEqualTo(ExitCode.INTERRUPTED);
        boolean dropped =
                sync.destinationValue(
                                "SELECT count(*) FROM pg_attribute WHERE attrelid ="
                                    + " to_regclass('t') AND attname = 'kept' OR to_regclass('t')"
                                    + " IS NULL")
                        .equals("1");
        assertThat(sync.goingOn().answering(!dropped).run(new Until.Copied()))
                .isEqualTo(ExitCode.DONE);

        assertThat(sync.destinationValue("SELECT kept FROM t")).isEqualTo("new");
        sync.clean();
    }

    @Test
    void rowsThatCameAfterAnInterruption_areNotDroppedWithoutAQuestion() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "rows");
        sync.atSource("CREATE TABLE t (id integer PRIMARY KEY)");
        sync.stoppingAt("Making the schema").run(new Until.Copied());
        sync.atDestination("CREATE TABLE t (id text)", "INSERT INTO t VALUES ('precious')");

        assertThat(refused(sync.goingOn(), SchemaSync.SYNC).code()).isEqualTo(ErrorCode.REFUSED);

        assertThat(sync.questions).singleElement().asString().contains("table public.t");
        assertThat(sync.destinationValue("SELECT id FROM t")).isEqualTo("precious");
        sync.clean();
    }

    @Test
    void grantsOfOthersThanTheOwner_arriveWithTheirGrantor() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "grants");
        server.execute("postgres", "CREATE ROLE granter", "CREATE ROLE granted");
        sync.atSource(
                "CREATE TABLE t (id integer PRIMARY KEY)",
                "GRANT SELECT ON t TO granter WITH GRANT OPTION",
                "GRANT USAGE ON SCHEMA public TO granter",
                "SET ROLE granter",
                "GRANT SELECT ON t TO granted",
                "RESET ROLE",
                "CREATE TABLE u (id integer PRIMARY KEY)");

        assertThat(sync.run(new Until.Copied())).isEqualTo(ExitCode.DONE);

        assertThat(sync.destinationValue("SELECT relacl::text FROM pg_class WHERE relname = 't'"))
                .contains("granted=r/granter");
        assertThat(sync.warnings()).isEmpty();
        sync.clean();
    }

    @Test
    void extensionThatTheDestinationLacks_isListedBeforeAnythingIsTouched() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "exotic");
        sync.atSource(
                "CREATE TABLE t (id integer PRIMARY KEY)",
                "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable,"
                        + " extversion) VALUES (99999, 'exotic', 10, 2200, false, '1')");

        assertThat(refused(sync, SchemaSync.SYNC).code()).isEqualTo(ErrorCode.CHECK);

        assertThat(sync.lines)
                .anySatisfy(line ->
                        assertThat(line)
                                .startsWith("error: destination: ")
                                .contains("does not offer the extension exotic", "install there"));
        assertThat(sync.destinationValue("SELECT to_regclass('t') IS NULL")).isEqualTo("t");
    }

    @Test
    void ordinaryRole_makesTheSchemaOfItsOwn() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "ordinary");
        server.execute(
                "postgres",
                "CREATE ROLE mover LOGIN REPLICATION PASSWORD 'warp'",
                "GRANT SET ON PARAMETER session_replication_role TO mover",
                "GRANT CREATE ON DATABASE ordinary TO mover",
                "ALTER DATABASE ordinary_new OWNER TO mover");
        sync.atSource(
                "CREATE EXTENSION hstore",
                "CREATE SCHEMA app AUTHORIZATION mover",
                "SET ROLE mover",
                "CREATE TABLE app.t (id integer PRIMARY KEY, h public.hstore)",
                "INSERT INTO app.t VALUES (1, 'a=>1')",
                "RESET ROLE");

        assertThat(
                        sync.run(
                                new Until.Copied(),
                                new SchemaOptions(true, List.of(), List.of(), true, false),
                                sync::asMover))
                .isEqualTo(ExitCode.DONE);

        assertThat(sync.destinationValue("SELECT h->'a' FROM app.t")).isEqualTo("1");
        assertThat(sync.warnings()).isEmpty();
    }

    @Test
    void missingRoles_areListedBeforeAnythingIsTouched() throws Exception {
        server.execute("postgres", "CREATE ROLE \"Lost Owner\"", "CREATE ROLE reader");
        try (PostgresServer destination = PostgresServer.start("15")) {
            SchemaSync sync = SchemaSync.between(server, destination, "roles");
            sync.atSource(
                    "CREATE TABLE t (id integer PRIMARY KEY)",
                    "ALTER TABLE t OWNER TO \"Lost Owner\"",
                    "CREATE TABLE u (id integer PRIMARY KEY)",
                    "GRANT SELECT ON u TO reader");

            assertThat(refused(sync, SchemaSync.SYNC).code()).isEqualTo(ErrorCode.CHECK);
            assertThat(sync.lines)
                    .anySatisfy(line ->
                            assertThat(line)
                                    .startsWith("error: ")
                                    .contains(
                                            "roles that the schema names are missing:"
                                                    + " Lost Owner, reader",
                                            "CREATE ROLE \"Lost Owner\"; CREATE ROLE \"reader\";",
                                            "--no-owner --no-acl"));
            assertThat(
                            sync.run(
                                    new Until.Copied(),
                                    new SchemaOptions(true, List.of(), List.of(), true, true),
                                    settings -> settings))
                    .isEqualTo(ExitCode.DONE);
            assertThat(
                            sync.destinationValue(
                                    "SELECT relowner::regrole || coalesce(relacl::text, '-')"
                                            + " FROM pg_class WHERE relname = 't'"))
                    .isEqualTo("postgres-");
            sync.clean();
        }
    }

    @Test
    void filters_holdForSchemaAndData() throws Exception {
        SchemaSync sync = SchemaSync.between(server, server, "filtered");
        sync.atSource(
                "CREATE SCHEMA a",
                "CREATE SCHEMA b",
                "CREATE TYPE a.kind AS ENUM ('x')",
                "CREATE SEQUENCE a.numbers",
                "CREATE TABLE a.chosen (id integer DEFAULT nextval('a.numbers') PRIMARY KEY, k"
                        + " a.kind)",
                "CREATE TABLE a.\"Not (chosen|this)\" (id serial PRIMARY KEY)",
                "CREATE TABLE a.\"Caf\u00e9\" (id integer PRIMARY KEY)",
                "CREATE TABLE a.\"\ud83d\ude00x\" (id integer PRIMARY KEY)",
                "CREATE TABLE a.parted (id integer PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE a.leaf PARTITION OF a.parted FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE b.chosen (id integer PRIMARY KEY)",
                "INSERT INTO a.chosen (k) VALUES ('x')",
                "INSERT INTO a.parted VALUES (5)");

        assertThat(
                        sync.run(
                                new Until.Copied(),
                                new SchemaOptions(true, List.of("a"), List.of(), false, false),
                                settings ->
                                        settings.with(
                                                settings.options()
                                                        .withTables(
                                                                List.of("chosen", "a.parted"),
                                                                List.of()))))
                .isEqualTo(ExitCode.DONE);

        assertThat(
                        sync.destinationValue(
                                "SELECT string_agg(c.oid::regclass::text, ' ' ORDER BY relname)"
                                        + " FROM pg_class c JOIN pg_namespace n ON n.oid ="
                                        + " relnamespace WHERE nspname IN ('a', 'b') AND relkind"
                                        + " IN ('r', 'p', 'S')"))
                .isEqualTo("a.chosen a.leaf a.numbers a.parted");
        assertThat(sync.destinationValue("SELECT count(*) FROM a.parted, a.chosen")).isEqualTo("1");
        assertThat(sync.warnings()).isEmpty();
        sync.clean();
    }
}
