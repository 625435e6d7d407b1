package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.HostPort;
import warp.config.ConnectionSettings.Tls;
import warp.config.Jobs;
import warp.config.Secret;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.model.SnapshotPoint;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.plan.Range;
import warp.postgres.Catalog;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.sandbox.NetworkProxy;
import warp.sandbox.NetworkProxy.Direction;
import warp.sandbox.PostgresServer;
import warp.state.CopyStore;
import warp.testing.Seed;

/**
 * Finished chunks that are brought from one snapshot to the next, cut off after every so many bytes
 * on either way: before and after the transaction that takes over, the marked chunks hold exactly
 * what one snapshot shows of them, and in the end the table what the last one shows.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChunkAdvanceProperty {

    private static final int SNAPSHOTS = Integer.getInteger("warp.snapshots", 10);
    private static final int ROWS = 600;
    private static final TableName NAME = new TableName("public", "t");
    private static final String SLOT = "it's a \"slot\"";

    private PostgresServer source;
    private PostgresServer destination;

    @BeforeAll
    void start() {
        source = PostgresServer.start("18");
        destination = PostgresServer.start("17");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    /** A snapshot that somebody holds, and what it shows. */
    private record Held(Connection keeper, String name, SnapshotPoint point)
            implements AutoCloseable {
        @Override
        public void close() throws SQLException {
            keeper.close();
        }
    }

    @Test
    void advancedAgainAndAgain_cutOffAnywhere_isOneSnapshotEachTime() throws SQLException {
        long seed = Seed.of(ChunkAdvanceProperty.class);
        SplittableRandom random = new SplittableRandom(seed);
        makeTables();
        Map<Long, List<String>> shown = new HashMap<>();
        long cuts = 0;
        try (NetworkProxy network = NetworkProxy.to(destination.port())) {
            Held last = begin(shown, random);
            for (int i = 1; i < SNAPSHOTS; i++) {
                last.close();
                change(random);
                last = snapshot(i + 1);
                shown.put(last.point().position().value(), rows(last.keeper()));
                cuts += goOn(last, network, random) ? 1 : 0;
                assertOneSnapshot(shown, seed);
                if (left() == 0) {
                    break;
                }
            }
            last.close();
            change(random);
            try (Held end = snapshot(SNAPSHOTS + 1)) {
                shown.put(end.point().position().value(), rows(end.keeper()));
                if (left() > 0) {
                    network.calm();
                    run(copy(end, destination.port(), chunks()));
                    assertOneSnapshot(shown, seed);
                    assertThat(rows(destination))
                            .as("seed %d", seed)
                            .isEqualTo(
                                    rows(end.keeper()).stream()
                                            .map(ChunkAdvanceProperty::withoutPage)
                                            .sorted()
                                            .toList());
                }
            }
        }
        System.out.println("ChunkAdvanceProperty: cut off " + cuts + " times");
        assertThat(destinationAnswer("SELECT count(*) FROM pg_class WHERE relname LIKE 'advance%'"))
                .as("seed %d", seed)
                .isEqualTo("0");
    }

    private void makeTables() throws SQLException {
        for (PostgresServer server : List.of(source, destination)) {
            server.createDatabase("advance");
            server.execute(
                    "advance",
                    "CREATE TABLE t (a int, b text, v text, big text, c int GENERATED ALWAYS AS (a"
                            + " + 1) STORED, PRIMARY KEY (b, a))");
        }
        try (var text = ChunkAdvanceProperty.class.getResourceAsStream("/warp/state/schema.sql")) {
            destination.execute(
                    "advance",
                    new String(text.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (java.io.IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
        source.execute(
                "advance",
                "INSERT INTO t SELECT i, md5(i::text), repeat('v', i % 90), CASE WHEN i % 40 = 0"
                    + " THEN (SELECT string_agg(md5(g::text), '') FROM generate_series(1, 200) g)"
                    + " END FROM generate_series(1, "
                        + ROWS
                        + ") i");
    }

    /** Copies half of the chunks. */
    private Held begin(Map<Long, List<String>> shown, SplittableRandom random) throws SQLException {
        Held first = snapshot(1);
        shown.put(first.point().position().value(), rows(first.keeper()));
        List<Chunk> chunks = new ArrayList<>();
        for (int page = 0; page < 16; page++) {
            Range range = new Range.Pages(page, page == 15 ? Range.Pages.OPEN : page + 1);
            chunks.add(new Chunk(NAME, page, Optional.of(range), 8192));
        }
        try (Session session = connector(Side.DESTINATION, destination.port()).open()) {
            session.transaction(() -> new CopyStore(session, SLOT).plan(first.point(), chunks));
        }
        List<Chunk> some = new ArrayList<>(chunks);
        java.util.Collections.shuffle(some, new java.util.Random(random.nextLong()));
        run(copy(first, destination.port(), some.subList(0, 7)));
        return first;
    }

    private List<Chunk> chunks() {
        try (Session session = connector(Side.DESTINATION, destination.port()).open()) {
            return new CopyStore(session, SLOT).ranges().getOrDefault(NAME, List.of());
        }
    }

    private long left() throws SQLException {
        return 16 - Long.parseLong(destinationAnswer("SELECT count(*) FROM warp.chunk"));
    }

    /** Whether it was cut off. */
    private boolean goOn(Held now, NetworkProxy network, SplittableRandom random) {
        network.calm();
        Direction direction = random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT;
        List<Chunk> some = new ArrayList<>(chunks());
        // Most of the time only what is there is advanced, so that it lasts for many snapshots.
        Set<Integer> marked = new HashSet<>(marked());
        int more = random.nextInt(8) == 0 ? 1 : 0;
        List<Chunk> kept = new ArrayList<>();
        for (Chunk chunk : some) {
            if (marked.contains(chunk.number()) || more-- > 0) {
                kept.add(chunk);
            }
        }
        Copier copier = copy(now, network.port(), kept);
        network.resetAfter(
                direction, random.nextInt(1, direction == Direction.TO_SERVER ? 60_000 : 6_000));
        WarpException problem = catchThrowableOfType(WarpException.class, () -> run(copier));
        if (problem != null) {
            assertThat(problem.code())
                    .as(problem.report())
                    .isIn(ErrorCode.CONNECTION, ErrorCode.TRANSIENT);
        }
        return problem != null;
    }

    private List<Integer> marked() {
        try (Session session = connector(Side.DESTINATION, destination.port()).open()) {
            return session.query("SELECT number FROM warp.chunk").stream()
                    .map(row -> row.integer("number"))
                    .toList();
        }
    }

    private void run(Copier copier) {
        CopyScene.run(
                copier,
                connector(Side.SOURCE, source.port()),
                connector(Side.DESTINATION, destination.port()));
    }

    private Copier copy(Held now, int port, List<Chunk> chunks) {
        Connector from = connector(Side.SOURCE, source.port());
        Connector direct = connector(Side.DESTINATION, destination.port());
        TablePair pair;
        Map<TableName, SnapshotPoint> base = new HashMap<>();
        try (Session one = from.open();
                Session other = direct.open()) {
            pair = new TablePair(table(one), table(other));
            CopyStore store = new CopyStore(other, SLOT);
            store.takeOver(now.point().position());
            CopyStore.Standing standing = store.standing().get(NAME);
            SnapshotPoint before = standing == null ? null : standing.base();
            if (standing != null && standing.marked() > 0 && before != null) {
                base.put(NAME, before);
            }
        }
        return new Copier(
                new CopyRequest(
                        from,
                        connector(Side.DESTINATION, port),
                        SLOT,
                        now.name(),
                        now.point().position(),
                        List.of(pair),
                        chunks,
                        Jobs.of(2),
                        FollowUp.NONE,
                        _ -> {},
                        true,
                        false,
                        new Advance(base, now.point())),
                new Patience(Duration.ofSeconds(20), new RecordingLog(), new StopSignal()),
                new Progress(),
                new RecordingLog());
    }

    private static Table table(Session session) {
        return Catalog.tables(session).stream()
                .filter(table -> table.name().equals(NAME))
                .findFirst()
                .orElseThrow();
    }

    private Connector connector(Side side, int port) {
        return new Connector(
                new ConnectionSettings(
                        side,
                        List.of(new HostPort("127.0.0.1", port)),
                        "advance",
                        PostgresServer.USER,
                        new Secret(PostgresServer.PASSWORD),
                        Tls.of(SslMode.DISABLE),
                        "any",
                        10,
                        ""),
                "advance test");
    }

    /** While a transaction is open that began before it and will commit after it. */
    private Held snapshot(int number) throws SQLException {
        Connection open = source.connect("advance");
        open.setAutoCommit(false);
        try (Statement statement = open.createStatement()) {
            statement.execute("SELECT txid_current()");
            statement.execute("SAVEPOINT a");
            statement.execute("UPDATE t SET v = v || 'o' WHERE a % 11 = " + number % 11);
            statement.execute("RELEASE a");
        }
        Connection keeper = source.connect("advance");
        keeper.setAutoCommit(false);
        try (Statement statement = keeper.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            String[] parts = new String[3];
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT pg_export_snapshot(),"
                                    + " txid_snapshot_xmin(txid_current_snapshot()),"
                                    + " txid_snapshot_xmax(txid_current_snapshot())")) {
                row.next();
                for (int i = 0; i < 3; i++) {
                    parts[i] = row.getString(i + 1);
                }
            }
            open.commit();
            open.close();
            return new Held(
                    keeper,
                    parts[0],
                    new SnapshotPoint(
                            new Lsn(0x1000L + number),
                            Long.parseLong(parts[1]),
                            Long.parseLong(parts[2])));
        }
    }

    private void change(SplittableRandom random) throws SQLException {
        try (Connection connection = source.connect("advance");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                int a = 1 + random.nextInt(ROWS);
                statement.execute("SAVEPOINT s");
                switch (random.nextInt(6)) {
                    case 0 -> statement.execute("DELETE FROM t WHERE a % 97 = " + a % 97);
                    case 1 ->
                            statement.execute(
                                    "UPDATE t SET v = repeat('u', %d) WHERE a BETWEEN %d AND %d"
                                            .formatted(random.nextInt(400), a, a + 9));
                    case 2 ->
                            statement.execute(
                                    "UPDATE t SET b = md5(b) WHERE a BETWEEN %d AND %d"
                                            .formatted(a, a + 5));
                    case 3 ->
                            statement.execute(
                                    "INSERT INTO t (a, b, v) SELECT i, md5(i::text), 'again' FROM generate_series(%d, %d) i ON CONFLICT DO NOTHING"
                                            .formatted(a, a + 30));
                    case 4 -> {
                        statement.execute("DELETE FROM t WHERE a = " + a);
                        statement.execute(
                                "INSERT INTO t (a, b, v) VALUES (%d, md5('%d'), 'back')"
                                        .formatted(a, a));
                    }
                    default -> {
                        connection.commit();
                        try (Connection vacuum = source.connect("advance");
                                Statement alone = vacuum.createStatement()) {
                            alone.execute(random.nextBoolean() ? "VACUUM t" : "VACUUM FREEZE t");
                        }
                        statement.execute("SAVEPOINT s");
                    }
                }
                if (random.nextInt(5) == 0) {
                    statement.execute("ROLLBACK TO SAVEPOINT s");
                }
            }
            connection.commit();
        }
    }

    /** What is marked, is as the snapshot that the state names shows it: each row once. */
    private void assertOneSnapshot(Map<Long, List<String>> shown, long seed) throws SQLException {
        String base = destinationAnswer("SELECT base_lsn::text FROM warp.relation");
        List<String> expected = shown.getOrDefault(Lsn.parse(base).value(), List.of());
        Set<Integer> pages = new HashSet<>(marked());
        assertThat(rows(destination))
                .as("seed %d, as of %s", seed, base)
                .isEqualTo(
                        expected.stream()
                                .filter(row -> pages.contains(Math.min(page(row), 15)))
                                .map(ChunkAdvanceProperty::withoutPage)
                                .sorted()
                                .toList());
    }

    private static int page(String row) {
        return Integer.parseInt(row.substring(0, row.indexOf('|')));
    }

    private static String withoutPage(String row) {
        return row.substring(row.indexOf('|') + 1);
    }

    /** The rows that a snapshot shows, each behind its page. */
    private static List<String> rows(Connection keeper) throws SQLException {
        return texts(
                keeper,
                "SELECT split_part(substr(ctid::text, 2), ',', 1) || '|' || t::text FROM t");
    }

    private List<String> rows(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect("advance")) {
            return texts(connection, "SELECT t::text FROM t");
        }
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        texts.sort(null);
        return texts;
    }

    private String destinationAnswer(String query) throws SQLException {
        try (Connection connection = destination.connect("advance")) {
            return texts(connection, query).getFirst();
        }
    }
}
