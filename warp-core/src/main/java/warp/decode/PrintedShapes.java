package warp.decode;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.TableName;

/**
 * The relations that test_decoding has printed so far, found by the very bytes of the table's name
 * the columns' headings, and whether they are all of them. Those bytes delimit themselves, so two
 * shapes never share a key.
 */
final class PrintedShapes {

    /**
     * Limits the memory: a table without NOT NULL and with REPLICA IDENTITY FULL can have a shape a
     * DELETE. When it is reached, all are forgotten and given out anew.
     */
    private static final int SHAPES_MAX = 10_000;

    /** After the name: a whole row, or a part of one. */
    private static final byte[] WHOLE = {':'};

    private static final byte[] PART = {'.'};

    private final Map<ByteBuffer, Relation> shapes = new HashMap<>();
    private byte[] key = new byte[1024];
    private int keyLength;

    /**
     * The relation of a row.
     *
     * @param whole whether every live column is printed
     */
    Relation of(MessageReader in, Span table, PrintedRow row, boolean whole) {
        startKey(in, table, whole);
        for (int i = 0; i < row.size(); i++) {
            addToKey(in.data(), row.headingStart(i), row.headingEnd(i));
        }
        Relation known = shapes.get(ByteBuffer.wrap(key, 0, keyLength));
        return known != null ? known : remember(describe(in, table, row, whole));
    }

    /** A relation of no columns: TRUNCATE prints none. */
    Relation of(MessageReader in, Span table) {
        startKey(in, table, false);
        Relation known = shapes.get(ByteBuffer.wrap(key, 0, keyLength));
        return known != null ? known : remember(relation(in, table, List.of(), false));
    }

    /** Separates the name from the first heading, else "b" with "cd" would be "bc" with "d". */
    private void startKey(MessageReader in, Span table, boolean whole) {
        keyLength = 0;
        addToKey(in.data(), table.from(), table.nameEnd());
        byte[] separator = whole ? WHOLE : PART;
        addToKey(separator, 0, separator.length);
    }

    private void addToKey(byte[] data, int from, int to) {
        int length = to - from;
        if (length > key.length - keyLength) {
            key = Arrays.copyOf(key, Math.max(key.length * 2, keyLength + length));
        }
        System.arraycopy(data, from, key, keyLength, length);
        keyLength += length;
    }

    private Relation remember(Relation relation) {
        if (shapes.size() == SHAPES_MAX) {
            shapes.clear();
        }
        shapes.put(ByteBuffer.wrap(Arrays.copyOf(key, keyLength)), relation);
        return relation;
    }

    private static Relation describe(MessageReader in, Span table, PrintedRow row, boolean whole) {
        List<RelationColumn> columns = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            int from = row.headingStart(i);
            String name = PrintedName.read(in, from, row.nameEnd(i) - from);
            columns.add(new RelationColumn(name, false, 0, -1));
        }
        return relation(in, table, columns, whole);
    }

    private static Relation relation(
            MessageReader in, Span table, List<RelationColumn> columns, boolean whole) {
        String schema = PrintedName.read(in, table.from(), table.dot() - table.from());
        String name = PrintedName.read(in, table.dot() + 1, table.nameEnd() - table.dot() - 1);
        return new Relation(
                0, new TableName(schema, name), ReplicaIdentity.DEFAULT, false, whole, columns);
    }

    /** Where a qualified name stands: its dot, and the end of the name. */
    record Span(int from, int dot, int nameEnd) {

        /** Reads {@code schema.name}. */
        static Span read(MessageReader in) {
            int from = in.position();
            PrintedName.skip(in);
            int dot = in.position();
            in.expect(".");
            PrintedName.skip(in);
            return new Span(from, dot, in.position());
        }
    }
}
