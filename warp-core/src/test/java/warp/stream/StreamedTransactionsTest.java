package warp.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.postgres.wire.ChangeStream.Frame;

/** What comes in pieces, without a server: undone in every way, larger than memory, malformed. */
class StreamedTransactionsTest {

    private static final int XID = 700;
    private static final int SUB = 701;
    private static final int INNER = 702;
    private static final long COMMIT = 9_000;
    private static final long END = 9_100;

    @TempDir Path folder;

    private final FramesAhead ahead = new FramesAhead(Long.MAX_VALUE);
    private long position = 1_000;

    /** What has come out, a letter and the rest of each message. */
    private List<String> given() {
        ahead.handOver();
        ahead.end(null);
        List<String> given = new ArrayList<>();
        Frame frame = ahead.next();
        while (frame != null) {
            byte[] bytes = ((Frame.Data) frame).bytes();
            given.add(
                    bytes[0] == 'B' || bytes[0] == 'C'
                            ? String.valueOf((char) bytes[0])
                            : new String(bytes, StandardCharsets.ISO_8859_1));
            frame = ahead.next();
        }
        return given;
    }

    private void take(StreamedTransactions streamed, byte[] message) {
        position++;
        byte[] padded = new byte[message.length + 6]; // as in a buffer, between others
        System.arraycopy(message, 0, padded, 3, message.length);
        if (!streamed.take(position, padded, 3, message.length)) {
            ahead.add(position, message, 0, message.length);
        }
        while (streamed.isGiving()) {
            Lsn end = streamed.give(ahead, 1);
            assertThat(end == null || end.equals(new Lsn(END))).isTrue();
        }
    }

    private void piece(StreamedTransactions streamed, int xid, byte[]... messages) {
        take(streamed, ByteBuffer.allocate(6).put((byte) 'S').putInt(xid).put((byte) 1).array());
        for (byte[] message : messages) {
            take(streamed, message);
        }
        take(streamed, new byte[] {'E'});
    }

