package warp.apply;

import java.util.Arrays;
import warp.model.Tuple;

/** Writes an array's text form ("Array Input and Output Syntax"), value by value. Reused. */
final class ArrayText {

    private static final int KEPT_BYTES = 1 << 20;
    private static final byte[] NULL = {'N', 'U', 'L', 'L'};

    private byte[] bytes = new byte[1 << 14];
    private int length;

    void begin() {
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[1 << 14];
        }
        length = 0;
        bytes[length++] = '{';
    }

    /** The next element is a column of a row that is not unchanged. */
    void add(Tuple row, int column) {
        if (row.isNull(column)) {
            ensure(NULL.length + 1);
            System.arraycopy(NULL, 0, bytes, length, NULL.length);
            length += NULL.length;
        } else {
            add(row.data(), row.offset(column), row.length(column));
        }
        bytes[length++] = ',';
    }

    private void add(byte[] data, int from, int count) {
        ensure(2 * count + 3);
        if (isPlain(data, from, count)) {
            System.arraycopy(data, from, bytes, length, count);
            length += count;
            return;
        }
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        for (int i = from; i < from + count; i++) {
            byte value = data[i];
            if (value == '"' || value == '\\') {
                to[at++] = '\\';
            }
            to[at++] = value;
        }
        to[at++] = '"';
        length = at;
    }

    /** Numbers stand without quotes, which the server reads faster. */
    private static boolean isPlain(byte[] data, int from, int count) {
        if (count == 0 || count > 20) {
            return false;
        }
        for (int i = from; i < from + count; i++) {
            if ((data[i] < '0' || data[i] > '9') && data[i] != '-') {
                return false;
            }
        }
        return true;
    }

    /** After at least one element. */
    void end() {
        bytes[length - 1] = '}';
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
