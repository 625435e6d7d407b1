package warp.apply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import warp.apply.LiveTables.Together;
import warp.config.RuleOptions;
import warp.sandbox.PostgresServer;

/** Tables at a server that is both sides, and how many of their rows go together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RowRunScene {

    static final String T = "CREATE TABLE t (id int PRIMARY KEY, n bigint, s text)";
    static final String FILL = "INSERT INTO t SELECT g, g, 's' FROM generate_series(1, 100) g";

    private @Nullable PostgresServer server;

    @BeforeAll
    void start() {
        server = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        requireNonNull(server).close();
    }

    LiveTables live(String... ddl) throws SQLException {
        return live(List.of(ddl), List.of(ddl));
    }

    /** Other tables at the destination. */
    LiveTables live(List<String> atSource, List<String> atDestination) throws SQLException {
        PostgresServer both = requireNonNull(server);
        return new LiveTables(both, both, atSource, atDestination, RuleOptions.NONE);
    }

    /** Runs statements at the source and applies them; both sides end equal. */
    static Together follows(LiveTables live, String... statements) throws Exception {
        live.atSource(statements);
        Together together = live.applyInOrder();
        assertThat(live.compare().differences()).isEmpty();
        assertThat(together.refused()).isZero();
        return together;
    }

    /** As {@link #follows}: how many rows went together. */
    static long together(LiveTables live, String... statements) throws Exception {
        return follows(live, statements).rows();
    }
}
