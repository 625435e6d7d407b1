package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.OutputPlugin;
import warp.model.Side;
import warp.model.Table;
import warp.postgres.Catalog;
import warp.postgres.Connector;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.progress.StopSignal;
import warp.sandbox.PostgresServer;

/** Somebody at the source wants a table for himself just when it is to be copied. */
@Timeout(120)
class TableLocksPgTest {

    private static final String DATABASE = "postgres";

    @Test
    void tableThatIsTakenOrWasTruncated_needsAnotherSnapshot() throws Exception {
        try (PostgresServer server = PostgresServer.start("18");
                Connection other = server.connect(DATABASE);
                Statement statement = other.createStatement()) {
            server.execute(DATABASE, "CREATE TABLE a (id int)", "CREATE TABLE \"B ü\" (id int)");
            Connector connector =
                    new Connector(
                            TestConnections.settings(Side.SOURCE, server, DATABASE), "warp-test");
            List<Table> tables = tables(connector);
            try (ExportedSnapshot snapshot = snapshot(connector)) {
                try (Session reader = connector.open();
                        TableLocks _ =
                                TableLocks.take(
                                        connector, reader, snapshot, tables, new StopSignal())) {
                    other.setAutoCommit(false);
                    statement.execute("SET lock_timeout = '100ms'");
                    assertThatThrownBy(() -> statement.execute("TRUNCATE a"))
                            .hasMessageContaining("lock timeout");
                    other.rollback();
                }

                statement.execute("TRUNCATE \"B ü\"");
                assertRefused(connector, snapshot, tables, "lock timeout");

                other.commit();
                assertRefused(
                        connector,
                        snapshot,
                        tables,
                        "rewritten since the snapshot: public.\"B ü\"");
            }
        }
    }

    /** Else each would wait for the other, and nobody could use the table any more. */
    @Test
    void whoWaitsForTheLocks_isNotWaitedFor() throws Exception {
        try (PostgresServer server = PostgresServer.start("18");
                ExecutorService application = Executors.newVirtualThreadPerTaskExecutor()) {
            server.execute(DATABASE, "CREATE TABLE a (id int, half int DEFAULT 1 + 1)");
            Connector connector =
                    new Connector(
                            TestConnections.settings(Side.SOURCE, server, DATABASE), "warp-test");
            try (ExportedSnapshot snapshot = snapshot(connector);
                    Session reader = connector.open()) {
                Future<?> altering;
                try (TableLocks _ =
                        TableLocks.take(
                                connector, reader, snapshot, tables(connector), new StopSignal())) {
                    altering =
                            application.submit(() -> {
                                server.execute(DATABASE, "ALTER TABLE a DROP COLUMN half");
                                return null;
                            });
                    awaitWaiting(server);
                    assertThatThrownBy(() -> Catalog.tables(reader))
                            .isInstanceOfSatisfying(
                                    WarpException.class,
                                    problem ->
                                            assertThat(problem.code())
                                                    .isEqualTo(ErrorCode.TRANSIENT));
                }
                altering.get();
                assertThat(Catalog.tables(reader))
                        .singleElement()
                        .satisfies(table -> assertThat(table.columns()).hasSize(1));
                assertThat(reader.queryOne("SHOW lock_timeout").text("lock_timeout"))
                        .isEqualTo("0");
            }
        }
    }

    private static void awaitWaiting(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            boolean waiting = false;
            while (!waiting) {
                try (ResultSet row =
                        statement.executeQuery(
                                "SELECT FROM pg_locks WHERE NOT granted AND mode ="
                                        + " 'AccessExclusiveLock'")) {
                    waiting = row.next();
                }
            }
        }
    }

    private static void assertRefused(
            Connector connector, ExportedSnapshot snapshot, List<Table> tables, String because) {
        assertThatThrownBy(
                        () -> {
                            try (Session reader = connector.open()) {
                                TableLocks.take(
                                                connector,
                                                reader,
                                                snapshot,
                                                tables,
                                                new StopSignal())
                                        .close();
                            }
                        })
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo(ErrorCode.TRANSIENT);
                            assertThat(problem.summary()).contains("source: ", because);
                        });
    }

    private static List<Table> tables(Connector connector) {
        try (Session session = connector.open()) {
            return Catalog.tables(session);
        }
    }

    private static ExportedSnapshot snapshot(Connector connector) {
        try (Session session = connector.open()) {
            return ExportedSnapshot.createTemporary(
                    connector.openReplication(), "locks", OutputPlugin.PGOUTPUT, session.version());
        }
    }
}
