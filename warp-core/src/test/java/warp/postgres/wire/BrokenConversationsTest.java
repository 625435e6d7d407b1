package warp.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static warp.postgres.wire.FakeServer.error;
import static warp.postgres.wire.FakeServer.ints;
import static warp.postgres.wire.FakeServer.join;
import static warp.postgres.wire.FakeServer.longs;
import static warp.postgres.wire.FakeServer.message;
import static warp.postgres.wire.FakeServer.notice;
import static warp.postgres.wire.FakeServer.parameter;
import static warp.postgres.wire.FakeServer.string;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.postgres.TriedConnection;

/**
 * Conversations that a real server has once in a blue moon: messages broken off, absurd, or at odd
 * places. Nothing here may hang: a time-out is a failure.
 */
@Timeout(60)
class BrokenConversationsTest {

    private static final byte[] COPY_OUT = message('H', new byte[] {0, 0, 0});
    private static final byte[] COPY_IN = message('G', new byte[] {0, 0, 0});
    private static final byte[] COPY_BOTH = message('W', new byte[] {0, 0, 0});
    private static final byte[] READY = message('Z', new byte[] {'I'});

    private static WireSession open(FakeServer server) {
        return TriedConnection.to("127.0.0.1", server.port()).connector().openWire();
    }

    private static byte[] row(String text) {
        return message('d', text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] tag(String text) {
        return message('C', string(text));
    }

    /** Answers each query with the same bytes, then hangs up. */
    private static FakeServer.Script answering(byte[] answer) {
        return client -> {
            client.expect('Q');
            client.send(answer);
        };
    }

    private static WarpException failure(byte[] answer) throws IOException {
        try (FakeServer server = FakeServer.loggedIn(answering(answer));
                WireSession session = open(server)) {
            return catchThrowableOfType(WarpException.class, () -> session.execute("SELECT 1"));
        }
    }

    @Test
    void noticesAndParameters_areSkippedAnywhere() throws Exception {
        byte[] answer =
                join(
                        notice(),
                        parameter("TimeZone", "UTC"),
                        tag("SELECT 7"),
                        notice(),
                        message('A', ints(1), string("channel"), string("")),
                        READY);
        try (FakeServer server = FakeServer.loggedIn(answering(answer));
                WireSession session = open(server)) {
            assertThat(session.execute("SELECT 1")).isEqualTo("SELECT 7");
        }
    }

    @Test
    void answerCutAnywhere_isALostConnection() throws Exception {
        byte[] answer = join(notice(), tag("SELECT 1"), READY);
        for (int length = 0; length < answer.length; length++) {
            WarpException failure = failure(Arrays.copyOf(answer, length));

            assertThat(failure).as("after %d bytes", length).isNotNull();
            assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION);
        }
    }

