package warp.decode;

import java.util.Arrays;
import warp.model.Tuple;

/**
 * One row as test_decoding prints it, {@code id[integer]:1 name[text]:'it''s'}, as positions in the
 * message. Used again for every message, so that scanning a row reserves nothing.
 *
 * <p>The name and the type of a column together, up to the colon, are its <em>heading</em>. The
 * server prints equal columns alike, so headings are compared as bytes and read only once.
 */
final class PrintedRow {

    private static final int NULL = -1;
    private static final int UNCHANGED = -2;

    private int size;
    private boolean quotesDoubled;
    private int[] nameEnds = new int[32];
    private int[] headingStarts = new int[32];
    private int[] headingEnds = new int[32];
    private int[] valueStarts = new int[32];
    private int[] valueLengths = new int[32];

    int size() {
        return size;
    }

    int headingStart(int column) {
        return headingStarts[column];
    }

    /** Index of the bracket between name and type. */
    int nameEnd(int column) {
        return nameEnds[column];
    }

    /** Index after the colon. */
    int headingEnd(int column) {
        return headingEnds[column];
    }

    /**
     * Reads columns up to the end of the message, or up to {@code new-tuple:}, which cannot be a
     * column: such a name would be quoted.
     */
    void read(MessageReader in) {
        size = 0;
        quotesDoubled = false;
        while (!in.atEnd() && !in.comes(" new-tuple:")) {
            in.expect(" ");
            if (size == headingStarts.length) {
                grow();
            }
            readHeading(in);
            readValue(in);
            size++;
        }
    }

    private void readHeading(MessageReader in) {
        headingStarts[size] = in.position();
        PrintedName.skip(in);
        nameEnds[size] = in.position();
        PrintedName.skipType(in);
        in.expect(":");
        headingEnds[size] = in.position();
    }

    private void readValue(MessageReader in) {
        int from = in.position();
        if (in.accept("B'")) {
            valueStarts[size] = in.position();
            valueLengths[size] = quoted(in);
        } else if (in.accept("'")) {
            valueStarts[size] = in.position();
            valueLengths[size] = quoted(in);
        } else {
            while (!in.atEnd() && in.peek() != ' ') {
                in.advance(1);
            }
            valueStarts[size] = from;
            valueLengths[size] = bare(in, from, in.position() - from);
        }
    }

    private static int bare(MessageReader in, int from, int length) {
        if (is(in, from, length, "null")) {
            return NULL;
        }
        if (is(in, from, length, "unchanged-toast-datum")) {
            return UNCHANGED;
        }
        if (length == 0) {
            throw in.malformed("a column without a value");
        }
        return length;
    }

    private static boolean is(MessageReader in, int from, int length, String word) {
        if (length != word.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (in.data()[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Reads up to the closing quote, and that; the length without it, doubled quotes as two. */
    private int quoted(MessageReader in) {
        int from = in.position();
        while (true) {
            if (in.atEnd()) {
                throw in.malformed("a quoted value does not end");
            }
            if (in.uint8() == '\'') {
                if (in.peek() != '\'') {
                    return in.position() - 1 - from;
                }
                in.advance(1);
                quotesDoubled = true;
            }
        }
    }

    /** The row as a tuple of its own columns. */
    Tuple tuple(byte[] data) {
        Tuple.Builder tuple = builder(data, size);
        for (int i = 0; i < size; i++) {
            add(tuple, data, i);
        }
        return tuple.build();
    }

    /**
     * The row as a tuple of the columns of {@code whole}, of which this one has some, in the same
     * order; NULL stands for the others.
     */
    Tuple tupleAlignedTo(PrintedRow whole, MessageReader in) {
        byte[] data = in.data();
        Tuple.Builder tuple = builder(data, whole.size);
        int next = 0;
        for (int i = 0; i < whole.size; i++) {
            if (next < size && sameHeading(next, whole, i, data)) {
                add(tuple, data, next++);
            } else {
                tuple.addNull();
            }
        }
        if (next != size) {
            throw in.malformed("the old key has a column that the new row has not");
        }
        return tuple.build();
    }

    private boolean sameHeading(int column, PrintedRow other, int otherColumn, byte[] data) {
        return Arrays.equals(
                data,
                headingStarts[column],
                headingEnds[column],
                data,
                other.headingStarts[otherColumn],
                other.headingEnds[otherColumn]);
    }

    /** Shares the message unless a value has a doubled quote to take out. */
    private Tuple.Builder builder(byte[] data, int columns) {
        if (!quotesDoubled) {
            return new Tuple.Builder(columns, data);
        }
        int bytes = 0;
        for (int i = 0; i < size; i++) {
            bytes += Math.max(valueLengths[i], 0);
        }
        return new Tuple.Builder(columns, bytes);
    }

    private void add(Tuple.Builder tuple, byte[] data, int column) {
        int from = valueStarts[column];
        int length = valueLengths[column];
        if (length == NULL) {
            tuple.addNull();
        } else if (length == UNCHANGED) {
            tuple.addUnchanged();
        } else if (!quotesDoubled) {
            tuple.addShared(from, length);
        } else if (data[from - 1] == '\'') {
            tuple.add(PrintedName.undoubled(data, from, length, '\''));
        } else {
            tuple.add(data, from, length);
        }
    }

    private void grow() {
        int columns = size * 2;
        nameEnds = Arrays.copyOf(nameEnds, columns);
        headingStarts = Arrays.copyOf(headingStarts, columns);
        headingEnds = Arrays.copyOf(headingEnds, columns);
        valueStarts = Arrays.copyOf(valueStarts, columns);
        valueLengths = Arrays.copyOf(valueLengths, columns);
    }
}
