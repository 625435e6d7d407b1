package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.MigrationSettings;
import warp.config.MigrationSettings.Until;
import warp.config.ObjectOptions;
import warp.config.SchemaOptions;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.sandbox.PostgresServer;

/** Large objects arrive with content, owner, privileges and comment, and follow the source. */
class LargeObjectsPgTest {

    /** Everything about every large object of a database, as one text. */
    private static final String ALL =
            "SELECT coalesce(string_agg(concat_ws(' ', m.oid, pg_get_userbyid(m.lomowner),"
                    + " (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(m.lomacl) a),"
                    + " obj_description(m.oid, 'pg_largeobject'),"
                    + " md5(lo_get(m.oid))), E'\\n' ORDER BY m.oid), '')"
                    + " FROM pg_largeobject_metadata m";

    private static PostgresServer destination;
    private static PostgresServer fifteen;

    @TempDir private static Path directory;

    @BeforeAll
    static void start() throws SQLException {
        destination = PostgresServer.start("18");
        fifteen = PostgresServer.start("15");
        roles(destination);
    }

    @AfterAll
    static void stop() {
        destination.close();
        fifteen.close();
    }

    private static void roles(PostgresServer server) throws SQLException {
        server.execute(
                "postgres",
                "CREATE ROLE keeper",
                "CREATE ROLE \"Odd One\"",
                "CREATE ROLE mover LOGIN PASSWORD 'warp' REPLICATION",
                "GRANT keeper TO mover");
    }

    private static void same(Move move) throws SQLException {
        assertThat(move.askDestination(ALL)).isEqualTo(move.askSource(ALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "13", "18"})
    void largeObjects_arriveWholeAndFollowTheSource(String version) throws Exception {
        try (PostgresServer source = PostgresServer.start(version)) {
            roles(source);
            try (Move move = Move.between(source, destination, directory)) {
                move.atBoth("CREATE TABLE t (id integer PRIMARY KEY)");
                move.atSource(
                        "SELECT lo_from_bytea(0, convert_to(repeat('small ' || n, n), 'UTF8'))"
                                + " FROM generate_series(1, 500) n",
                        "SELECT lo_from_bytea(0, '')",
                        "SELECT lo_from_bytea(4000000000, decode(repeat('00ff10', 1500000),"
                                + " 'hex'))",
                        "SELECT lo_create(77)",
                        "SELECT lo_put(77, 3000000, 'behind a hole')",
                        "ALTER LARGE OBJECT 77 OWNER TO keeper",
                        "GRANT SELECT ON LARGE OBJECT 77 TO \"Odd One\" WITH GRANT OPTION",
                        "GRANT UPDATE ON LARGE OBJECT 77 TO PUBLIC",
                        "REVOKE UPDATE ON LARGE OBJECT 77 FROM keeper",
                        "COMMENT ON LARGE OBJECT 77 IS 'it''s 77'");

                assertThat(move.run("--until=copied")).contains("Copied 503 large objects (8 MB)");
                same(move);

                move.atSource(
                        "SELECT lo_put(4000000000, 4499990, 'longer than before')",
                        "SELECT lo_unlink(77)",
                        "SELECT lo_from_bytea(78, 'new')",
                        "INSERT INTO t VALUES (1)");
                assertThat(move.catchUp()).contains("dropped");
                same(move);
                move.atSource("COMMENT ON LARGE OBJECT 78 IS 'told'");
                move.catchUp();
                same(move);
                assertThat(move.catchUp()).doesNotContain("large object");
                move.run("--clean");
                same(move);
            }
        }
    }

    @Test
    void ordinaryRoleThatMayNotReadTheirTable_bringsWhatItMayRead() throws Exception {
        try (Move move = Move.between(destination, destination, directory)) {
            move.atBoth("CREATE TABLE t (id integer PRIMARY KEY)", "ALTER TABLE t OWNER TO mover");
            for (String grant :
                    List.of(
                            "GRANT ALL ON SCHEMA public TO mover",
                            "GRANT CREATE ON DATABASE %s TO mover")) {
                move.atSource(grant.formatted("shop"));
                move.atDestination(grant.formatted("shop_to"));
            }
            destination.execute(
                    "postgres", "GRANT SET ON PARAMETER session_replication_role TO mover");
            move.atSource(
                    "SELECT lo_from_bytea(100, 'mine')",
                    "SELECT lo_from_bytea(101, decode(repeat('ab', 3000000), 'hex'))",
                    "SELECT lo_from_bytea(102, 'hidden')",
                    "ALTER LARGE OBJECT 100 OWNER TO keeper",
                    "GRANT SELECT ON LARGE OBJECT 101 TO PUBLIC",
                    "COMMENT ON LARGE OBJECT 101 IS 'owned by another'");

            try (var command =
                    move.startAs("mover", "warp", "--no-owner", "--no-acl", "--until=copied")) {
                assertThat(command.await()).as(command.printed()).isEqualTo(ExitCode.DONE);
                assertThat(command.printed())
                        .contains(
                                "1 large object may not be read at the source, and were left out:"
                                        + " 102",
                                "GRANT SELECT ON LARGE OBJECT 102 TO \"mover\"");
            }
            move.atSource("SELECT lo_put(101, 2999999, 'X')", "SELECT lo_unlink(100)");
            try (var command =
                    move.startAs("mover", "warp", "--no-owner", "--no-acl", "--until=caught-up")) {
                assertThat(command.await()).as(command.printed()).isEqualTo(ExitCode.DONE);
                assertThat(command.printed())
                        .contains("Brought 1 large object that were new or changed, dropped 1");
            }
            String content = "SELECT md5(lo_get(101))";
            assertThat(move.askDestination(content)).isEqualTo(move.askSource(content));
            assertThat(
                            move.askDestination(
                                    "SELECT string_agg(oid || ' ' || pg_get_userbyid(lomowner),"
                                            + " ', ') FROM pg_largeobject_metadata"))
                    .isEqualTo("101 mover");
            try (var command = move.startAs("mover", "warp", "--clean")) {
                assertThat(command.await()).as(command.printed()).isEqualTo(ExitCode.DONE);
            }
            destination.execute(
                    "postgres", "REVOKE SET ON PARAMETER session_replication_role FROM mover");
        }
    }

    @Test
    void largeObjectsOfOthers_areReplacedOnlyAfterAYes() throws Exception {
        SchemaSync sync = SchemaSync.between(fifteen, fifteen, "occupied");
        sync.atSource(
                "CREATE TABLE t (id integer PRIMARY KEY)",
                "SELECT lo_from_bytea(500, 'source''s')",
                "SELECT lo_from_bytea(501, 'source''s')");
        sync.atDestination(
                "SELECT lo_from_bytea(500, 'somebody''s')",
                "SELECT lo_from_bytea(600, 'somebody''s')");

        assertThatThrownBy(() -> sync.run(new Until.Copied()))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.REFUSED));
        assertThat(sync.questions)
                .singleElement()
                .asString()
                .contains("1 large object that the source has too (500)");
        sync.goingOn().answering(true);
        assertThat(sync.run(new Until.Copied())).isEqualTo(ExitCode.DONE);

