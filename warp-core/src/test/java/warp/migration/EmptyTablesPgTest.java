package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.config.RuleOptions;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.plan.TableRules;
import warp.postgres.Catalog;
import warp.postgres.Connector;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.postgres.wire.WireSession;
import warp.sandbox.PostgresServer;

/** What counts as empty, as of a snapshot, while others write. */
@Timeout(120)
class EmptyTablesPgTest {

    private static PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start("18");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void makeDatabases() throws SQLException {
        for (String database : List.of("here", "there")) {
            server.execute("postgres", "DROP DATABASE IF EXISTS " + database);
            server.createDatabase(database);
            server.execute(
                    database,
                    "CREATE TABLE never (a int PRIMARY KEY)",
                    "CREATE TABLE filled (a int PRIMARY KEY)",
                    "CREATE TABLE deleted (a int PRIMARY KEY)",
                    "CREATE TABLE later (a int PRIMARY KEY)",
                    "CREATE TABLE there_only (a int PRIMARY KEY)");
        }
        server.execute(
                "here",
                "INSERT INTO filled VALUES (1)",
                "INSERT INTO deleted SELECT generate_series(1, 1000)");
    }

    @Test
    void rowsThatTheSnapshotSees_areNotOverlooked() throws SQLException {
        try (Connection keeper = server.connect("here")) {
            String snapshot = exportSnapshot(keeper);
            server.execute(
                    "here",
                    "DELETE FROM deleted",
                    "VACUUM (TRUNCATE) deleted",
                    "INSERT INTO later VALUES (1)");
            server.execute("there", "INSERT INTO there_only VALUES (1)");

            assertThat(find(snapshot)).containsExactly(new TableName("public", "never"));
        }
    }

    @Test
    void tableTruncatedSinceTheSnapshot_needsAnotherSnapshot() throws SQLException {
        try (Connection keeper = server.connect("here")) {
            String snapshot = exportSnapshot(keeper);
            server.execute("here", "TRUNCATE filled");

            WarpException problem = catchThrowableOfType(WarpException.class, () -> find(snapshot));

            assertThat(problem.code()).isEqualTo(ErrorCode.TRANSIENT);
            assertThat(problem.side()).contains(Side.SOURCE);
            assertThat(problem.report())
                    .contains("truncated or rewritten since the snapshot: public.filled");
        }
    }

    private static Set<TableName> find(String snapshot) {
        try (Session source = connector(Side.SOURCE, "here").open();
                Session destination = connector(Side.DESTINATION, "there").open()) {
            List<TablePair> pairs =
                    new Pairing(TableRules.of(RuleOptions.NONE), Map.of())
                            .pairs(Catalog.tables(source), Catalog.tables(destination));
            assertThat(pairs).hasSize(5);
            try (WireSession view = connector(Side.SOURCE, "here").openWire()) {
                ExportedSnapshot.show(view, snapshot, List.of());
                return EmptyTables.find(view, destination, pairs);
            }
        }
    }

    private static Connector connector(Side side, String database) {
        return new Connector(TestConnections.settings(side, server, database), "warp-test");
    }

    private static String exportSnapshot(Connection keeper) throws SQLException {
        keeper.setAutoCommit(false);
        try (Statement statement = keeper.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
