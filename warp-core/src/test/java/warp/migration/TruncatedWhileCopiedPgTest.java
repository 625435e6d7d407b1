package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** Somebody at the source wants a table for himself just when it is to be copied. */
@Timeout(120)
class TruncatedWhileCopiedPgTest {

    @TempDir Path directory;

    @Test
    void lockedTable_makesTheCopyLetGoAndStartAgain() throws Exception {
        try (PostgresServer source = PostgresServer.start("9.6");
                PostgresServer destination = PostgresServer.start("18");
                Move move = Move.between(source, destination, directory)) {
            move.atBoth("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int)");
            move.atSource("INSERT INTO a SELECT generate_series(1, 100)");
            try (Connection writing = move.source();
                    Connection locking = move.source();
                    Statement write = writing.createStatement();
                    Statement lock = locking.createStatement();
                    WarpCommand warp = startWhile(writing, write, move)) {
                warp.awaitPrinted("Creating replication slot"); // It waits for the one who writes.
                locking.setAutoCommit(false);
                lock.execute("LOCK TABLE b IN ACCESS EXCLUSIVE MODE");
                writing.commit();
                warp.awaitPrinted("the copy starts again");
                lock.execute("TRUNCATE a");
                lock.execute("INSERT INTO a VALUES (7)");
                locking.commit();
                assertThat(warp.await()).as(warp.printed()).isEqualTo(ExitCode.DONE);
            }
            move.assertEqual("public");
            assertThat(move.askDestination("SELECT count(*) FROM a")).isEqualTo("1");
        }
    }

    private static WarpCommand startWhile(Connection writing, Statement write, Move move)
            throws SQLException {
        writing.setAutoCommit(false);
        write.execute("INSERT INTO a VALUES (101)");
        return move.start("--until=caught-up");
    }
}
