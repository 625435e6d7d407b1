package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warp.config.RuleOptions;
import warp.decode.LogicalDecoder;
import warp.decode.PgOutputDecoder;
import warp.decode.TestDecodingDecoder;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Hold;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.plan.TableRules;
import warp.postgres.Catalog;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.postgres.TestConnections;
import warp.postgres.wire.ChangeStream;
import warp.postgres.wire.FrameSource;
import warp.postgres.wire.WireSession;
import warp.progress.Progress;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;
import warp.sql.ReplicationStatements;
import warp.sql.SourceStatements;
import warp.state.HoldStore;
import warp.state.MigrationStore;
import warp.stream.ChangeReader;

/**
 * A database at a source and one at a destination with the same empty tables, joined by a slot: for
 * tests that write at one end and compare both.
 */
public final class LiveTables implements AutoCloseable {

    public static final String SLOT = "live_tables";
    private static final Duration TAKE = Duration.ofMillis(20);
    private static final long DEADLINE_NANOS = Duration.ofMinutes(2).toNanos();

    private final PostgresServer sourceServer;
    private final PostgresServer destinationServer;
    private final String database;
    private final Session source;
    private final Session destination;
    private final OutputPlugin plugin;
    private final Lsn consistentPoint;
    private final List<TablePair> pairs;
    private @Nullable ChangeReader reader;
    public final Progress progress = new Progress();

    /** Makes the databases anew and runs {@code ddl} in both. */
    public LiveTables(PostgresServer sourceServer, PostgresServer destinationServer, String... ddl)
            throws SQLException {
        this(sourceServer, destinationServer, List.of(ddl), List.of(ddl), RuleOptions.NONE);
    }

    /** Makes the databases anew, each with tables of its own, tied by rules. */
    public LiveTables(
            PostgresServer sourceServer,
            PostgresServer destinationServer,
            List<String> sourceDdl,
            List<String> destinationDdl,
            RuleOptions rules)
            throws SQLException {
        this.sourceServer = sourceServer;
        this.destinationServer = destinationServer;
        // A name of every kind: it must reach the server unharmed.
        this.database = "live /?&+%'\" ñ " + Long.toUnsignedString(System.nanoTime(), 36);
        String other = database + "_to";
        sourceServer.createDatabase(database);
        destinationServer.createDatabase(other);
        sourceServer.execute(database, sourceDdl.toArray(String[]::new));
        destinationServer.execute(other, destinationDdl.toArray(String[]::new));
        this.source = TestConnections.open(Side.SOURCE, sourceServer, database);
        this.destination = TestConnections.open(Side.DESTINATION, destinationServer, other);
        this.plugin = OutputPlugin.of(source.version());
        this.pairs = pairs(rules);
        if (plugin == OutputPlugin.PGOUTPUT) {
            source.run(
                    SourceStatements.createPublication(
                            SLOT,
                            pairs.stream()
                                    .filter(pair -> !pair.insertsOnly())
                                    .map(TablePair::name)
                                    .toList()));
        }
        source.query("SELECT pg_create_logical_replication_slot(?, ?)", SLOT, plugin.toString());
        this.consistentPoint = new SourceCatalog(source).slot(SLOT).orElseThrow().confirmed();
        new MigrationStore(destination, SLOT).install();
        destination.execute(
                "INSERT INTO warp.progress (slot, lane, lsn) VALUES (?, 0, ?::pg_lsn)",
                SLOT,
                consistentPoint);
    }

    private List<TablePair> pairs(RuleOptions rules) {
        return new Pairing(TableRules.of(rules), Catalog.partitionAncestors(source))
                .pairs(Catalog.tables(source), Catalog.receivers(destination));
    }

    /** Runs statements at the source, each a transaction of its own. */
    public void atSource(String... statements) throws SQLException {
        sourceServer.execute(database, statements);
    }

    public void atDestination(String... statements) throws SQLException {
        destinationServer.execute(database + "_to", statements);
    }

    public Session source() {
        return source;
    }

    public Session destination() {
        return destination;
    }

    Connector connector() {
        return new Connector(
                TestConnections.settings(Side.DESTINATION, destinationServer, database + "_to"),
                "warp-apply-test");
    }

    public Connector sourceConnector() {
        return new Connector(
                TestConnections.settings(Side.SOURCE, sourceServer, database), "warp-read-test");
    }

    ApplyPlan plan(BatchLimits limits) {
        return new ApplyPlan(SLOT, pairs, table -> false, limits);
    }

