package warp.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.decode.PrintedShapes.Span;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Tuple;

/**
 * Reads the text of {@code test_decoding} of PostgreSQL 9.4 and newer ("test_decoding" in the
 * manual's appendix of additional modules), with {@code include-xids} and {@code include-timestamp}
 * on and streaming off; {@code skip-empty-xacts} may be either.
 *
 * <p>The plugin tells less than pgoutput, so its events mean this:
 *
 * <ul>
 *   <li>A {@link Relation} consists of the columns printed. Neither its OID nor the replica
 *       identity is known ({@code identityKnown} is false, no column is marked as key): both come
 *       from the source's catalog. The same table, column names and types give the same instance,
 *       but a relation of every live column and one of a part ({@code whole} is false) are two.
 *   <li>{@code Insert} and {@code Update}: the relation has every live column. In a table made
 *       {@code WITH OIDS} the first one is the system column {@code oid}, which is printed alike.
 *   <li>{@code Update.old} is aligned to the relation of the new row. The plugin leaves NULLs and
 *       columns outside the key out, so a column it did not print is NULL in {@code old}; {@code
 *       oldIsKey} is always true, as an identity FULL looks the same.
 *   <li>{@code Delete}: the relation has only the columns printed, those of the identity that are
 *       not NULL; {@code oldIsKey} is true. A column of the identity that is missing was NULL. A
 *       table without identity gives a relation of no columns: the row is not known.
 *   <li>{@code Truncate}: relations of no columns.
 *   <li>{@code Commit.endLsn} is the position that the walsender gave with the message, which for a
 *       COMMIT is the end of the transaction.
 * </ul>
 *
 * <p>Values are the text forms of their types, but {@code true} and {@code false} for boolean. The
 * plugin writes the database's encoding, unconverted: a stream is readable only from a database in
 * UTF-8 (or SQL_ASCII that holds UTF-8).
 */
public final class TestDecodingDecoder implements LogicalDecoder {

    private static final String NO_TUPLE = " (no-tuple-data)";

    private final PrintedShapes shapes = new PrintedShapes();
    private final PrintedRow oldRow = new PrintedRow();
    private final PrintedRow row = new PrintedRow();

    @Override
    public @Nullable ChangeEvent decode(Lsn walStart, byte[] data, int offset, int length) {
        MessageReader in = new MessageReader("test_decoding", walStart, data, offset, length);
        if (in.atEnd()) {
            return null;
        }
        ChangeEvent event = message(in);
        in.expectEnd();
        return event;
    }

    private ChangeEvent message(MessageReader in) {
        if (in.accept("table ")) {
            return change(in);
        }
        if (in.accept("BEGIN ")) {
            in.kind("BEGIN");
            return new ChangeEvent.Begin(transactionId(in));
        }
        if (in.accept("COMMIT ")) {
            in.kind("COMMIT");
            return commit(in);
        }
        if (in.accept("message: transactional: ")) {
            in.kind("message");
            return emitted(in);
        }
        throw in.malformed("no message begins like this");
    }

    private static int transactionId(MessageReader in) {
        long number = in.digits(1, 10);
        if (number >>> Integer.SIZE != 0) {
            throw in.malformed("not a transaction id");
        }
        return (int) number;
    }

    private static ChangeEvent commit(MessageReader in) {
        transactionId(in);
        in.expect(" (at ");
        long micros = CommitTime.read(in);
        in.expect(")");
        return new ChangeEvent.Commit(in.walStart(), micros);
    }

    private ChangeEvent change(MessageReader in) {
        in.kind("table");
        Span table = Span.read(in);
        if (in.accept(": INSERT:")) {
            in.kind("INSERT");
            return new ChangeEvent.Insert(relationOfRow(in, table, true), row.tuple(in.data()));
        }
        if (in.accept(": UPDATE:")) {
            in.kind("UPDATE");
            return update(in, table);
        }
        if (in.accept(": DELETE:")) {
            in.kind("DELETE");
            return delete(in, table);
        }
        return truncate(in, table);
    }

    private Relation relationOfRow(MessageReader in, Span table, boolean whole) {
        if (in.comes(NO_TUPLE)) {
            throw in.malformed("the new row is not in the log");
        }
        row.read(in);
        in.expectEnd();
        return shapes.of(in, table, row, whole);
    }

    private ChangeEvent update(MessageReader in, Span table) {
        boolean hasOld = in.accept(" old-key:");
        if (hasOld) {
            oldRow.read(in);
            in.expect(" new-tuple:");
        }
        Relation relation = relationOfRow(in, table, true);
        Tuple old = hasOld ? oldRow.tupleAlignedTo(row, in) : null;
        return new ChangeEvent.Update(relation, old, hasOld, row.tuple(in.data()));
    }

    private ChangeEvent delete(MessageReader in, Span table) {
        if (in.accept(NO_TUPLE)) {
            return new ChangeEvent.Delete(shapes.of(in, table), Tuple.ofTexts(), true);
        }
        return new ChangeEvent.Delete(relationOfRow(in, table, false), row.tuple(in.data()), true);
    }

    private ChangeEvent truncate(MessageReader in, Span first) {
        in.kind("TRUNCATE");
        List<Relation> relations = new ArrayList<>();
        relations.add(shapes.of(in, first));
        while (in.accept(", ")) {
            relations.add(shapes.of(in, Span.read(in)));
        }
        in.expect(": TRUNCATE:");
        boolean restart = in.accept(" restart_seqs");
        boolean cascade = in.accept(" cascade");
        if (!restart && !cascade) {
            in.expect(" (no-flags)");
        }
        return new ChangeEvent.Truncate(relations, cascade, restart);
    }

    /**
     * {@code 1 prefix: warp, sz: 3 content:abc}. Prefix and content may hold anything: the prefix
     * ends at the first size that fits the rest of the message.
     */
    private static ChangeEvent emitted(MessageReader in) {
        boolean transactional = in.accept("1");
        if (!transactional) {
            in.expect("0");
        }
        in.expect(" prefix: ");
        int prefixFrom = in.position();
        while (!in.atEnd()) {
            int prefixEnd = in.position();
            if (in.accept(", sz: ") && contentFollows(in)) {
                String prefix = in.utf8(prefixFrom, prefixEnd - prefixFrom);
                int length = in.remaining();
                int from = in.advance(length);
                return new ChangeEvent.Message(
                        in.walStart(),
                        transactional,
                        prefix,
                        new String(in.data(), from, length, StandardCharsets.UTF_8));
            }
            in.advance(in.position() == prefixEnd ? 1 : 0);
        }
        throw in.malformed("no content of the size told");
    }

    /** After {@code sz: }: whether a size comes that is that of all that follows. */
    private static boolean contentFollows(MessageReader in) {
        if (in.peek() < '0' || in.peek() > '9') {
            return false;
        }
        long size = in.digits(1, 10);
        return in.accept(" content:") && size == in.remaining();
    }
}
