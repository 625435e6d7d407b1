package warp.bench.micro;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import warp.decode.PgOutputDecoder;
import warp.model.ChangeEvent;
import warp.model.Lsn;

/** Messages as pgoutput writes them ("Logical Replication Message Formats" in the manual). */
final class Frames {

    static final Lsn POSITION = new Lsn(1 << 20);

    private static final char DEFAULT_IDENTITY = 'd';

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private interface Content {
        void write(Frames frame) throws IOException;
    }

    private static byte[] frame(char letter, Content content) {
        Frames frame = new Frames();
        try {
            frame.out.writeByte(letter);
            content.write(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return frame.bytes.toByteArray();
    }

    /** Describes the table. */
    static byte[] relation(RowShape shape) {
        return frame(
                'R',
                frame -> {
                    frame.out.writeInt(RowShape.TABLE_OID);
                    frame.text(shape.pair().name().schema());
                    frame.text(shape.pair().name().name());
                    frame.out.writeByte(DEFAULT_IDENTITY);
                    frame.out.writeShort(shape.types().size());
                    for (int i = 0; i < shape.types().size(); i++) {
                        frame.out.writeByte(shape.isKey(i) ? 1 : 0);
                        frame.text(shape.column(i));
                        frame.out.writeInt(shape.types().get(i).oid());
                        frame.out.writeInt(-1);
                    }
                });
    }

    /** One row changed; {@code version} is what distinguishes one state of it from another. */
    static byte[] change(Kind kind, RowShape shape, int key, int version) {
        return switch (kind) {
            case INSERT -> frame('I', frame -> frame.row('N', shape, key, version));
            case UPDATE -> frame('U', frame -> frame.row('N', shape, key, version));
            case DELETE -> frame('D', frame -> frame.key(shape, key));
        };
    }

    private static byte[] begin(int transaction, long finalLsn) {
        return frame(
                'B',
                frame -> {
                    frame.out.writeLong(finalLsn);
                    frame.out.writeLong(0);
                    frame.out.writeInt(transaction);
                });
    }

    private static byte[] commit(long finalLsn, long endLsn) {
        return frame(
                'C',
                frame -> {
                    frame.out.writeByte(0);
                    frame.out.writeLong(finalLsn);
                    frame.out.writeLong(endLsn);
                    frame.out.writeLong(0);
                });
    }

    private void row(char part, RowShape shape, int key, int version) throws IOException {
        head(part, shape);
        for (int i = 0; i < shape.types().size(); i++) {
            value(shape.value(i, key, version));
        }
    }

    private void key(RowShape shape, int key) throws IOException {
        head('K', shape);
        for (int i = 0; i < shape.types().size(); i++) {
            value(shape.isKey(i) ? shape.value(i, key, 0) : null);
        }
    }

    private void head(char part, RowShape shape) throws IOException {
        out.writeInt(RowShape.TABLE_OID);
        out.writeByte(part);
        out.writeShort(shape.types().size());
    }

    private void value(byte @Nullable [] value) throws IOException {
        if (value == null) {
            out.writeByte('n');
            return;
        }
        out.writeByte('t');
        out.writeInt(value.length);
        out.write(value);
    }

    private void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
    }

    /**
     * Changes of one kind, whole transactions of so many each.
     *
     * @param keyOf the key of each change by its number
     */
    static List<byte[]> transactions(
            Kind kind, RowShape shape, int changes, int perTransaction, IntUnaryOperator keyOf) {
        List<byte[]> frames = new ArrayList<>();
        long position = POSITION.value();
        for (int i = 0; i < changes; i++) {
            if (i % perTransaction == 0) {
                position += 100;
                frames.add(begin(i / perTransaction + 1, position));
            }
            frames.add(change(kind, shape, keyOf.applyAsInt(i), i));
            if (i % perTransaction == perTransaction - 1 || i == changes - 1) {
                frames.add(commit(position, position + 50));
            }
        }
        return frames;
    }

    /** Changes of one kind, each with a key of its own, which come in no order. */
    static List<byte[]> changes(Kind kind, RowShape shape, int count) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(change(kind, shape, scattered(i, count), i));
        }
        return frames;
    }

    /** Numbers from 0 to {@code count}, each once, in no order. */
    static int scattered(int i, int count) {
        return (int) (i * 7919L % count);
    }

    /** A decoder that knows the table. */
    static PgOutputDecoder decoder(RowShape shape) {
        PgOutputDecoder decoder = new PgOutputDecoder();
        byte[] relation = relation(shape);
        decoder.decode(POSITION, relation, 0, relation.length);
        return decoder;
    }

    /** What the messages mean, as Warp's own decoder reads them. */
    static List<ChangeEvent> events(RowShape shape, List<byte[]> frames) {
        PgOutputDecoder decoder = decoder(shape);
        return frames.stream()
                .map(frame ->
                        Objects.requireNonNull(
                                decoder.decode(POSITION, frame, 0, frame.length), "no event"))
                .toList();
    }
}
