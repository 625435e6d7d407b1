package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** Rows changed together that the destination refuses are applied row by row. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowRunsPgTest {

    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        source = PostgresServer.start("18");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    private Move copied() throws Exception {
        Move move = Move.between(source, destination, directory);
        move.atBoth("CREATE TABLE t (id int PRIMARY KEY, n int)");
        move.atSource("INSERT INTO t SELECT g, g FROM generate_series(1, 100) g");
        move.run("--until=copied");
        return move;
    }

    @Test
    void aRefusedRun_goesRowByRow_andTheMigrationGoesOn() throws Exception {
        try (Move move = copied()) {
            // Two rows of one statement are refused, two statements are not.
            move.atDestination(
                    "CREATE FUNCTION alone() RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE mine"
                        + " text := statement_timestamp(); before text :="
                        + " current_setting('test.at', true); BEGIN PERFORM set_config('test.at',"
                        + " mine, false); RETURN mine IS DISTINCT FROM before; END $$",
                    "ALTER TABLE t ADD CHECK (n > 0 OR alone())");
            changed(move);
            try (WarpCommand warp = move.start("--until=caught-up", "--verbose")) {
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
                assertThat(warp.printed())
                        .contains(
                                "UPDATE of public.t in transaction ", "violates check constraint");
            }
            move.assertEqual("public");
        }
    }

    @Test
    void aRowThatIsMissing_isNamed() throws Exception {
        try (Move move = copied()) {
            move.atDestination("DELETE FROM t WHERE id = 50");
            changed(move);
            try (WarpCommand warp = move.start("--until=caught-up")) {
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.NEEDS_PERSON);
                assertThat(warp.printed())
                        .contains("UPDATE of public.t in transaction ", "found no row to change")
                        .doesNotContain("rows instead of");
            }
            assertThat(move.askDestination("SELECT count(*) FROM t WHERE n > 0")).isEqualTo("99");
            move.atDestination("INSERT INTO t VALUES (50, 50)");
            move.run("--until=caught-up");
            move.assertEqual("public");
        }
    }

    private static void changed(Move move) throws SQLException {
        move.atSource(
                "UPDATE t SET n = -n", "UPDATE t SET n = n - 1", "DELETE FROM t WHERE id > 50");
    }
}