    private static byte[] row(int subtransaction, String text) {
        return within('I', subtransaction, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] within(char letter, int subtransaction, byte[] rest) {
        return ByteBuffer.allocate(5 + rest.length)
                .put((byte) letter)
                .putInt(subtransaction)
                .put(rest)
                .array();
    }

    private static byte[] shape(int relation, char what) {
        return ByteBuffer.allocate(6).put((byte) 'R').putInt(relation).put((byte) what).array();
    }

    private static byte[] shapeWithin(int subtransaction, int relation, char what) {
        return within(
                'R',
                subtransaction,
                ByteBuffer.allocate(5).putInt(relation).put((byte) what).array());
    }

    private static byte[] commit(int xid) {
        return ByteBuffer.allocate(30)
                .put((byte) 'c')
                .putInt(xid)
                .put((byte) 0)
                .putLong(COMMIT)
                .putLong(END)
                .putLong(5)
                .array();
    }

    private static byte[] abort(int xid, int subxid) {
        return ByteBuffer.allocate(9).put((byte) 'A').putInt(xid).putInt(subxid).array();
    }

    private static byte[] bare(char letter) {
        return new byte[] {(byte) letter};
    }

    @Test
    void aTransaction_standsWhereItCommits() {
        try (StreamedTransactions streamed = new StreamedTransactions(folder)) {
            piece(streamed, XID, bare('O'), row(XID, "a"));
            take(streamed, bare('B'));
            take(streamed, row(0, "other"));
            take(streamed, bare('C'));
            piece(streamed, XID, row(SUB, "b"));
            take(streamed, commit(XID));
        }
        assertThat(given()).containsExactly("B", "I\0\0\0\0other", "C", "B", "Ia", "Ib", "C");
    }

    @Test
    void itsFrame_tellsWhatTheSourceTold() {
        try (StreamedTransactions streamed = new StreamedTransactions(folder)) {
            piece(streamed, XID, row(XID, "a"));
            take(streamed, commit(XID));
        }
        ahead.handOver();
        Frame.Data begin = (Frame.Data) requireNonNull(ahead.next());
        assertThat(begin.bytes())
                .isEqualTo(
                        ByteBuffer.allocate(21)
                                .put((byte) 'B')
                                .putLong(COMMIT)
                                .putLong(5)
                                .putInt(XID)
                                .array());
        assertThat(((Frame.Data) requireNonNull(ahead.next())).walStart())
                .isEqualTo(begin.walStart());
        Frame.Data commit = (Frame.Data) requireNonNull(ahead.next());
        assertThat(commit.walEnd()).isEqualTo(new Lsn(END));
        assertThat(commit.bytes())
                .isEqualTo(
                        ByteBuffer.allocate(26)
                                .put((byte) 'C')
                                .put((byte) 0)
                                .putLong(COMMIT)
                                .putLong(END)
                                .putLong(5)
                                .array());
    }

    @Test
    void whatIsUndone_isLeftOut_inWhicheverOrderThatIsTold() {
        for (List<Integer> order : List.of(List.of(SUB, INNER), List.of(INNER, SUB))) {
            try (StreamedTransactions streamed = new StreamedTransactions(folder)) {
                piece(
                        streamed,
                        XID,
                        row(XID, "kept"),
                        row(INNER, "gone"),
                        row(SUB, "gone"),
                        row(INNER, "gone"));
                order.forEach(undone -> take(streamed, abort(XID, undone)));
                piece(streamed, XID, row(XID, "after"));
                take(streamed, abort(XID, 799)); // of which nothing has come
                take(streamed, commit(XID));
            }
        }
        assertThat(given())
                .containsExactly("B", "Ikept", "Iafter", "C", "B", "Ikept", "Iafter", "C");
    }

    @Test
    void whatIsUndoneWhole_orForgotten_givesNothing() {
        try (StreamedTransactions streamed = new StreamedTransactions(folder)) {
            piece(streamed, XID, row(XID, "gone"));
            take(streamed, abort(XID, XID));
            take(streamed, commit(XID));
            piece(streamed, XID + 50, row(SUB, "gone"));
            take(streamed, abort(XID + 50, SUB));
            take(streamed, commit(XID + 50));
            piece(streamed, XID + 60, row(XID + 60, "again in the next window"));
            streamed.forget();
            take(streamed, commit(XID + 60));
        }
        assertThat(given()).isEmpty();
    }

    /** Cut off in the file and in memory, and messages larger than what is in memory. */
    @Test
    void whatIsLargerThanMemory_waitsInAFileWithoutAName() throws IOException {
        String large = "x".repeat(600_000);
        List<String> expected = new ArrayList<>(List.of("B"));
        try (StreamedTransactions streamed = new StreamedTransactions(folder)) {
            for (int i = 0; i < 40; i++) {
                String some = i + "y".repeat(50_000);
                piece(streamed, XID, row(XID, some), row(XID, ""));
                expected.addAll(List.of("I" + some, "I"));
                if (i % 10 == 0) {
                    piece(streamed, XID, row(SUB + i, large), row(SUB + i, "small"));
                    take(streamed, abort(XID, SUB + i));
                    piece(streamed, XID, row(XID, large + i));
                    expected.add("I" + large + i);
                }
            }
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).isEmpty();
            }
            take(streamed, commit(XID));
        }
        expected.add("C");
        assertThat(given()).isEqualTo(expected);
    }

    /** As whoever decodes has heard them in another order than they were meant in. */
    @Test
    void aRelationDescribedMeanwhile_isDescribedAgain() {
        try (StreamedTransactions streamed = new StreamedTransactions(folder)) {
            take(streamed, shape(1, 'a'));
            take(streamed, shape(2, 'a'));
            piece(streamed, XID, shapeWithin(XID, 1, 'b'), shapeWithin(XID, 2, 'b'));
            take(streamed, shape(2, 'c'));
            take(streamed, shape(3, 'c'));
            piece(streamed, XID, row(XID, "x"));
            take(streamed, commit(XID));
        }
        assertThat(given().subList(4, 10))
                .containsExactly(
                        "B",
                        "R\0\0\0\1b",
                        "R\0\0\0\2b",
                        "Ix",
                        "C",
                        "R\0\0\0\2c"); // newer than what the transaction said of it
    }

    @Test
    void aFolderThatIsNotThere_isAFailureOfFiles() {
        try (StreamedTransactions streamed = new StreamedTransactions(folder.resolve("none"))) {
            assertThatThrownBy(() ->
                            piece(
                                    streamed,
                                    XID,
                                    row(XID, "x".repeat(300_000)),
                                    row(XID, "y".repeat(300_000))))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void whatEndsTooEarly_isRefused() {
        for (byte[] cut :
                List.of(bare('S'), bare('c'), bare('A'), new byte[] {'S', 0, 0, 0, 1, 1, 1})) {
            try (StreamedTransactions streamed = new StreamedTransactions(folder)) {
                assertThatThrownBy(() -> take(streamed, cut))
                        .isInstanceOfSatisfying(
                                WarpException.class,
                                refused ->
                                        assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED));
            }
        }
        try (StreamedTransactions streamed = new StreamedTransactions(folder)) {
            assertThatThrownBy(() -> piece(streamed, XID, bare('I')))
                    .isInstanceOf(WarpException.class);
        }
    }
}
