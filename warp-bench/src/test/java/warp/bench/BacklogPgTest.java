package warp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import warp.sandbox.PostgresBinaries;
import warp.sandbox.PostgresServer;

/** Each shape of backlog, tiny, on a real server. */
class BacklogPgTest {

    private static final int SCALE = 1;

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(PostgresBinaries.newest());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void filledTwice_isTheSameAndHasKeys(Backlog.Shape shape) throws SQLException {
        Backlog backlog = shape.backlog(1600, SCALE);
        backlog.content().make(server, "one");
        backlog.content().make(server, "two");
        DatabaseSum one = Servers.sum(server, "one");
        one.requireSame(Servers.sum(server, "two"));
        assertThat(one.lines()).anyMatch(line -> line.contains("PRIMARY KEY"));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCopied_canBeMadeWithRowsAndWithout(CopyShape shape) throws SQLException {
        Content content = shape.content(new CopyShape.Size(SCALE, 4, 20));
        content.make(server, "filled");
        content.makeEmpty(server, "empty");
        assertThat(Servers.sum(server, "filled").lines())
                .hasSameSizeAs(Servers.sum(server, "empty").lines())
                .noneMatch(line -> line.contains(": 0 rows") && !line.contains("history"));
    }

    /** What was asked for is in the log, not more and not less. */
    @ParameterizedTest
    @CsvSource({
        "TPCB, 400, 400 transactions: INSERT 400 UPDATE 1200",
        "ROWS, 1600, 1600 transactions: DELETE 320 INSERT 480 UPDATE 800",
        "INSERTS, 800, 8 transactions: INSERT 800",
        "HOT, 400, 400 transactions: UPDATE 400",
        "HUGE, 400, 1 transactions: INSERT 200 UPDATE 200"
    })
    void sessions_makeTheTransactionsTheyPromise(Backlog.Shape shape, int length, String made)
            throws SQLException {
        Backlog backlog = shape.backlog(length, SCALE);
        backlog.content().make(server, "recorded");
        server.execute(
                "recorded",
                "SELECT pg_create_logical_replication_slot('recorded', 'test_decoding')");
        for (String session : backlog.sessions()) {
            server.execute("recorded", session);
        }
        assertThat(changes()).isEqualTo(made);
    }

    private static String changes() throws SQLException {
        String query =
                """
                WITH c AS (
                    SELECT xid, substring(data FROM '^table [^:]*: ([A-Z]+):') AS kind
                    FROM pg_logical_slot_get_changes('recorded', NULL, NULL)),
                kinds AS (SELECT kind, count(*) AS n FROM c WHERE kind IS NOT NULL GROUP BY kind)
                SELECT (SELECT count(DISTINCT xid::text) FROM c WHERE kind IS NOT NULL)
                    || ' transactions: ' || string_agg(kind || ' ' || n, ' ' ORDER BY kind)
                FROM kinds
                """;
        try (Connection connection = server.connect("recorded");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            String found = row.getString(1);
            statement.execute("SELECT pg_drop_replication_slot('recorded')");
            return found;
        }
    }
}
