package warp.bench;

import java.io.PrintStream;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import warp.sandbox.PostgresServer;

/**
 * A backlog that is recorded once and can be applied again and again. Slots at its beginning, and
 * databases as they were there, are kept; each contestant gets copies of them, so that every run
 * begins with the same bytes on both sides and goes through the same log.
 */
final class DrainStage {

    static final String SOURCE = "bench";
    static final String PUBLICATION = "native_bench";
    static final String NATIVE_ORIGIN = "native_origin";

    /** Holds a row once the last transaction of the backlog is applied. */
    static final String MARKER = "bench_marker";

    private static final String WARP_ORIGIN = "warp_origin";
    static final String WARP_DATABASE = "drained_by_warp";

    private static final Duration WAIT_MAX = Duration.ofMinutes(30);

    private final Servers servers;
    private final Workplace workplace;
    private final WarpCommand warp;
    private final DatabaseSum expected;

    private DrainStage(
            Servers servers, Workplace workplace, WarpCommand warp, DatabaseSum expected) {
        this.servers = servers;
        this.workplace = workplace;
        this.warp = warp;
        this.expected = expected;
    }

    /** Makes everything that a contestant's run begins with. */
    static DrainStage prepare(
            Servers servers, Backlog backlog, Tools tools, Workplace workplace, PrintStream err)
            throws SQLException {
        PostgresServer source = servers.source();
        PostgresServer destination = servers.destination();
        err.println("bench: recording the backlog: " + backlog.job());
        Content content =
                backlog.content().with("CREATE TABLE %s (id int PRIMARY KEY)".formatted(MARKER));
        together(
                List.of(
                        () -> content.make(source, SOURCE),
                        () -> content.make(destination, NATIVE_ORIGIN)));
        if (PglogicalDrain.isIn(servers)) {
            PglogicalDrain.prepareSource(source);
        }
        source.execute(
                SOURCE,
                "CREATE PUBLICATION %s FOR TABLE %s".formatted(PUBLICATION, tables(source)),
                "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')"
                        .formatted(NATIVE_ORIGIN));
        WarpCommand warp = WarpCommand.of(tools, servers, SOURCE, WARP_DATABASE);
        content.makeEmpty(destination, WARP_DATABASE);
        workplace.run(warp.with("--until", "copied"));
        copySlot(source, WarpCommand.SLOT, WARP_ORIGIN);
        destination.execute(WARP_DATABASE, "VACUUM ANALYZE");
        destination.execute(
                "postgres", "ALTER DATABASE %s RENAME TO %s".formatted(WARP_DATABASE, WARP_ORIGIN));
        record(source, backlog);
        return new DrainStage(servers, workplace, warp, Servers.sum(source, SOURCE));
    }

    /** Those of the backlog; pglogical has others. */
    private static String tables(PostgresServer source) throws SQLException {
        return Servers.string(
                source,
                SOURCE,
                "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables"
                        + " WHERE schemaname = 'public'");
    }

    private static void record(PostgresServer source, Backlog backlog) throws SQLException {
        List<Contest.Step> sessions = new ArrayList<>();
        for (String statement : backlog.sessions()) {
            sessions.add(() -> source.execute(SOURCE, "SET synchronous_commit = off", statement));
        }
        together(sessions);
        source.execute(SOURCE, "INSERT INTO %s VALUES (1)".formatted(MARKER));
    }

    private static void together(List<Contest.Step> steps) throws SQLException {
        List<Callable<Void>> jobs = new ArrayList<>();
        for (Contest.Step step : steps) {
            jobs.add(() -> {
                step.run();
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(jobs.size())) {
            List<Future<Void>> all = threads.invokeAll(jobs);
            for (Future<Void> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException problem) {
                throw problem;
            }
            throw new BenchException("cannot make what is measured: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while making what is measured", e);
        }
    }

    /** A slot at the place where the other is, in place of one of that name. */
    static void copySlot(PostgresServer source, String from, String to) throws SQLException {
        dropSlot(source, to);
        source.execute(
                SOURCE, "SELECT pg_copy_logical_replication_slot('%s', '%s')".formatted(from, to));
    }

    private static void dropSlot(PostgresServer source, String name) throws SQLException {
        source.execute(
                SOURCE,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE"
                        + " slot_name = '%s'".formatted(name));
    }

    Contest.Contestant warp() {
        return warp(warp.destination());
    }

    /**
     * @param way a URI of the destination's database {@link #WARP_DATABASE}
     */
    Contest.Contestant warp(String way) {
        return new Contest.Contestant(
                Report.WARP,
                () -> {
                    copySlot(servers.source(), WARP_ORIGIN, WarpCommand.SLOT);
                    servers.copyAtDestination(WARP_ORIGIN, WARP_DATABASE);
                },
                () -> workplace.run(warp.to(way).with("--until", "caught-up")),
                () -> requireSame(WARP_DATABASE),
                () -> {
                    Servers.drop(servers.destination(), WARP_DATABASE);
                    dropSlot(servers.source(), WarpCommand.SLOT);
                });
    }

    /**
     * @param options of the subscription, beside those that it cannot do without
     */
    Contest.Contestant subscription(String name, List<String> options) {
        NativeDrain drain = new NativeDrain(servers, options);
        return new Contest.Contestant(
                name,
                drain::prepare,
                drain::run,
                () -> requireSame(NativeDrain.DATABASE),
                drain::tidy);
    }

    Contest.Contestant pglogical() {
        PglogicalDrain drain = new PglogicalDrain(servers);
        return new Contest.Contestant(
                "pglogical",
                drain::prepare,
                drain::run,
                () -> requireSame(PglogicalDrain.DATABASE),
                drain::tidy);
    }

    /**
     * Waits for the last transaction of the backlog.
     *
     * @param what that means
     */
    static void awaitMarker(Statement destination, String what) throws SQLException {
        Waiting.until(destination, "SELECT FROM " + MARKER, what, WAIT_MAX);
    }

    private void requireSame(String database) throws SQLException {
        expected.requireSame(Servers.sum(servers.destination(), database));
    }
}