    @Test
    void absurdLengths_areALostConnection() throws Exception {
        for (int length : new int[] {-1, 0, 3, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x4000_0000}) {
            WarpException failure = failure(join(new byte[] {'C'}, ints(length), new byte[100]));

            assertThat(failure).as("length %d", length).isNotNull();
            assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION);
        }
    }

    /** What is not a row has no reason to be long: nobody fills the memory with complaints. */
    @Test
    void endlessWords_areALostConnection() throws Exception {
        for (char type : new char[] {'E', 'N', 'A', 'T', 'C', 'S', 'Z', 'K'}) {
            FakeServer.Script endless =
                    client -> {
                        client.expect('Q');
                        client.send(join(new byte[] {(byte) type}, ints(500_000_000)));
                        byte[] words = "Mno ".repeat(25_000).getBytes(StandardCharsets.US_ASCII);
                        while (true) {
                            client.send(words);
                        }
                    };
            try (FakeServer server = FakeServer.loggedIn(endless);
                    WireSession session = open(server)) {
                WarpException failure =
                        catchThrowableOfType(
                                WarpException.class, () -> session.execute("SELECT 1"));

                assertThat(failure.code()).as("type %s", type).isEqualTo(ErrorCode.CONNECTION);
                assertThat(failure).hasMessageContaining("a message of 500000000 bytes");
            }
        }
    }

    /** A source that claims to send a gigabyte in one frame gets no more memory than its bytes. */
    @Test
    void hugeFramesOfCopy_areNotBelieved() throws Exception {
        long before = usedBytes();
        byte[] answer = join(COPY_OUT, new byte[] {'d'}, ints(0x3fff_ffff), new byte[3_000_000]);

        assertThat(copyFailure(answer, FakeServer.Peer::drain).code())
                .isEqualTo(ErrorCode.CONNECTION);
        assertThat(usedBytes() - before).isLessThan(100_000_000);
    }

    private static long usedBytes() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void brokenBodies_areALostConnection() throws Exception {
        WarpException failure = failure(join(message('C'), READY));

        assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION);
    }

    @Test
    void brokenError_isStillAnError() throws Exception {
        for (byte[] broken :
                List.of(message('E'), message('E', new byte[] {'M'}), message('E', ints(-1)))) {
            WarpException failure = failure(join(broken, READY));

            assertThat(failure.hasSqlState("XX000")).isTrue();
        }
    }

    @Test
    void errorInTheMiddleOfCopyOut_isTheSourcesError() throws Exception {
        byte[] answer = join(COPY_OUT, row("1\n"), row("2\n"), error("57014", "cancelled"), READY);

        assertThat(copyFailure(answer, FakeServer.Peer::drain).hasSqlState("57014")).isTrue();
    }

    @Test
    void copyOutCutAnywhere_isALostConnection() throws Exception {
        byte[] answer =
                join(
                        COPY_OUT,
                        row("1\n"),
                        notice(),
                        row("2\n"),
                        message('c'),
                        tag("COPY 2"),
                        READY);
        for (int length = 0; length < answer.length; length++) {
            WarpException failure =
                    copyFailure(Arrays.copyOf(answer, length), FakeServer.Peer::drain);

            assertThat(failure.code()).as("after %d bytes", length).isEqualTo(ErrorCode.CONNECTION);
        }
    }

    @Test
    void messageOutOfTurnInCopyOut_isALostConnection() throws Exception {
        for (byte[] answer :
                List.of(
                        join(COPY_OUT, row("1\n"), READY),
                        join(COPY_OUT, row("1\n"), tag("COPY 1"), READY),
                        join(tag("SELECT 1"), READY))) {
            FakeServer.Script waiting =
                    client -> {
                        client.expect('Q');
                        client.send(answer);
                        client.drain();
                    };
            assertThat(copyFailure(waiting, FakeServer.Peer::drain).code())
                    .isEqualTo(ErrorCode.CONNECTION);
        }
    }

    @Test
    void destinationThatRefusesARow_isHeardBeforeTheEnd() throws Exception {
        FakeServer.Script endless =
                client -> {
                    client.expect('Q');
                    client.send(COPY_OUT);
                    byte[] row = row("x".repeat(100_000));
                    while (true) {
                        client.send(row);
                    }
                };
        FakeServer.Script refusing =
                client -> {
                    client.send(error("22P02", "no such value"));
                    client.drain();
                };

        assertThat(copyFailure(endless, refusing).hasSqlState("22P02")).isTrue();
    }

    @Test
    void destinationThatHangsUp_isALostConnection() throws Exception {
        FakeServer.Script endless =
                client -> {
                    client.expect('Q');
                    client.send(COPY_OUT);
                    byte[] row = row("x".repeat(100_000));
                    while (true) {
                        client.send(row);
                    }
                };

        WarpException failure = copyFailure(endless, client -> client.expect('d'));

        assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION);
    }

    private static WarpException copyFailure(byte[] answer, FakeServer.Script intoCopy)
            throws IOException {
        return copyFailure(answering(answer), intoCopy);
    }

    /** What {@code copyTo} throws; the destination is in COPY when its script begins. */
    private static WarpException copyFailure(FakeServer.Script from, FakeServer.Script intoCopy)
            throws IOException {
        FakeServer.Script into =
                client -> {
                    client.expect('Q');
                    client.send(COPY_IN);
                    intoCopy.play(client);
                };
        try (FakeServer source = FakeServer.loggedIn(from);
                FakeServer destination = FakeServer.loggedIn(into);
                WireSession reading = open(source);
                WireSession writing = open(destination)) {
            WarpException failure =
                    catchThrowableOfType(
                            WarpException.class,
                            () -> reading.copyTo(writing, "COPY OUT", "COPY IN", bytes -> {}));
            assertThat(failure).as("a failure").isNotNull();
            return failure;
        }
    }

    @Test
    void stream_givesFramesAndSkipsTheRest() throws Exception {
        byte[] data =
                message(
                        'd',
                        new byte[] {'w'},
                        longs(1, 2, 3),
                        "hi".getBytes(StandardCharsets.UTF_8));
        byte[] keepAlive = message('d', new byte[] {'k'}, longs(9, 3), new byte[] {1});
        byte[] unknown = message('d', new byte[] {'?'});
        byte[] answer =
                join(
                        notice(),
                        COPY_BOTH,
                        parameter("a", "b"),
                        data,
                        notice(),
                        unknown,
                        keepAlive,
                        message('c'));
        try (FakeServer server = FakeServer.loggedIn(answering(answer));
                ChangeStream stream = ChangeStream.start(open(server), "START_REPLICATION")) {
            ChangeStream.Frame.Data first =
                    (ChangeStream.Frame.Data) Objects.requireNonNull(stream.next());
            assertThat(first.walStart()).isEqualTo(new Lsn(1));
            assertThat(first.walEnd()).isEqualTo(new Lsn(2));
            assertThat(first.bytes()).asString().isEqualTo("hi");
            assertThat(stream.next()).isEqualTo(new ChangeStream.Frame.KeepAlive(new Lsn(9), true));
            assertThat(stream.next()).isNull();
        }
    }

    @Test
    void brokenFrames_areALostConnection() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        frames.add(message('d'));
        frames.add(message('d', new byte[] {'w'}, longs(1, 2)));
        frames.add(message('d', new byte[] {'k'}, longs(1)));
        frames.add(new byte[0]);
        for (byte[] frame : frames) {
            WarpException failure = streamFailure(join(COPY_BOTH, frame));

            assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION);
        }
        assertThat(streamFailure(join(COPY_BOTH, error("57P01", "stop"))).hasSqlState("57P01"))
                .isTrue();
        assertThat(streamFailure(error("55006", "slot is active")).hasSqlState("55006")).isTrue();
        assertThat(streamFailure(READY).code()).isEqualTo(ErrorCode.CONNECTION);
    }

    private static WarpException streamFailure(byte[] answer) throws IOException {
        try (FakeServer server = FakeServer.loggedIn(answering(answer));
                WireSession session = open(server)) {
            WarpException failure =
                    catchThrowableOfType(
                            WarpException.class,
                            () -> ChangeStream.start(session, "START_REPLICATION").next());
            assertThat(failure).as("a failure").isNotNull();
            return failure;
        }
    }

    @Test
    void pipeline_handsAnswersToTheirStatements() throws Exception {
        byte[] answer =
                join(
                        message('1'),
                        message('2'),
                        notice(),
                        tag("INSERT 0 12"),
                        message('2'),
                        tag("UPDATE 345"),
                        READY);
        List<Long> affected = new ArrayList<>();
        runPipeline(answer, affected);

        assertThat(affected).containsExactly(12L, 345L);
    }

    @Test
    void pipelineCutAnywhere_isALostConnection() throws Exception {
        byte[] answer =
                join(
                        message('1'),
                        message('2'),
                        tag("INSERT 0 1"),
                        message('2'),
                        tag("UPDATE 1"),
                        READY);
        for (int length = 0; length < answer.length; length++) {
            byte[] cut = Arrays.copyOf(answer, length);
            WarpException failure =
                    catchThrowableOfType(
                            WarpException.class, () -> runPipeline(cut, new ArrayList<>()));

            assertThat(failure).as("after %d bytes", length).isNotNull();
            assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION);
        }
    }

    @Test
    void pipelineError_isToldToItsStatement() {
        byte[] answer =
                join(
                        message('1'),
                        message('2'),
                        tag("INSERT 0 1"),
                        message('2'),
                        error("23505", "duplicate"),
                        READY);
        List<Long> affected = new ArrayList<>();

        IllegalStateException failure =
                catchThrowableOfType(
                        IllegalStateException.class, () -> runPipeline(answer, affected));

        assertThat(failure).hasMessage("statement 1: duplicate");
        assertThat(affected).containsExactly(1L);
    }

    /** Two executions of one statement and a Sync, answered by {@code answer}. */
    private static void runPipeline(byte[] answer, List<Long> affected) throws IOException {
        FakeServer.Script script =
                client -> {
                    client.expect('S');
                    client.send(answer);
                };
        try (FakeServer server = FakeServer.loggedIn(script);
                WireSession session = open(server)) {
            Pipeline pipeline = new Pipeline(session);
            Pipeline.Prepared statement =
                    pipeline.prepare("key", () -> new Pipeline.Source("INSERT", List.of(25)));
            for (int i = 0; i < 2; i++) {
                pipeline.bind(statement).parameter("text").execute(expectation(i, affected));
            }
            pipeline.sync(() -> {});
            pipeline.await();
        }
    }

    private static Pipeline.Expectation expectation(int number, List<Long> affected) {
        return new Pipeline.Expectation() {
            @Override
            public void affected(long rows) {
                affected.add(rows);
            }

            @Override
            public RuntimeException failed(ServerError error) {
                return new IllegalStateException("statement " + number + ": " + error.message());
            }
        };
    }

    @Test
    void abort_freesAReaderAndAWriter() throws Exception {
        FakeServer.Script deaf =
                client -> {
                    client.expect('Q');
                    client.send(COPY_BOTH);
                    client.drain();
                };
        try (FakeServer server = FakeServer.loggedIn(deaf);
                ChangeStream stream = ChangeStream.start(open(server), "START_REPLICATION")) {
            Thread aborting = Thread.startVirtualThread(stream::abort);

            assertThat(catchThrowableOfType(WarpException.class, stream::next).code())
                    .isEqualTo(ErrorCode.CONNECTION);
            aborting.join();
        }
    }

    @Test
    void copyData_isPassedByteForByteInAsManyMessagesAsItTakes() throws Exception {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        byte[] rows = join(row("1\n"), row(""), row("x".repeat(600_000)), row("2\n"));
        try (FakeServer source =
                        FakeServer.loggedIn(
                                answering(
                                        join(COPY_OUT, rows, message('c'), tag("COPY 4"), READY)));
                FakeServer destination =
                        FakeServer.loggedIn(client -> {
                            client.expect('Q');
                            client.send(COPY_IN);
                            passed.writeBytes(client.until('c'));
                            client.send(join(tag("COPY 4"), READY));
                        });
                WireSession reading = open(source);
                WireSession writing = open(destination)) {
            long[] metered = {0};

            assertThat(reading.copyTo(writing, "OUT", "IN", bytes -> metered[0] += bytes))
                    .isEqualTo(4);

            assertThat(FakeServer.data(passed.toByteArray())).isEqualTo(FakeServer.data(rows));
            assertThat(metered[0]).isEqualTo(passed.size());
        }
    }
}
