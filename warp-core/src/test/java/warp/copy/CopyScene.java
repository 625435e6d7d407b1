package warp.copy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.HostPort;
import warp.config.ConnectionSettings.Tls;
import warp.config.Jobs;
import warp.config.Secret;
import warp.config.SslMode;
import warp.model.Lsn;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.postgres.Catalog;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;

/**
 * Two databases and an exported snapshot: everything that a copy finds when it begins. The snapshot
 * is kept until the scene is closed.
 */
final class CopyScene implements AutoCloseable {

    static final String SLOT = "copy scene";
    static final Lsn COPIED_LSN = Lsn.parse("1/2345678");
    static final String APPLICATION = "warp copy test";

    private static final String SCHEMA = "/warp/state/schema.sql";

    private final PostgresServer sourceServer;
    private final PostgresServer destinationServer;
    private final String database;
    private final Connection keeper;
    private String snapshot = "";

    final Progress progress = new Progress();
    final RecordingLog log = new RecordingLog();
    final Connector source;
    final Connector destination;

    private CopyScene(PostgresServer source, PostgresServer destination, String database)
            throws SQLException {
        this.sourceServer = source;
        this.destinationServer = destination;
        this.database = database;
        source.createDatabase(database);
        destination.createDatabase(database);
        this.source = connector(source, Side.SOURCE, PostgresServer.USER, PostgresServer.PASSWORD);
        this.destination =
                connector(
                        destination,
                        Side.DESTINATION,
                        PostgresServer.USER,
                        PostgresServer.PASSWORD);
        this.keeper = source.connect(database);
    }

    /** New databases of one name, with the schema {@code warp} at the destination. */
    static CopyScene between(PostgresServer source, PostgresServer destination, String database)
            throws SQLException {
        CopyScene scene = new CopyScene(source, destination, database);
        destination.execute(database, state());
        return scene;
    }

    /** A job for each table. */
    static FollowUp each(Consumer<TablePair> job) {
        return copied -> copied.stream().<Runnable>map(pair -> () -> job.accept(pair)).toList();
    }

