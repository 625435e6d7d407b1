package warp.decode;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Relation;
import warp.model.Tuple;

/** Writes pgoutput messages as a server would, independently of the decoder. */
final class PgOutputWriter {

    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    static byte[] event(ChangeEvent event) {
        PgOutputWriter writer = new PgOutputWriter();
        return switch (event) {
            case ChangeEvent.Begin e ->
                    writer.letter('B')
                            .int64(e.finalLsn().value())
                            .int64(2)
                            .int32(e.transactionId())
                            .done();
            case ChangeEvent.Commit e ->
                    writer.letter('C')
                            .int8(0)
                            .int64(1)
                            .int64(e.endLsn().value())
                            .int64(e.commitMicros() - POSTGRES_EPOCH_MICROS)
                            .done();
            case ChangeEvent.Insert e ->
                    writer.letter('I').int32(e.relation().oid()).tuple('N', e.row()).done();
            case ChangeEvent.Update e ->
                    writer.letter('U')
                            .int32(e.relation().oid())
                            .oldTuple(e.old(), e.oldIsKey())
                            .tuple('N', e.row())
                            .done();
            case ChangeEvent.Delete e ->
                    writer.letter('D')
                            .int32(e.relation().oid())
                            .oldTuple(e.old(), e.oldIsKey())
                            .done();
            case ChangeEvent.Truncate e -> writer.truncate(e);
            case ChangeEvent.Message e -> {
                byte[] content = e.content().getBytes(StandardCharsets.UTF_8);
                yield writer.letter('M')
                        .int8(e.transactional() ? 1 : 0)
                        .int64(e.lsn().value())
                        .text(e.prefix())
                        .int32(content.length)
                        .raw(content)
                        .done();
            }
            case ChangeEvent.KeepAlive ignored ->
                    throw new IllegalArgumentException("not from a plugin");
        };
    }

    static byte[] relation(Relation relation) {
        PgOutputWriter writer =
                new PgOutputWriter()
                        .letter('R')
                        .int32(relation.oid())
                        .text(
                                relation.name().schema().equals("pg_catalog")
                                        ? ""
                                        : relation.name().schema())
                        .text(relation.name().name())
                        .letter(relation.identity().code())
                        .int16(relation.columns().size());
        for (Relation.RelationColumn column : relation.columns()) {
            writer.int8(column.key() ? 1 : 0)
                    .text(column.name())
                    .int32(column.typeOid())
                    .int32(column.typeModifier());
        }
        return writer.done();
    }

    private byte[] truncate(ChangeEvent.Truncate event) {
        letter('T').int32(event.relations().size());
        int8((event.cascade() ? 1 : 0) | (event.restartIdentity() ? 2 : 0));
        event.relations().forEach(relation -> int32(relation.oid()));
        return done();
    }

    private PgOutputWriter oldTuple(@Nullable Tuple old, boolean key) {
        return old == null ? this : tuple(key ? 'K' : 'O', old);
    }

    private PgOutputWriter tuple(char part, Tuple tuple) {
        letter(part).int16(tuple.size());
        for (int i = 0; i < tuple.size(); i++) {
            if (tuple.isNull(i)) {
                letter('n');
            } else if (tuple.isUnchanged(i)) {
                letter('u');
            } else {
                letter('t').int32(tuple.length(i));
                bytes.write(tuple.data(), tuple.offset(i), tuple.length(i));
            }
        }
        return this;
    }

    PgOutputWriter letter(char letter) {
        return int8(letter);
    }

    PgOutputWriter int8(int value) {
        bytes.write(value);
        return this;
    }

    PgOutputWriter int16(int value) {
        return write(() -> out.writeShort(value));
    }

    PgOutputWriter int32(int value) {
        return write(() -> out.writeInt(value));
    }

    PgOutputWriter int64(long value) {
        return write(() -> out.writeLong(value));
    }

    PgOutputWriter text(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8)).int8(0);
    }

    PgOutputWriter raw(byte[] raw) {
        bytes.writeBytes(raw);
        return this;
    }

    byte[] done() {
        return bytes.toByteArray();
    }

    private interface Step {
        void run() throws IOException;
    }

    private PgOutputWriter write(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