    public Lsn progressAtDestination() {
        return new MigrationStore(destination, SLOT).progress().orElseThrow();
    }

    /** Drains with tables that are held already. */
    void drainHolding(Set<TableName> held) throws InterruptedException {
        ApplyPlan plan = plan(new BatchLimits(2000, 500));
        drainWith(
                new ApplyPlan(
                        SLOT, pairs, held, Map.of(), List.of(), plan.excluded(), plan.limits()));
    }

    /** Drains until the destination refuses something. */
    TableRefused drainRefused() throws InterruptedException {
        try {
            drain();
        } catch (TableRefused refused) {
            return refused;
        }
        throw new AssertionError("nothing was refused");
    }

    /** Drains as Warp does after that. */
    void drainAfter(TableRefused refused) throws InterruptedException {
        ApplyPlan plan = plan(new BatchLimits(2000, 500));
        Hold hold = new Hold(refused.table(), refused.problem().summary(), List.of(), false);
        drainWith(
                new ApplyPlan(
                        SLOT,
                        pairs,
                        Set.of(),
                        Map.of(),
                        List.of(new ApplyPlan.Refusal(hold, refused.transactionId())),
                        plan.excluded(),
                        plan.limits()));
    }

    /**
     * Applies everything from the beginning to now in order, without a pause in which what waits
     * for more would be sent. What is refused together is applied row by row, as Warp does.
     *
     * @return how much was updated or deleted together at last, and how much was refused
     */
    Together applyInOrder() throws InterruptedException {
        List<ChangeEvent> events = record();
        Set<Integer> rowByRow = new HashSet<>();
        while (true) {
            ApplyPlan plan =
                    new ApplyPlan(
                            SLOT,
                            pairs,
                            Set.of(),
                            Map.of(),
                            List.of(),
                            table -> false,
                            new BatchLimits(100_000, 500),
                            true,
                            Map.of(),
                            rowByRow);
            try (Applier applier = new Applier(connector(), plan, progress)) {
                events.forEach(applier::apply);
                applier.settle();
                assertThat(applier.setsApplied()).isZero();
                return new Together(applier.sentTogether(), rowByRow.size());
            } catch (RunRefused refused) {
                assertThat(rowByRow.add(refused.transactionId())).isTrue();
            }
        }
    }

    /**
     * What became of rows that may go together.
     *
     * @param refused transactions that were applied row by row for it
     */
    record Together(long rows, int refused) {}

    private void drainWith(ApplyPlan plan) throws InterruptedException {
        try (Applier applier = new Applier(connector(), plan, progress)) {
            drain(applier);
        }
    }

    /** Applies what is held of a table; why it stays held, or null. */
    @Nullable Hold replay(TableName table) {
        List<TablePair> now =
                pairs(RuleOptions.NONE).stream().filter(pair -> pair.name().equals(table)).toList();
        ApplyPlan plan = new ApplyPlan(SLOT, now, name -> false, new BatchLimits(2000, 500));
        HoldStore store = new HoldStore(destination, SLOT);
        return new Replay(connector(), plan, progress, () -> false)
                .run(table, after -> store.changes(table, after, 100));
    }

    public Applier applier() {
        return new Applier(connector(), plan(new BatchLimits(2000, 500)), progress);
    }

