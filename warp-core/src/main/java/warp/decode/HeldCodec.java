package warp.decode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.TableName;
import warp.model.Tuple;

/**
 * How held changes are written down: a relation, and changes that refer to one. Big-endian numbers;
 * texts and values as their length in four bytes and UTF-8. What was written is read as it was;
 * bytes that do not follow the format are MALFORMED.
 *
 * <p>Pure, without state; for any thread.
 */
public final class HeldCodec {

    /** First byte of everything: a later format gets another one. */
    private static final int FORMAT = 1;

    private static final int IDENTITY_KNOWN = 1;
    private static final int PART = 2;

    private static final int NULL = -1;
    private static final int UNCHANGED = -2;

    private HeldCodec() {}

    /** Writes a relation. */
    public static byte[] encode(Relation relation) {
        Writer out = new Writer('R');
        out.int32(relation.oid());
        out.text(relation.name().schema());
        out.text(relation.name().name());
        out.int8(relation.identity().code());
        out.int8((relation.identityKnown() ? IDENTITY_KNOWN : 0) | (relation.whole() ? 0 : PART));
        out.int32(relation.columns().size());
        for (RelationColumn column : relation.columns()) {
            out.text(column.name());
            out.int8(column.key() ? 1 : 0);
            out.int32(column.typeOid());
            out.int32(column.typeModifier());
        }
        return out.bytes();
    }

    /** Reads a relation. */
    public static Relation relation(byte[] bytes) {
        MessageReader in = open(bytes);
        if (in.uint8() != 'R') {
            throw in.malformed("not a relation");
        }
        int oid = in.int32();
        TableName name = new TableName(text(in), text(in));
        ReplicaIdentity identity = identity(in);
        int flags = in.uint8();
        if ((flags & ~(IDENTITY_KNOWN | PART)) != 0) {
            throw in.malformed("no flags are " + flags);
        }
        int count = in.int32();
        if (count < 0 || count > in.remaining()) {
            throw in.malformed("the number of columns does not fit");
        }
        List<RelationColumn> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            columns.add(new RelationColumn(text(in), in.uint8() == 1, in.int32(), in.int32()));
        }
        in.expectEnd();
        return new Relation(
                oid, name, identity, (flags & IDENTITY_KNOWN) != 0, (flags & PART) == 0, columns);
    }

    private static ReplicaIdentity identity(MessageReader in) {
        int letter = in.uint8();
        try {
            return ReplicaIdentity.of((char) letter);
        } catch (IllegalArgumentException e) {
            throw in.malformed("no replica identity is called by byte " + letter, e);
        }
    }

    /**
     * Writes a change of one relation, without the relation.
     *
     * @throws IllegalArgumentException for an event that is no change of one relation
     */
    public static byte[] encode(ChangeEvent change) {
        return switch (change) {
            case ChangeEvent.Insert insert -> new Writer('I').tuple(insert.row()).bytes();
            case ChangeEvent.Update update ->
                    new Writer('U')
                            .int8(update.oldIsKey() ? 1 : 0)
                            .optional(update.old())
                            .tuple(update.row())
                            .bytes();
            case ChangeEvent.Delete delete ->
                    new Writer('D').int8(delete.oldIsKey() ? 1 : 0).tuple(delete.old()).bytes();
            case ChangeEvent.Truncate truncate when truncate.relations().size() == 1 ->
                    new Writer('T')
                            .int8(truncate.cascade() ? 1 : 0)
                            .int8(truncate.restartIdentity() ? 1 : 0)
                            .bytes();
            case ChangeEvent.Truncate several -> throw new IllegalArgumentException("" + several);
            case ChangeEvent.Begin begin -> throw new IllegalArgumentException("" + begin);
            case ChangeEvent.Commit commit -> throw new IllegalArgumentException("" + commit);
            case ChangeEvent.Message message -> throw new IllegalArgumentException("" + message);
            case ChangeEvent.KeepAlive alive -> throw new IllegalArgumentException("" + alive);
        };
    }

    /** Reads a change of the relation. */
    public static ChangeEvent change(byte[] bytes, Relation relation) {
        MessageReader in = open(bytes);
        int letter = in.uint8();
        ChangeEvent change =
                switch (letter) {
                    case 'I' -> new ChangeEvent.Insert(relation, tuple(in, relation));
                    case 'U' -> {
                        boolean oldIsKey = in.uint8() == 1;
                        Tuple old = in.uint8() == 1 ? tuple(in, relation) : null;
                        yield new ChangeEvent.Update(relation, old, oldIsKey, tuple(in, relation));
                    }
                    case 'D' -> {
                        boolean oldIsKey = in.uint8() == 1;
                        yield new ChangeEvent.Delete(relation, tuple(in, relation), oldIsKey);
                    }
                    case 'T' ->
                            new ChangeEvent.Truncate(
                                    List.of(relation), in.uint8() == 1, in.uint8() == 1);
                    default -> throw in.malformed("no change begins with byte " + letter);
                };
        in.expectEnd();
        return change;
    }

    private static MessageReader open(byte[] bytes) {
        MessageReader in = new MessageReader("held", Lsn.NONE, bytes, 0, bytes.length);
        in.kind("change");
        int format = in.uint8();
        if (format != FORMAT) {
            throw in.malformed("written by another version of Warp: format " + format);
        }
        return in;
    }

    private static String text(MessageReader in) {
        int length = in.int32();
        return in.utf8(in.advance(length), length);
    }

    private static Tuple tuple(MessageReader in, Relation relation) {
        int count = relation.columns().size();
        Tuple.Builder tuple = new Tuple.Builder(count, in.data());
        for (int i = 0; i < count; i++) {
            int length = in.int32();
            switch (length) {
                case NULL -> tuple.addNull();
                case UNCHANGED -> tuple.addUnchanged();
                default -> tuple.addShared(in.advance(length), length);
            }
        }
        return tuple.build();
    }

    /** Gathers the bytes of one message. */
    private static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

        Writer(char kind) {
            int8(FORMAT);
            int8(kind);
        }

        Writer int8(int value) {
            out.write(value);
            return this;
        }

        void int32(int value) {
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        }

        void text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int32(bytes.length);
            out.writeBytes(bytes);
        }

        Writer optional(@Nullable Tuple tuple) {
            int8(tuple == null ? 0 : 1);
            return tuple == null ? this : tuple(tuple);
        }

        Writer tuple(Tuple tuple) {
            for (int i = 0; i < tuple.size(); i++) {
                if (tuple.hasValue(i)) {
                    int32(tuple.length(i));
                    out.write(tuple.data(), tuple.offset(i), tuple.length(i));
                } else {
                    int32(tuple.isNull(i) ? NULL : UNCHANGED);
                }
            }
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
