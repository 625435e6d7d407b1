package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import warp.error.WarpException;
import warp.model.Side;
import warp.sandbox.PostgresServer;

/** What goes to the server together, and what is asked once. */
class TogetherPgTest {

    @SuppressWarnings("NullAway.Init")
    private static PostgresServer server;

    @SuppressWarnings("NullAway.Init")
    private static Session session;

    @BeforeAll
    static void start() throws java.sql.SQLException {
        server = PostgresServer.start("18");
        server.createDatabase("together");
        session =
                new Connector(
                                TestConnections.settings(Side.DESTINATION, server, "together"),
                                "warp-test")
                        .open();
    }

    @AfterAll
    static void stop() {
        session.close();
        server.close();
    }

    @BeforeEach
    void begin() {
        session.run(
                "DROP TABLE IF EXISTS public.t; CREATE TABLE public.t (i int PRIMARY KEY, xid xid8"
                        + " DEFAULT pg_current_xact_id())");
    }

    @Test
    void statements_areOneTransaction_inTheirOrder() {
        session.together(() -> {
            assertThat(session.execute("INSERT INTO public.t (i) VALUES (?)", 1)).isZero();
            session.executeAll(List.of("INSERT INTO public.t (i) SELECT i + ? FROM public.t"), 1);
            session.execute("INSERT INTO public.t (i) VALUES (?)", 3);
        });

        Row row =
                session.queryOne(
                        "SELECT count(*)::int4 AS rows, count(DISTINCT xid)::int4 AS xids FROM"
                                + " public.t");
        assertThat(row.integer("rows")).isEqualTo(3);
        assertThat(row.integer("xids")).isEqualTo(1);
    }

    @Test
    void oneThatIsRefused_undoesAll() {
        assertThatThrownBy(() ->
                        session.together(() -> {
                            session.execute("INSERT INTO public.t (i) VALUES (?)", 1);
                            session.execute("INSERT INTO public.t (i) VALUES (?)", 1);
                        }))
                .isInstanceOf(WarpException.class);

        assertThat(rows()).isZero();
    }

    @Test
    void workThatFails_sendsNothing() {
        assertThatThrownBy(() ->
                        session.together(() -> {
                            session.execute("INSERT INTO public.t (i) VALUES (?)", 1);
                            session.query("SELECT FROM public.t");
                        }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(rows()).isZero();
    }

    @Test
    void withinATransaction_itEndsWithThat() {
        assertThatThrownBy(() ->
                        session.transaction(() -> {
                            session.together(() ->
                                    session.execute("INSERT INTO public.t (i) VALUES (?)", 1));
                            assertThat(rows()).isEqualTo(1);
                            throw new IllegalStateException("no");
                        }))
                .hasMessage("no");

        assertThat(rows()).isZero();
    }

    @Test
    void relationThatWasThere_isNotAskedForAgain_untilToldSo() {
        assertThat(session.hasLasting("public.t")).isTrue();
        session.run("DROP TABLE public.t");
        assertThat(session.hasLasting("public.t")).isTrue();

        session.forgetLasting();
        assertThat(session.hasLasting("public.t")).isFalse();

        // One that was missing is looked for each time.
        session.run("CREATE TABLE public.t (i int)");
        assertThat(session.hasLasting("public.t")).isTrue();
    }

    private static int rows() {
        return session.queryOne("SELECT count(*)::int4 AS rows FROM public.t").integer("rows");
    }
}
