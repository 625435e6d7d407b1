package warp.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import warp.apply.LiveTables;
import warp.config.SlotNames;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.postgres.wire.ChangeStream.Frame;
import warp.postgres.wire.FrameSource;
import warp.sandbox.PostgresServer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class WindowedFramesPgTest {

    private static final WindowPlan SMALL =
            new WindowPlan(
                    1000, 2000, 1000, 0, Long.MAX_VALUE, Long.MAX_VALUE, 0, 1000, Duration.ZERO);
    private static final WindowPlan LARGE =
            new WindowPlan(
                    10_000,
                    100_000_000,
                    1000,
                    0,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    0,
                    1000,
                    Duration.ZERO);

    /** Goes on to a long window where short ones give nothing. */
    private static final WindowPlan STRETCHED =
            new WindowPlan(
                    1000, 2000, 1000, 0, Long.MAX_VALUE, 4000, 1L << 30, 1000, Duration.ZERO);

    private static final int TRANSACTIONS = 200;
    private static final int LONG_ROWS = 10_000;

    private @Nullable PostgresServer server;
    private final List<String> said = new ArrayList<>();

    @BeforeAll
    void start() {
        server =
                PostgresServer.builder("18")
                        .setting("max_replication_slots", "2")
                        .setting("temp_file_limit", "1MB")
                        .setting("logical_decoding_work_mem", "64kB")
                        .start();
    }

    @AfterAll
    void stop() {
        requireNonNull(server).close();
    }

    private LiveTables live() throws Exception {
        return new LiveTables(
                requireNonNull(server),
                requireNonNull(server),
                "CREATE TABLE t (id serial PRIMARY KEY, v text)");
    }

    private FrameSource open(LiveTables live, Lsn from) {
        return open(live, from, SMALL);
    }

    private FrameSource open(LiveTables live, Lsn from, WindowPlan plan) {
        return open(live, from, plan, Path.of(System.getProperty("java.io.tmpdir")));
    }

    private FrameSource open(LiveTables live, Lsn from, WindowPlan plan, Path folder) {
        said.clear();
        return WindowedFrames.open(
                new SlotReading(
                        live.sourceConnector(),
                        LiveTables.SLOT,
                        List.of(LiveTables.SLOT),
                        live::frames,
                        folder,
                        said::add),
                from,
                plan);
    }

    private static void write(LiveTables live, int transactions) throws Exception {
        String[] statements = new String[transactions];
        Arrays.fill(statements, "INSERT INTO t (v) VALUES ('x')");
        live.atSource(statements);
    }

    /** Reads so many transactions; the position of the last commit. */
    private static Lsn read(FrameSource frames, int transactions) {
        Lsn last = Lsn.NONE;
        int left = transactions;
        while (left > 0) {
            if (requireNonNull(frames.next()) instanceof Frame.Data data
                    && data.bytes()[0] == 'C') {
                last = data.walEnd();
                left--;
            }
        }
        return last;
    }

    @Test
    void aSourceWithoutASlotToSpare_isReadLive_andThatIsSaid() throws Exception {
        try (LiveTables live = live()) {
            live.source()
                    .query("SELECT pg_create_physical_replication_slot('the_other')::text AS made");
            try {
                write(live, TRANSACTIONS);
                try (FrameSource frames = open(live, live.confirmed())) {
                    read(frames, TRANSACTIONS);
                    assertThat(frames).isNotInstanceOf(WindowedFrames.class);
                }
                assertThat(said)
                        .singleElement()
                        .asString()
                        .matches(
                                "The changes are read one by one, as they cannot be had in bulk:"
                                        + " source: all replication slots are in use \\(SQLSTATE"
                                        + " 53400\\)");
            } finally {
                new SourceCatalog(live.source()).dropSlot("the_other");
            }
        }
    }

    /** One transaction of more than the session's memory and temporary file. */
    @Test
    void aWindowThatTheSourceRefuses_isReadLive_fromItsStart() throws Exception {
        try (LiveTables live = live()) {
            write(live, TRANSACTIONS);
            live.atSource(
                    "INSERT INTO t (v) SELECT (SELECT string_agg(md5(random()::text || i || k), '')"
                            + " FROM generate_series(1, 40000) i) FROM generate_series(1, 40) k");
            write(live, TRANSACTIONS);
            try (FrameSource frames = open(live, live.confirmed(), LARGE)) {
                read(frames, 2 * TRANSACTIONS + 1);
                assertThat(frames).isInstanceOf(WindowedFrames.class);
            }
            assertThat(said).singleElement().asString().contains("temp_file_limit");
        }
    }

    /** Each window would decode all of it that came before. */
    @Test
    void aTransactionLongerThanWindows_isReadLive() throws Exception {
        WindowPlan patient =
                new WindowPlan(
                        1000, 2000, 1000, 0, Long.MAX_VALUE, 4000, 5000, 1000, Duration.ZERO);
        try (LiveTables live = live()) {
            write(live, TRANSACTIONS);
            live.atSource("INSERT INTO t (v) SELECT 'x' FROM generate_series(1, 10000)");
            write(live, TRANSACTIONS);
            try (FrameSource frames = open(live, live.confirmed(), patient)) {
                read(frames, TRANSACTIONS);
                assertThat(frames).isInstanceOf(WindowedFrames.class);
                read(frames, 1);
                assertThat(new SourceCatalog(live.source()).slot(SlotNames.bulk(LiveTables.SLOT)))
                        .isEmpty();
                read(frames, TRANSACTIONS);
            }
            assertThat(said).isEmpty();
        }
    }

    /** Nothing of it is given before its commit, and what came meanwhile is given before. */
    @Test
    void aTransactionLongerThanWindows_isReadInOne_whereItComesInPieces() throws Exception {
        try (LiveTables live = live()) {
            longTransaction(live);
            try (FrameSource frames = open(live, live.confirmed(), STRETCHED)) {
                read(frames, TRANSACTIONS);
                assertThat(rowsOfNext(frames)).isEqualTo(LONG_ROWS);
                assertThat(new SourceCatalog(live.source()).slot(SlotNames.bulk(LiveTables.SLOT)))
                        .isPresent();
                read(frames, TRANSACTIONS);
            }
            assertThat(said).isEmpty();
        }
    }

    @Test
    void whereNoFileCanBeWritten_itIsReadLive_andThatIsSaid() throws Exception {
        try (LiveTables live = live()) {
            longTransaction(live);
            try (FrameSource frames =
                    open(live, live.confirmed(), STRETCHED, Path.of("/there/is/none"))) {
                read(frames, TRANSACTIONS);
                assertThat(rowsOfNext(frames)).isEqualTo(LONG_ROWS);
                read(frames, TRANSACTIONS);
            }
            assertThat(said)
                    .singleElement()
                    .asString()
                    .contains("no file can be written in /there/is/none");
        }
    }

    /** One that is under way while others commit before and behind its commit. */
    private static void longTransaction(LiveTables live) throws Exception {
        Session session = live.source();
        session.run("BEGIN");
        session.run("INSERT INTO public.t (v) SELECT 'x' FROM generate_series(1, 5000)");
        write(live, TRANSACTIONS);
        session.run("SAVEPOINT gone");
        session.run("INSERT INTO public.t (v) SELECT 'gone' FROM generate_series(1, 5000)");
        session.run("ROLLBACK TO gone");
        session.run("INSERT INTO public.t (v) SELECT 'x' FROM generate_series(1, 5000)");
        session.run("COMMIT");
        write(live, TRANSACTIONS);
    }

    /** How many rows the next transaction inserts. */
    private static int rowsOfNext(FrameSource frames) {
        int rows = 0;
        while (true) {
            if (requireNonNull(frames.next()) instanceof Frame.Data data) {
                switch (data.bytes()[0]) {
                    case 'I' -> rows++;
                    case 'C' -> {
                        return rows;
                    }
                    default -> {
                        // Begins, shapes.
                    }
                }
            }
        }
    }

    @Test
    void whatIsDurable_theSlotIsToldOf_atTheEnd_andNoMore() throws Exception {
        try (LiveTables live = live()) {
            write(live, TRANSACTIONS);
            Lsn durable;
            try (FrameSource frames = open(live, live.confirmed())) {
                durable = read(frames, 10);
                assertThat(frames.sendStatus(durable, durable, false)).isEqualTo(Lsn.NONE);
                while (frames.hasNext()) {
                    frames.next();
                }
            }
            assertThat(live.confirmed()).isEqualTo(durable);
        }
    }

    @Test
    void aWindowThatIsHalfRead_holdsNoSnapshot() throws Exception {
        try (LiveTables live = live()) {
            live.atSource(
                    "INSERT INTO t (v) SELECT repeat('x', 1000) FROM generate_series(1, 12000)");
            write(live, 1);
            try (FrameSource frames = open(live, live.confirmed(), LARGE)) {
                while (!(requireNonNull(frames.next()) instanceof Frame.Data)) {
                    // Windows in which nothing commits.
                }
                assertThat(
                                live.source()
                                        .query(
                                                "SELECT state, backend_xmin::text AS xmin FROM"
                                                    + " pg_stat_activity WHERE application_name ="
                                                    + " 'warp-read-test'"))
                        .singleElement()
                        .satisfies(row -> {
                            assertThat(row.text("state")).isEqualTo("idle");
                            assertThat(row.optionalText("xmin")).isEmpty();
                        });
                read(frames, 2);
            }
        }
    }

    @Test
    void whoReadsInWindows_isASlotsUser() throws Exception {
        try (LiveTables live = live()) {
            SourceCatalog catalog = new SourceCatalog(live.source());
            write(live, TRANSACTIONS);
            assertThat(catalog.slotUser(LiveTables.SLOT)).isEmpty();
            try (FrameSource frames = open(live, live.confirmed())) {
                read(frames, 1);
                assertThat(catalog.slotUser(LiveTables.SLOT))
                        .hasValueSatisfying(who -> assertThat(who).contains("(warp-read-test)"));
                catalog.endSlotUser(LiveTables.SLOT, "somebody else");
                read(frames, 1);
                catalog.endSlotUser(LiveTables.SLOT, "warp-read-test");
                assertThatThrownBy(() -> read(frames, TRANSACTIONS))
                        .isInstanceOf(WarpException.class);
            }
        }
    }

    /** Whoever stops, or tries again, would wait for it. */
    @Test
    void aSourceThatHasFailed_isNotSpokenToOnceMore() throws Exception {
        try (LiveTables live = live()) {
            SourceCatalog catalog = new SourceCatalog(live.source());
            write(live, TRANSACTIONS);
            Lsn before = live.confirmed();
            try (FrameSource frames = open(live, before)) {
                Lsn durable = read(frames, 1);
                assertThat(frames.sendStatus(durable, durable, false)).isEqualTo(Lsn.NONE);
                catalog.endSlotUser(LiveTables.SLOT, "warp-read-test");
                assertThatThrownBy(() -> read(frames, TRANSACTIONS))
                        .isInstanceOf(WarpException.class);
            }
            assertThat(live.confirmed()).isEqualTo(before);
        }
    }

    @Test
    void reading_isCutFromAnotherThread_inWindowsAndAfter() throws Exception {
        try (LiveTables live = live()) {
            write(live, TRANSACTIONS);
            for (int read : List.of(1, TRANSACTIONS)) {
                try (FrameSource frames = open(live, live.confirmed())) {
                    read(frames, read);
                    Thread cutting = Thread.startVirtualThread(frames::abort);
                    assertThatThrownBy(() -> read(frames, 2 * TRANSACTIONS))
                            .isInstanceOf(WarpException.class);
                    cutting.join();
                }
                live.awaitFreeSlot();
            }
        }
    }
}