    private static String state() {
        try (var text = CopyScene.class.getResourceAsStream(SCHEMA)) {
            if (text == null) {
                throw new IllegalStateException("no " + SCHEMA);
            }
            return new String(text.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
    }

    Connector connector(PostgresServer server, Side side, String user, String password) {
        return new Connector(
                new ConnectionSettings(
                        side,
                        List.of(new HostPort("127.0.0.1", server.port())),
                        database,
                        user,
                        new Secret(password),
                        Tls.of(SslMode.DISABLE),
                        "any",
                        10,
                        ""),
                APPLICATION);
    }

    /** The name of both. */
    String database() {
        return database;
    }

    void atBoth(String... statements) throws SQLException {
        atSource(statements);
        atDestination(statements);
    }

    void atSource(String... statements) throws SQLException {
        sourceServer.execute(database, statements);
    }

    void atDestination(String... statements) throws SQLException {
        destinationServer.execute(database, statements);
    }

    /** Takes the snapshot that is to be copied. */
    void takeSnapshot() throws SQLException {
        keeper.setAutoCommit(false);
        try (Statement statement = keeper.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
                row.next();
                snapshot = row.getString(1);
            }
        }
    }

    void dropSnapshot() throws SQLException {
        keeper.rollback();
    }

    /** All tables, paired by name. */
    List<TablePair> pairs() {
        Map<TableName, Table> sources = tables(source);
        Map<TableName, Table> destinations = tables(destination);
        List<TablePair> pairs = new ArrayList<>();
        for (Table table : sources.values()) {
            Table other = destinations.get(table.name());
            if (other == null) {
                throw new IllegalStateException("the destination has no " + table.name());
            }
            pairs.add(new TablePair(table, other));
        }
        return pairs;
    }

    private static Map<TableName, Table> tables(Connector connector) {
        Map<TableName, Table> tables = new TreeMap<>();
        try (Session session = connector.open()) {
            Catalog.tables(session).forEach(table -> tables.put(table.name(), table));
        }
        return tables;
    }

    /** Compares both databases, every row and column. */
    Comparison compare() throws SQLException {
        try (Connection there = sourceServer.connect(database);
                Connection here = destinationServer.connect(database)) {
            return DatabaseContent.compare(there, here);
        }
    }

    /** One chunk a table. */
    static List<Chunk> whole(List<TablePair> pairs) {
        return pairs.stream()
                .map(pair ->
                        new Chunk(
                                pair.name(), 0, java.util.Optional.empty(), pair.source().bytes()))
                .toList();
    }

    /** Copies all tables whole. */
    void copyWhole() throws SQLException {
        List<TablePair> pairs = pairs();
        run(copier(pairs, whole(pairs), 2, FollowUp.NONE));
    }

    /** Runs a copier to its end. */
    void run(Copier copier) {
        run(copier, asker(source), asker(destination));
    }

    /** Not one of the sessions that a copy opens. */
    private static Connector asker(Connector side) {
        return new Connector(side.settings(), APPLICATION + " asks");
    }

    static void run(Copier copier, Connector source, Connector destination) {
        try (Session one = source.open();
                Session other = destination.open()) {
            copier.run(one, other);
        }
    }

    Copier copier(List<TablePair> pairs, List<Chunk> chunks, int workers, FollowUp followUp)
            throws SQLException {
        return copier(pairs, chunks, workers, followUp, _ -> {});
    }

    /** A copier for which the migration's part, the plan in {@code warp.relation}, is done. */
    Copier copier(
            List<TablePair> pairs,
            List<Chunk> chunks,
            int workers,
            FollowUp followUp,
            CopyThrottle throttle)
            throws SQLException {
        return new Copier(
                request(pairs, chunks, workers, followUp, throttle), patience(), progress, log);
    }

    /** One that reaches the destination by another way. */
    Copier copier(Connector to, boolean far, List<TablePair> pairs, List<Chunk> chunks)
            throws SQLException {
        return copier(request(pairs, chunks, 1, FollowUp.NONE, _ -> {}), to, far, 1);
    }

    /** One of two workers, one of which may copy what is large. */
    Copier copierOfOneLarge(List<TablePair> pairs, List<Chunk> chunks, FollowUp followUp)
            throws SQLException {
        return copier(request(pairs, chunks, 2, followUp, _ -> {}), destination, false, 1);
    }

    private Copier copier(CopyRequest near, Connector to, boolean far, int largeAtOnce) {
        return new Copier(
                new CopyRequest(
                        source,
                        to,
                        near.slot(),
                        near.snapshot(),
                        near.copiedLsn(),
                        near.tables(),
                        near.chunks(),
                        new Jobs(near.jobs().workers(), largeAtOnce),
                        near.followUp(),
                        near.throttle(),
                        true,
                        far,
                        near.advance()),
                patience(),
                progress,
                log);
    }

    /** One whose rows go through files. */
    Copier stagedCopier(
            List<TablePair> pairs,
            List<Chunk> chunks,
            int workers,
            CopyThrottle throttle,
            Staged staged)
            throws SQLException {
        return new Copier(
                request(pairs, chunks, workers, FollowUp.NONE, throttle),
                staged,
                patience(),
                progress,
                log);
    }

    private Patience patience() {
        return new Patience(Duration.ofSeconds(20), log, new StopSignal());
    }

    private CopyRequest request(
            List<TablePair> pairs,
            List<Chunk> chunks,
            int workers,
            FollowUp followUp,
            CopyThrottle throttle)
            throws SQLException {
        if (snapshot.isEmpty()) {
            takeSnapshot();
        }
        try (Session session = destination.open()) {
            for (TablePair pair : pairs) {
                session.execute(
                        "INSERT INTO warp.relation (slot, schema_name, table_name, state,"
                                + " chunks, copying_lsn) SELECT ?, ?, ?, 'PLANNED', ?, ? WHERE NOT"
                                + " EXISTS (SELECT 1 FROM warp.relation WHERE schema_name = ? AND"
                                + " table_name = ?)",
                        SLOT,
                        pair.name().schema(),
                        pair.name().name(),
                        (int) chunks.stream().filter(it -> it.table().equals(pair.name())).count(),
                        COPIED_LSN,
                        pair.name().schema(),
                        pair.name().name());
            }
        }
        return new CopyRequest(
                source,
                destination,
                SLOT,
                snapshot,
                COPIED_LSN,
                pairs,
                chunks,
                Jobs.of(workers),
                followUp,
                throttle,
                true,
                false,
                Advance.NONE);
    }

    List<String> sourceLines(String query) {
        return lines(source, query);
    }

    List<String> destinationLines(String query) {
        return lines(destination, query);
    }

    /** The single column {@code line} of a query. */
    private static List<String> lines(Connector connector, String query) {
        try (Session session = connector.open()) {
            return session.query(query).stream()
                    .map(row -> row.optionalText("line").orElse("NULL"))
                    .toList();
        }
    }

    String tableState(String table) {
        return destinationLines(
                        "SELECT state || coalesce(' at ' || copied_lsn, '') AS line FROM"
                                + " warp.relation WHERE table_name = '"
                                + table
                                + "'")
                .getFirst();
    }

    @Override
    public void close() throws SQLException {
        keeper.close();
    }
}
