package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.tls.TestAuthority;
import warp.postgres.wire.ChangeStream;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.ServerError;
import warp.postgres.wire.WireSession;
import warp.sandbox.PostgresServer;

/** The raw protocol through TLS: COPY both ways, pipelined statements, a stream of changes. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireTlsPgTest {

    private static final int ROWS = 60_000;

    @TempDir static Path folder;
    private PostgresServer server;
    private Connector connector;

    @BeforeAll
    void start() throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        TestAuthority.Identity identity = authority.issue("server", "localhost", "DNS:localhost");
        server = PostgresServer.builder("18").tls(identity.certificate(), identity.key()).start();
        connector =
                TriedConnection.to(server)
                        .mode(SslMode.VERIFY_FULL)
                        .root(authority.certificate())
                        .connector();
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private String fingerprint(String table) {
        try (Session session = connector.open()) {
            return session.queryOne(
                            "SELECT count(*) || ' ' || sum(hashtext(t::text)::bigint) AS v FROM "
                                    + table
                                    + " t")
                    .text("v");
        }
    }

    @Test
    void copy_passesMegabytesBothWays() {
        try (Session session = connector.open();
                WireSession from = connector.openWire();
                WireSession to = connector.openWire()) {
            session.run(
                    "CREATE TABLE public.a AS SELECT i, repeat(md5(i::text), 5) t FROM"
                            + " generate_series(1, "
                            + ROWS
                            + ") i");
            session.run("CREATE TABLE public.b (LIKE public.a)");
            long[] bytes = {0};

            long rows =
                    from.copyTo(
                            to,
                            "COPY public.a TO STDOUT (FORMAT binary)",
                            "COPY public.b FROM STDIN (FORMAT binary)",
                            passed -> bytes[0] += passed);

            assertThat(rows).isEqualTo(ROWS);
            assertThat(bytes[0]).isGreaterThan(9_000_000);
            assertThat(fingerprint("public.b")).isEqualTo(fingerprint("public.a"));
            assertThat(to.execute("SELECT 1")).isEqualTo("SELECT 1");
        }
    }

    @Test
    void pipeline_runsThousandsOfStatements() {
        try (Session session = connector.open();
                WireSession wire = connector.openWire()) {
            session.run("CREATE TABLE public.p (i int PRIMARY KEY, t text)");
            Pipeline pipeline = new Pipeline(wire);
            List<Long> affected = new ArrayList<>();
            Pipeline.Expectation expectation =
                    new Pipeline.Expectation() {
                        @Override
                        public void affected(long rows) {
                            affected.add(rows);
                        }

                        @Override
                        public RuntimeException failed(ServerError error) {
                            return new IllegalStateException(error.message());
                        }
                    };
            Pipeline.Prepared insert =
                    pipeline.prepare(
                            "insert",
                            () ->
                                    new Pipeline.Source(
                                            "INSERT INTO public.p VALUES ($1, $2)",
                                            List.of(23, 25)));
            for (int i = 0; i < 10_000; i++) {
                pipeline.bind(insert)
                        .parameter(Integer.toString(i))
                        .parameter("x".repeat(i % 500))
                        .execute(expectation);
            }
            pipeline.sync(() -> {});
            pipeline.await();

            assertThat(affected).hasSize(10_000).containsOnly(1L);
            assertThat(session.queryOne("SELECT count(*) AS v FROM public.p").number("v"))
                    .isEqualTo(10_000);
        }
    }

    @Test
    void changeStream_comesThrough() {
        try (Session session = connector.open();
                WireSession replication = connector.openReplication()) {
            session.run("CREATE TABLE public.s (i int, t text)");
            session.query("SELECT pg_create_logical_replication_slot('s', 'test_decoding')");
            session.run(
                    "INSERT INTO public.s SELECT i, repeat('y', 1000) FROM generate_series(1, 3000)"
                            + " i");
            ChangeStream stream =
                    ChangeStream.start(replication, "START_REPLICATION SLOT s LOGICAL 0/0");
            int inserts = 0;
            boolean committed = false;
            while (!committed) {
                if (stream.next() instanceof ChangeStream.Frame.Data data) {
                    String text = new String(data.bytes(), StandardCharsets.UTF_8);
                    inserts += text.contains("INSERT") ? 1 : 0;
                    committed = inserts > 0 && text.startsWith("COMMIT");
                    stream.sendStatus(data.walEnd(), data.walStart(), false);
                }
            }
            assertThat(inserts).isEqualTo(3000);
            stream.close();
        }
    }

    @Test
    void abort_freesAWriterThatIsStuck() throws Exception {
        try (WireSession from = connector.openWire();
                WireSession to = connector.openWire();
                Session session = connector.open()) {
            session.run("CREATE TABLE public.stuck (t text)");
            // A trigger that waits makes the server stop reading: our writes get stuck.
            session.run(
                    "CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
                            + " PERFORM pg_catalog.pg_sleep(1000); RETURN NEW; END'");
            session.run(
                    "CREATE TRIGGER w BEFORE INSERT ON public.stuck FOR EACH ROW EXECUTE FUNCTION"
                            + " public.wait()");
            Thread aborting =
                    Thread.startVirtualThread(() -> {
                        while (session.query(
                                        "SELECT 1 FROM pg_stat_activity WHERE wait_event ="
                                                + " 'PgSleep'")
                                .isEmpty()) {
                            Thread.onSpinWait();
                        }
                        to.abort();
                    });

            WarpException failure =
                    catchThrowableOfType(
                            WarpException.class,
                            () ->
                                    from.copyTo(
                                            to,
                                            "COPY (SELECT repeat('z', 10000) FROM"
                                                    + " generate_series(1, 10000)) TO STDOUT",
                                            "COPY public.stuck FROM STDIN",
                                            bytes -> {}));

            assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION);
            aborting.join();
        }
    }
}