    /** The slot's frames from {@code from} on, once nobody else reads them. Any thread. */
    public FrameSource frames(Lsn from) {
        long begun = System.nanoTime();
        while (true) {
            try {
                return open(from);
            } catch (WarpException inUse) {
                if (!inUse.hasSqlState("55006") || System.nanoTime() - begun > DEADLINE_NANOS) {
                    throw inUse;
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private FrameSource open(Lsn from) {
        WireSession session = sourceConnector().openReplication();
        try {
            return ChangeStream.start(
                    session,
                    plugin == OutputPlugin.PGOUTPUT
                            ? ReplicationStatements.startPgOutput(SLOT, from, List.of(SLOT))
                            : ReplicationStatements.startTestDecoding(SLOT, from));
        } catch (WarpException refused) {
            session.close();
            throw refused;
        }
    }

    public LogicalDecoder decoder() {
        return plugin == OutputPlugin.PGOUTPUT ? new PgOutputDecoder() : new TestDecodingDecoder();
    }

    OutputPlugin plugin() {
        return plugin;
    }

    /** What the slot was told is durable. */
    public Lsn confirmed() {
        return new SourceCatalog(source).slot(SLOT).orElseThrow().confirmed();
    }

    /** The stream from {@code from} on; the one before it is closed. */
    public ChangeReader reader(Lsn from) {
        return reader(from, ChangeReader.QUEUE_BYTES_MAX);
    }

    public ChangeReader reader(Lsn from, long queueBytesMax) {
        if (reader != null) {
            reader.close();
            reader = null;
            awaitFreeSlot();
        }
        boolean pgOutput = plugin == OutputPlugin.PGOUTPUT;
        String start =
                pgOutput
                        ? ReplicationStatements.startPgOutput(SLOT, from, List.of(SLOT))
                        : ReplicationStatements.startTestDecoding(SLOT, from);
        LogicalDecoder decoder = pgOutput ? new PgOutputDecoder() : new TestDecodingDecoder();
        ChangeReader made =
                ChangeReader.start(
                        sourceConnector(), start, decoder, from, queueBytesMax, progress);
        reader = made;
        return made;
    }

    public void awaitFreeSlot() {
        long begun = System.nanoTime();
        while (new SourceCatalog(source).slot(SLOT).orElseThrow().activePid().isPresent()) {
            if (System.nanoTime() - begun > DEADLINE_NANOS) {
                throw new AssertionError("the slot stays in use");
            }
            source.query("SELECT pg_sleep(0.01)::text");
        }
    }

    public Lsn sourceEnd() {
        return new SourceCatalog(source).currentPosition();
    }

    /** Every event from the beginning to now, in one list. */
    List<ChangeEvent> record() throws InterruptedException {
        new SourceCatalog(source).heartbeat();
        Lsn end = sourceEnd();
        List<ChangeEvent> events = new ArrayList<>();
        ChangeReader from = reader(consistentPoint);
        long begun = System.nanoTime();
        while (!reaches(events, end)) {
            events.addAll(from.take(TAKE));
            new SourceCatalog(source).heartbeat();
            if (System.nanoTime() - begun > DEADLINE_NANOS) {
                throw new AssertionError("the stream does not reach " + end);
            }
        }
        return events;
    }

    private static boolean reaches(List<ChangeEvent> events, Lsn end) {
        return !events.isEmpty()
                && switch (events.getLast()) {
                    case ChangeEvent.KeepAlive alive -> !alive.walEnd().isBefore(end);
                    case ChangeEvent.Commit commit -> !commit.endLsn().isBefore(end);
                    default -> false;
                };
    }

    /** Applies all that the source has committed until now. */
    void drain() throws InterruptedException {
        try (Applier applier = applier()) {
            drain(applier);
        }
    }

    void drain(Applier applier) throws InterruptedException {
        drain(applier, ChangeReader.QUEUE_BYTES_MAX);
    }

    void drain(Applier applier, long queueBytesMax) throws InterruptedException {
        ChangeReader from = reader(applier.startAfter(), queueBytesMax);
        new SourceCatalog(source).heartbeat();
        Lsn end = sourceEnd();
        long begun = System.nanoTime();
        while (applier.applied().isBefore(end)) {
            List<ChangeEvent> events = from.take(TAKE);
            events.forEach(applier::apply);
            if (from.isEmpty()) {
                applier.idle();
                from.acknowledge(applier.durable());
            }
            if (events.isEmpty()) {
                new SourceCatalog(source).heartbeat();
            }
            if (System.nanoTime() - begun > DEADLINE_NANOS) {
                throw new AssertionError("not applied up to " + end);
            }
        }
        applier.settle();
    }

    /** The rows of a query at either side, as texts in one order. */
    static List<String> rows(Session session, String query) {
        return session
                .query(
                        "SELECT r::text COLLATE \"C\" AS line FROM (%s) r ORDER BY 1"
                                .formatted(query))
                .stream()
                .map(row -> row.text("line"))
                .toList();
    }

    public Comparison compare() throws SQLException {
        Set<String> schemas =
                pairs.stream().map(pair -> pair.name().schema()).collect(Collectors.toSet());
        try (Connection from = sourceServer.connect(database);
                Connection to = destinationServer.connect(database + "_to")) {
            return DatabaseContent.compare(
                    from, to, DatabaseContent.Scope.ofSchemas(schemas.toArray(String[]::new)));
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
        awaitFreeSlot();
        new SourceCatalog(source).dropSlot(SLOT);
        source.close();
        destination.close();
    }
}