        sync.atSource("SELECT lo_from_bytea(600, 'later')");
        assertThat(sync.run(new Until.CaughtUp())).isEqualTo(ExitCode.DONE);
        assertThat(sync.warnings()).anyMatch(line -> line.contains("and stay: 600"));
        assertThat(
                        sync.destinationValue(
                                "SELECT string_agg(oid || convert_from(lo_get(oid), 'UTF8'), ' '"
                                        + " ORDER BY oid) FROM pg_largeobject_metadata"))
                .isEqualTo("500source's 501source's 600somebody's");
        sync.clean();
    }

    @Test
    void stopDuringTheCopy_isResumedWithoutCopyingTwice() throws Exception {
        SchemaSync sync = SchemaSync.between(fifteen, fifteen, "resumed");
        sync.atSource(
                "CREATE TABLE t (id integer PRIMARY KEY)",
                "SELECT lo_from_bytea(0, convert_to('n' || n, 'UTF8')) FROM generate_series(1, 900)"
                        + " n");
        assertThat(sync.stoppingAt("Copied 900 large objects").run(new Until.Copied()))
                .isEqualTo(ExitCode.INTERRUPTED);
        sync.lines.clear();
        sync.atSource("SELECT lo_from_bytea(0, 'one more')");
        assertThat(sync.goingOn().run(new Until.Copied())).isEqualTo(ExitCode.DONE);
        assertThat(sync.lines).anyMatch(line -> line.startsWith("Copied 1 large object ("));
        assertThat(sync.destinationValue("SELECT count(*) FROM pg_largeobject_metadata"))
                .isEqualTo("901");
        sync.clean();
    }

    @Test
    void chosenTables_leaveLargeObjectsOutUnlessAsked() throws Exception {
        SchemaSync sync = SchemaSync.between(fifteen, fifteen, "asked");
        sync.atSource("CREATE TABLE t (id integer PRIMARY KEY)", "SELECT lo_from_bytea(700, 'x')");
        sync.atDestination("CREATE TABLE t (id integer PRIMARY KEY)");
        assertThat(sync.run(new Until.Copied(), SchemaOptions.NONE, s -> table(s, null)))
                .isEqualTo(ExitCode.DONE);
        String count = "SELECT count(*) FROM pg_largeobject_metadata";
        assertThat(sync.destinationValue(count)).isEqualTo("0");
        assertThat(sync.warnings())
                .anyMatch(line -> line.contains("large objects, which are left"));
        sync.clean();
        assertThat(sync.run(new Until.Copied(), SchemaOptions.NONE, s -> table(s, true)))
                .isEqualTo(ExitCode.DONE);
        assertThat(sync.destinationValue(count)).isEqualTo("1");
        sync.clean();
    }

    private static MigrationSettings table(
            MigrationSettings settings, @org.jspecify.annotations.Nullable Boolean largeObjects) {
        return settings.with(
                settings.options()
                        .withTables(List.of("t"), List.of())
                        .withObjects(new ObjectOptions(largeObjects, false)));
    }
}
