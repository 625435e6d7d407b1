package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;

/** Who borrows a session does not end it, and does not end with it. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LentSessionPgTest {

    private PostgresServer server;
    private Connector connector;

    @BeforeAll
    void start() {
        server = PostgresServer.start("18");
        connector =
                new Connector(
                        TestConnections.settings(Side.SOURCE, server, "postgres"), "lent-session");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static int process(Session session) {
        return session.queryOne("SELECT pg_catalog.pg_backend_pid() AS pid").integer("pid");
    }

    @Test
    void usesTheOneThatIsLent_andLeavesItOpen() {
        try (Session owner = connector.open()) {
            LentSession borrower = new LentSession(owner, connector);
            assertThat(borrower.get()).isSameAs(owner);
            borrower.close();

            assertThat(process(owner)).isPositive();
        }
    }

    @Test
    void onceItIsLost_usesOneOfItsOwnAndClosesThat() throws Exception {
        try (Session owner = connector.open()) {
            LentSession borrower = new LentSession(owner, connector);
            server.execute(
                    "postgres", "SELECT pg_terminate_backend(" + process(owner) + ", 10000)");
            assertThatThrownBy(() -> process(borrower.get())).isInstanceOf(WarpException.class);

            borrower.close();
            Session own = borrower.get();
            assertThat(own).isNotSameAs(owner).isSameAs(borrower.get());
            assertThat(process(own)).isPositive();

            borrower.close();
            assertThatThrownBy(() -> process(own)).isInstanceOf(WarpException.class);
        }
    }
}
