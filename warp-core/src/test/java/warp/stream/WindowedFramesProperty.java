package warp.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.apply.Applier;
import warp.apply.LiveTables;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.postgres.SourceCatalog;
import warp.postgres.wire.ChangeStream.Frame;
import warp.postgres.wire.FrameSource;
import warp.sandbox.PostgresServer;

/**
 * What is read in windows is what a walsender sends, message by message, wherever reading begins
 * and whatever the windows are; and who is cut while reading goes on without loss or doubling.
 * Histories of several sessions at once, so that transactions lie across every edge. Set {@code
 * WARP_SEED} to replay.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WindowedFramesProperty {

    private static final int WRITERS = 3;
    private static final int TRANSACTIONS = 120;
    private static final int READINGS = 12;
    private static final int CUTS = 15;
    private static final Duration TAKE = Duration.ofMillis(20);
    private static final long DEADLINE_NANOS = Duration.ofMinutes(2).toNanos();

    private final long seed = seed();
    private final Random random = new Random(seed);
    private @Nullable PostgresServer newest;

    private static long seed() {
        String given = System.getenv("WARP_SEED");
        return given == null ? System.nanoTime() : Long.parseLong(given);
    }

    @BeforeAll
    void start() {
        newest = start("18");
    }

    /** One that sends in pieces what is larger than very little, if it can. */
    private static PostgresServer start(String version) {
        PostgresServer.Builder server = PostgresServer.builder(version);
        if (Integer.parseInt(version) >= 13) {
            server.setting("logical_decoding_work_mem", "64kB");
        }
        return server.start();
    }

    @AfterAll
    void stop() {
        requireNonNull(newest).close();
    }

    private static LiveTables live(PostgresServer server) throws Exception {
        return new LiveTables(
                server,
                server,
                "CREATE TABLE keyed (id int PRIMARY KEY, n bigint, t text)",
                "CREATE TABLE counted (id int PRIMARY KEY, hits bigint)",
                "CREATE TABLE bag (v int, t text)",
                "ALTER TABLE bag REPLICA IDENTITY FULL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12", "14", "18"})
    void windows_giveWhatTheWalsenderSends(String version) throws Exception {
        try (PostgresServer server = start(version);
                LiveTables live = live(server)) {
            Lsn start = live.confirmed();
            write(live);
            Lsn end = beforeLast(live);
            List<Frame.Data> sent = read(live.frames(start), end);
            live.awaitFreeSlot();
            for (int reading = 0; reading < READINGS; reading++) {
                int after = random.nextInt(sent.size());
                while (after > 0 && !isCommit(sent.get(after - 1))) {
                    after--;
                }
                Lsn from = after == 0 ? start : endOf(sent.get(after - 1));
                WindowPlan plan = plan();
                List<String> said = new ArrayList<>();
                List<Frame.Data> read = read(windows(live, from, plan, said), end);
                assertThat(texts(read))
                        .as("seed %d, from %s by %s", seed, from, plan)
                        .isEqualTo(texts(sent.subList(after, sent.size())));
                assertThat(said).isEmpty();
                live.awaitFreeSlot();
                assertThat(live.confirmed()).isEqualTo(start);
            }
        }
    }

    @Test
    void whoeverIsCutWhileReading_goesOnWithoutLossOrDoubling() throws Exception {
        try (LiveTables live = live(requireNonNull(newest));
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing =
                    writers.submit(() -> {
                        write(live);
                        write(live);
                        return null;
                    });
            for (int cut = 0; cut < CUTS; cut++) {
                apply(live, random.nextInt(400));
                assertThat(live.confirmed())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(live.progressAtDestination());
            }
            writing.get();
            apply(live, Integer.MAX_VALUE);
            assertThat(live.compare().differences()).as("seed %d", seed).isEmpty();
        }
    }

    /**
     * Applies so many events, and lets go at once; all there is to be had, where they are fewer.
     */
    private void apply(LiveTables live, int most) throws Exception {
        Lsn end = new SourceCatalog(live.source()).currentPosition();
        long begun = System.nanoTime();
        try (Applier applier = live.applier();
                ChangeReader reader =
                        ChangeReader.start(
                                windows(live, applier.startAfter(), plan(), new ArrayList<>()),
                                live.decoder(),
                                applier.startAfter(),
                                ChangeReader.QUEUE_BYTES_MAX,
                                live.progress)) {
            int left = most;
            while (left > 0 && applier.applied().isBefore(end)) {
                List<ChangeEvent> events = reader.take(TAKE);
                for (ChangeEvent event : events.subList(0, Math.min(left, events.size()))) {
                    applier.apply(event);
                }
                left -= events.size();
                if (reader.isEmpty()) {
                    applier.idle();
                }
                if (random.nextBoolean()) {
                    reader.acknowledge(applier.durable());
                }
                assertThat(System.nanoTime() - begun).isLessThan(DEADLINE_NANOS);
            }
            if (left > 0) {
                applier.settle();
            }
        }
        live.awaitFreeSlot();
    }

    private FrameSource windows(LiveTables live, Lsn from, WindowPlan plan, List<String> said) {
        return WindowedFrames.open(
                new SlotReading(
                        live.sourceConnector(),
                        LiveTables.SLOT,
                        List.of(LiveTables.SLOT),
                        live::frames,
                        said::add),
                from,
                plan);
    }

    /** Windows of some bytes on, so that they end within records as well. */
    private WindowPlan plan() {
        long least = 1L + random.nextInt(20_000);
        return new WindowPlan(
                least,
                least + random.nextInt(20_000),
                1L + random.nextInt(50_000),
                random.nextInt(4) / 4.0,
                random.nextInt(6) == 0 ? 100_000 : Long.MAX_VALUE,
                random.nextInt(2) == 0 ? 40_000 : Long.MAX_VALUE,
                1L + random.nextInt(2_000_000),
                random.nextInt(2) * 50_000L,
                Duration.ofMillis(random.nextInt(3) * 10L));
    }

    /**
     * All messages but shapes and types, which are sent again whenever decoding begins, and the
     * words of 18 that something is undone of what it has never sent.
     */
    private static List<Frame.Data> read(FrameSource frames, Lsn end) {
        try (frames) {
            List<Frame.Data> read = new ArrayList<>();
            Frame frame = requireNonNull(frames.next());
            while (true) {
                if (frame instanceof Frame.Data data && "RYA".indexOf(data.bytes()[0]) < 0) {
                    read.add(data);
                    if (isCommit(data) && !endOf(data).isBefore(end)) {
                        return read;
                    }
                }
                frame = requireNonNull(frames.next());
            }
        }
    }

    private static boolean isCommit(Frame.Data data) {
        return data.bytes()[0] == 'C';
    }

    /** "Logical Replication Message Formats", Commit. */
    private static Lsn endOf(Frame.Data commit) {
        return new Lsn(ByteBuffer.wrap(commit.bytes()).getLong(10));
    }

    /**
     * But for where transactions begin, which is told of their first record, or their first change,
     * and those without a change, of which only older servers tell.
     */
    private static List<String> texts(List<Frame.Data> frames) {
        List<String> texts = new ArrayList<>();
        char before = ' ';
        for (Frame.Data frame : frames) {
            char letter = (char) frame.bytes()[0];
            if (letter == 'C' && before == 'B') {
                texts.removeLast();
            } else {
                texts.add(
                        "%s %s %s"
                                .formatted(
                                        letter == 'B' ? "" : frame.walStart(),
                                        letter,
                                        HexFormat.of().formatHex(frame.bytes())));
            }
            before = letter;
        }
        return texts;
    }

    /** Commits a last change, and tells where the log ended before it. */
    private static Lsn beforeLast(LiveTables live) throws Exception {
        Lsn before = new SourceCatalog(live.source()).currentPosition();
        live.atSource("INSERT INTO bag VALUES (-1, 'end')");
        return before;
    }

    /** Several sessions at once. */
    private void write(LiveTables live) throws Exception {
        List<List<String>> histories = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            histories.add(history(writer, live.source().version().atLeast(16)));
        }
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            for (List<String> history : histories) {
                writing.add(
                        writers.submit(() -> {
                            live.atSource(history.toArray(String[]::new));
                            return null;
                        }));
            }
            for (Future<?> one : writing) {
                one.get();
            }
        }
    }

    private List<String> history(int writer, boolean logsSnapshots) {
        List<String> history = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            StringBuilder transaction = new StringBuilder("BEGIN;");
            int statements = 1 + random.nextInt(4);
            for (int k = 0; k < statements; k++) {
                transaction.append(statement(writer)).append(';');
                if (logsSnapshots && random.nextInt(20) == 0) {
                    transaction.append("SELECT pg_log_standby_snapshot();");
                }
            }
            history.add(
                    transaction.append(random.nextInt(8) == 0 ? "ROLLBACK" : "COMMIT").toString());
        }
        return history;
    }

    /** Each writer has rows of its own, so that none waits for another. */
    private String statement(int writer) {
        if (random.nextInt(15) == 0) {
            return large(writer);
        }
        return switch (random.nextInt(6)) {
            case 0 ->
                    "INSERT INTO keyed SELECT %d, 0, repeat('x', %d) ON CONFLICT (id) DO UPDATE SET n = keyed.n + 1"
                            .formatted(writer * 10 + random.nextInt(10), random.nextInt(3000));
            case 1 ->
                    "INSERT INTO counted SELECT %d, 1 ON CONFLICT (id) DO UPDATE SET hits = counted.hits + 1"
                            .formatted(writer);
            case 2 ->
                    "SAVEPOINT s; INSERT INTO bag VALUES (%d, 'gone'); ROLLBACK TO s"
                            .formatted(writer);
            case 3 ->
                    "SAVEPOINT s; INSERT INTO bag VALUES (%d, 'kept'); RELEASE s".formatted(writer);
            case 4 ->
                    "DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag WHERE v = %d)"
                            .formatted(writer);
            default -> "INSERT INTO bag VALUES (%d, 'x')".formatted(writer);
        };
    }

    /** What a server sends in pieces, if it is not too short for that. */
    private String large(int writer) {
        return switch (random.nextInt(3)) {
            case 0 -> many(writer);
            case 1 -> "SAVEPOINT s; " + many(writer) + "; ROLLBACK TO s";
            default ->
                    "SAVEPOINT s; %s; SAVEPOINT t; %s; RELEASE t; %s; RELEASE s"
                            .formatted(many(writer), many(writer), many(writer));
        };
    }

    private String many(int writer) {
        return "INSERT INTO bag SELECT %d, 'many' FROM generate_series(1, %d)"
                .formatted(writer, random.nextInt(900));
    }
}
