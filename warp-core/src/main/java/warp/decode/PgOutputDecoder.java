package warp.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.TableName;
import warp.model.Tuple;

/**
 * Reads {@code pgoutput} of PostgreSQL 10 and newer: protocol version 1, and what newer versions
 * send as long as streaming, two-phase commit and binary values are not asked for ("Logical
 * Replication Message Formats" in the manual).
 *
 * <p>Values are not copied: a tuple shares the array of its message. The {@link Relation} that
 * events carry is the same instance until a Relation message changes its shape.
 */
public final class PgOutputDecoder implements LogicalDecoder {

    /** Microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL's clock starts. */
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private static final int KEY_COLUMN = 1;
    private static final int CASCADE = 1;
    private static final int RESTART_IDENTITY = 2;

    private final Map<Integer, Relation> relations = new HashMap<>();

    /** The relation of the last change: most changes come in runs. */
    private @Nullable Relation last;

    @Override
    public @Nullable ChangeEvent decode(Lsn walStart, byte[] data, int offset, int length) {
        MessageReader in = new MessageReader("pgoutput", walStart, data, offset, length);
        if (in.atEnd()) {
            return null;
        }
        ChangeEvent event = message(in);
        in.expectEnd();
        return event;
    }

    private @Nullable ChangeEvent message(MessageReader in) {
        int letter = in.uint8();
        return switch (letter) {
            case 'B' -> begin(in);
            case 'C' -> commit(in);
            case 'I' -> insert(in);
            case 'U' -> update(in);
            case 'D' -> delete(in);
            case 'T' -> truncate(in);
            case 'M' -> emitted(in);
            case 'R' -> relation(in);
            case 'O' -> origin(in);
            case 'Y' -> type(in);
            case 'A' -> undone(in);
            case 'S', 'E', 'c' ->
                    throw in.malformed("part of a streamed transaction, which was not asked for");
            case 'b', 'P', 'K', 'r', 'p' ->
                    throw in.malformed("part of a two-phase commit, which was not asked for");
            default -> throw in.malformed("no message begins with byte " + letter);
        };
    }

    private static ChangeEvent begin(MessageReader in) {
        in.kind("Begin");
        Lsn finalLsn = new Lsn(in.int64());
        in.int64(); // commit time, told again by Commit
        return new ChangeEvent.Begin(in.int32(), finalLsn);
    }

    private static ChangeEvent commit(MessageReader in) {
        in.kind("Commit");
        if (in.uint8() != 0) {
            throw in.malformed("unknown flags");
        }
        in.int64(); // LSN of the commit record
        Lsn endLsn = new Lsn(in.int64());
        long micros = in.int64();
        if (micros > Long.MAX_VALUE - POSTGRES_EPOCH_MICROS) {
            throw in.malformed("commit time out of range");
        }
        return new ChangeEvent.Commit(endLsn, micros + POSTGRES_EPOCH_MICROS);
    }

    /**
     * From 18 on a server tells so of the subtransactions of a transaction that it found undone
     * when the changes took more than {@code logical_decoding_work_mem}, though nothing was
     * streamed: it drops them as if they had been. What was never sent need not be undone: the
     * pieces that this could be about are refused.
     */
    private static @Nullable ChangeEvent undone(MessageReader in) {
        in.kind("Stream Abort");
        in.int32();
        in.int32();
        return null;
    }

    private static @Nullable ChangeEvent origin(MessageReader in) {
        in.kind("Origin");
        in.int64();
        in.string();
        return null;
    }

    private static @Nullable ChangeEvent type(MessageReader in) {
        in.kind("Type");
        in.int32();
        in.string();
        in.string();
        return null;
    }

