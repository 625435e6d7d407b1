package warp.apply;

import java.util.Arrays;
import warp.model.Tuple;
import warp.postgres.wire.Pipeline;

/** Writes rows in COPY's text format ("COPY", File Formats) into an open COPY. Reused. */
final class CopyText {

    /** What goes into one message, so that its header does not count. */
    private static final int PIECE_BYTES = 64 * 1024;

    private static final int KEPT_BYTES = 1 << 20;

    /** What a byte is written as behind a backslash; 0 for one that stands for itself. */
    private static final byte[] ESCAPES = new byte[256];

    static {
        ESCAPES['\\'] = '\\';
        ESCAPES['\t'] = 't';
        ESCAPES['\n'] = 'n';
        ESCAPES['\r'] = 'r';
    }

    private byte[] bytes = new byte[2 * PIECE_BYTES];
    private int length;

    /**
     * Writes rows.
     *
     * @param columns whose values are written, at least one; none of them is unchanged
     * @param plain of which columns no value has a byte that does not stand for itself
     */
    void write(Iterable<Tuple> rows, int[] columns, boolean[] plain, Pipeline into) {
        for (Tuple row : rows) {
            add(row, columns, plain);
            if (length >= PIECE_BYTES) {
                into.copyData(bytes, length);
                length = 0;
            }
        }
        if (length > 0) {
            into.copyData(bytes, length);
            length = 0;
        }
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[2 * PIECE_BYTES];
        }
    }

    private void add(Tuple row, int[] columns, boolean[] plain) {
        for (int column : columns) {
            int count = row.length(column);
            if (row.isNull(column)) {
                ensure(3);
                bytes[length++] = '\\';
                bytes[length++] = 'N';
            } else if (plain[column]) {
                ensure(count + 1);
                append(row.data(), row.offset(column), count);
            } else {
                ensure(2 * count + 1);
                addEscaped(row.data(), row.offset(column), row.offset(column) + count);
            }
            bytes[length++] = '\t';
        }
        bytes[length - 1] = '\n';
    }

    private void append(byte[] data, int from, int count) {
        System.arraycopy(data, from, bytes, length, count);
        length += count;
    }

    /** Runs of bytes that stand for themselves, which nearly all do, go together. */
    private void addEscaped(byte[] data, int from, int to) {
        int run = from;
        for (int i = from; i < to; i++) {
            byte escape = ESCAPES[data[i] & 0xFF];
            if (escape != 0) {
                append(data, run, i - run);
                bytes[length++] = '\\';
                bytes[length++] = escape;
                run = i + 1;
            }
        }
        append(data, run, to - run);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
