package warp.decode;

import java.util.ArrayList;
import java.util.List;
import warp.model.Lsn;
import warp.model.OutputPlugin;

/**
 * What must be known of a message to store it without decoding it: where transactions begin and
 * end, and which relations it needs to have been described before. Pure; agrees with the decoders.
 */
public sealed interface MessageOutline {

    /** A transaction begins. */
    record Begin() implements MessageOutline {}

    /** It ends, at the position that {@link warp.model.ChangeEvent.Commit} tells. */
    record Commit(Lsn end) implements MessageOutline {}

    /** Describes a relation, for all messages behind it in the same session of the walsender. */
    record Shape(int relation) implements MessageOutline {}

    /** Cannot be decoded without the relation's description. */
    record Change(int relation) implements MessageOutline {}

    /** Cannot be decoded without the relations' descriptions. */
    record Truncate(List<Integer> relations) implements MessageOutline {
        public Truncate {
            relations = List.copyOf(relations);
        }
    }

    /** Stands for itself. */
    record Other() implements MessageOutline {}

    /**
     * The outline of one message.
     *
     * @param walStart the position that the walsender gave with the message
     * @throws warp.error.WarpException MALFORMED where the message ends too early
     */
    static MessageOutline of(OutputPlugin plugin, Lsn walStart, byte[] data) {
        MessageReader in = new MessageReader(plugin.toString(), walStart, data, 0, data.length);
        return switch (plugin) {
            case PGOUTPUT -> ofPgOutput(in);
            case TEST_DECODING -> ofTestDecoding(in);
        };
    }

    private static MessageOutline ofPgOutput(MessageReader in) {
        if (in.atEnd()) {
            return new Other();
        }
        return switch (in.uint8()) {
            case 'B' -> new Begin();
            case 'C' -> {
                in.kind("Commit");
                in.uint8();
                in.int64();
                yield new Commit(new Lsn(in.int64()));
            }
            case 'R' -> new Shape(in.int32());
            case 'I', 'U', 'D' -> new Change(in.int32());
            case 'T' -> truncate(in);
            default -> new Other();
        };
    }

    private static MessageOutline truncate(MessageReader in) {
        in.kind("Truncate");
        int count = in.int32();
        in.uint8();
        if (count < 1 || count > in.remaining() / Integer.BYTES) {
            throw in.malformed("the number of relations does not fit the message");
        }
        List<Integer> relations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            relations.add(in.int32());
        }
        return new Truncate(relations);
    }

    private static MessageOutline ofTestDecoding(MessageReader in) {
        if (in.comes("BEGIN ")) {
            return new Begin();
        }
        return in.comes("COMMIT ") ? new Commit(in.walStart()) : new Other();
    }
}