    private @Nullable ChangeEvent relation(MessageReader in) {
        in.kind("Relation");
        int oid = in.int32();
        String schema = in.string();
        String name = in.string();
        if (name.isEmpty()) {
            throw in.malformed("a relation without a name");
        }
        ReplicaIdentity identity = identity(in);
        int count = in.uint16();
        List<RelationColumn> columns = new ArrayList<>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            boolean key = (in.uint8() & KEY_COLUMN) != 0;
            columns.add(new RelationColumn(in.string(), key, in.int32(), in.int32()));
        }
        TableName table = new TableName(schema.isEmpty() ? "pg_catalog" : schema, name);
        Relation announced = new Relation(oid, table, identity, true, columns);
        // The server repeats itself after any invalidation of its cache: no news, same instance.
        if (!announced.equals(relations.get(oid))) {
            relations.put(oid, announced);
            last = null;
        }
        return null;
    }

    private static ReplicaIdentity identity(MessageReader in) {
        int letter = in.uint8();
        try {
            return ReplicaIdentity.of((char) letter);
        } catch (IllegalArgumentException e) {
            throw in.malformed("no replica identity is called by byte " + letter, e);
        }
    }

    private ChangeEvent insert(MessageReader in) {
        in.kind("Insert");
        Relation relation = announced(in);
        if (in.uint8() != 'N') {
            throw in.malformed("expected the new row");
        }
        return new ChangeEvent.Insert(relation, tuple(in, relation));
    }

    private ChangeEvent update(MessageReader in) {
        in.kind("Update");
        Relation relation = announced(in);
        int part = in.uint8();
        Tuple old = null;
        boolean oldIsKey = part == 'K';
        if (part == 'K' || part == 'O') {
            old = tuple(in, relation);
            part = in.uint8();
        }
        if (part != 'N') {
            throw in.malformed("expected the new row");
        }
        return new ChangeEvent.Update(relation, old, oldIsKey, tuple(in, relation));
    }

    private ChangeEvent delete(MessageReader in) {
        in.kind("Delete");
        Relation relation = announced(in);
        int part = in.uint8();
        if (part != 'K' && part != 'O') {
            throw in.malformed("expected the old row");
        }
        return new ChangeEvent.Delete(relation, tuple(in, relation), part == 'K');
    }

    private ChangeEvent truncate(MessageReader in) {
        in.kind("Truncate");
        int count = in.int32();
        int options = in.uint8();
        if (count < 1 || count > in.remaining() / Integer.BYTES) {
            throw in.malformed("the number of relations does not fit the message");
        }
        if ((options & ~(CASCADE | RESTART_IDENTITY)) != 0) {
            throw in.malformed("unknown options");
        }
        List<Relation> truncated = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            truncated.add(announced(in));
        }
        return new ChangeEvent.Truncate(
                truncated, (options & CASCADE) != 0, (options & RESTART_IDENTITY) != 0);
    }

    private static ChangeEvent emitted(MessageReader in) {
        in.kind("Message");
        int flags = in.uint8();
        if (flags > 1) {
            throw in.malformed("unknown flags");
        }
        Lsn lsn = new Lsn(in.int64());
        String prefix = in.string();
        int length = in.int32();
        int from = in.advance(length);
        // Content may be any bytes, another tool's included: shown as well as it can be.
        String content = new String(in.data(), from, length, StandardCharsets.UTF_8);
        return new ChangeEvent.Message(lsn, flags == 1, prefix, content);
    }

    private Relation announced(MessageReader in) {
        int oid = in.int32();
        Relation known = last;
        if (known == null || known.oid() != oid) {
            known = relations.get(oid);
            if (known == null) {
                throw in.malformed(
                        "relation " + Integer.toUnsignedString(oid) + " was never described");
            }
            last = known;
        }
        return known;
    }

    private static Tuple tuple(MessageReader in, Relation relation) {
        int count = in.uint16();
        if (count != relation.columns().size()) {
            throw in.malformed(count + " columns for a relation of " + relation.columns().size());
        }
        Tuple.Builder tuple = new Tuple.Builder(count, in.data());
        for (int i = 0; i < count; i++) {
            int kind = in.uint8();
            switch (kind) {
                case 't' -> {
                    int length = in.int32();
                    tuple.addShared(in.advance(length), length);
                }
                case 'n' -> tuple.addNull();
                case 'u' -> tuple.addUnchanged();
                case 'b' -> throw in.malformed("a binary value, which was not asked for");
                default -> throw in.malformed("no value begins with byte " + kind);
            }
        }
        return tuple.build();
    }
}
