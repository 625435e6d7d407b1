package warp.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.model.Side;
import warp.model.TablePair;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;
import warp.state.MigrationStore;

/** What each index has of the server while it is put back, as the server itself tells. */
@Timeout(120)
class IndexMemoryPgTest {

    private static final String DATABASE = "target";
    private static final String SLOT = "citus_warp";

    /** Notes the settings of each build; what Warp runs as a replica fires no other trigger. */
    private static final List<String> WATCH =
            List.of(
                    "CREATE TABLE public.built (name text, memory text, helpers text)",
                    "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$"
                            + " BEGIN INSERT INTO public.built SELECT object_identity,"
                            + " current_setting('maintenance_work_mem'),"
                            + " current_setting('max_parallel_maintenance_workers')"
                            + " FROM pg_event_trigger_ddl_commands(); END $$",
                    "CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE INDEX')"
                            + " EXECUTE FUNCTION public.watch()",
                    "ALTER EVENT TRIGGER watch ENABLE ALWAYS");

    @Test
    void whatIsSorted_getsLessThanWhatIsNot() throws SQLException {
        try (PostgresServer server = PostgresServer.start("18")) {
            server.createDatabase(DATABASE);
            server.execute(
                    DATABASE,
                    "CREATE TABLE public.parent (id int, words text)",
                    "INSERT INTO public.parent SELECT g, 'word ' || g"
                            + " FROM generate_series(1, 60000) g",
                    "CREATE INDEX sorted ON public.parent (id)",
                    "CREATE INDEX hashed ON public.parent USING hash (words)");
            try (Session session = TestConnections.open(Side.DESTINATION, server, DATABASE)) {
                new MigrationStore(session, SLOT).install();
                List<TablePair> pairs =
                        Catalog.tables(session).stream()
                                .map(table -> new TablePair(table, table))
                                .toList();
                Dismantling.remove(session, SLOT, pairs, false);
                WATCH.forEach(session::run);

                RestoreJob.Resources given = new RestoreJob.Resources(200L << 20, 1);
                Restoration.owed(session, SLOT).inOrder().forEach(job -> job.run(session, given));

                assertThat(session.query("SELECT name, memory, helpers FROM public.built"))
                        .extracting(
                                row -> row.text("name"),
                                row -> row.text("memory"),
                                row -> row.text("helpers"))
                        .containsExactlyInAnyOrder(
                                tuple("public.sorted", "64MB", "1"),
                                tuple("public.hashed", "200MB", "1"));
            }
        }
    }
}
