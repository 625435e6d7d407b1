package warp.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row in the order of its {@link Relation}'s columns: one array of bytes with
 * offsets into it, so that a row costs three objects however many columns it has.
 *
 * <p>A value is the text form of its type in UTF-8, or {@code NULL}, or <em>unchanged</em>: a
 * TOASTed value that an UPDATE did not touch and that the log therefore does not hold. The arrays
 * are shared, not copied; nobody writes to them after construction, so a tuple may pass between
 * threads.
 */
public final class Tuple {

    private static final int NULL = -1;
    private static final int UNCHANGED = -2;

    private final byte[] data;
    private final int[] offsets;
    private final int[] lengths;

    private Tuple(byte[] data, int[] offsets, int[] lengths) {
        this.data = data;
        this.offsets = offsets;
        this.lengths = lengths;
    }

    /** A tuple of texts; {@code null} stands for NULL. For tests and rare paths. */
    public static Tuple ofTexts(@Nullable String... values) {
        Builder builder = new Builder(values.length, 64);
        for (String value : values) {
            if (value == null) {
                builder.addNull();
            } else {
                builder.add(value.getBytes(StandardCharsets.UTF_8));
            }
        }
        return builder.build();
    }

    /** How many columns it has. */
    public int size() {
        return lengths.length;
    }

    public boolean isNull(int column) {
        return lengths[column] == NULL;
    }

    public boolean isUnchanged(int column) {
        return lengths[column] == UNCHANGED;
    }

    /** Whether the column has bytes: neither NULL nor unchanged. */
    public boolean hasValue(int column) {
        return lengths[column] >= 0;
    }

    /** Where the value starts in {@link #data}; only where {@link #hasValue}. */
    public int offset(int column) {
        return offsets[column];
    }

    /** The bytes of the value; only where {@link #hasValue}. */
    public int length(int column) {
        return lengths[column];
    }

    /** The bytes of every value. Not to be written to. */
    public byte[] data() {
        return data;
    }

    /** The value as text; null for NULL. Not for the hot path. */
    public @Nullable String text(int column) {
        return hasValue(column)
                ? new String(data, offsets[column], lengths[column], StandardCharsets.UTF_8)
                : null;
    }

    /** Whether a column is the same in another tuple: NULL in both, or equal bytes in both. */
    public boolean sameValue(int column, Tuple that) {
        if (!hasValue(column) || !that.hasValue(column)) {
            return isNull(column) && that.isNull(column);
        }
        return Arrays.equals(
                data,
                offsets[column],
                offsets[column] + lengths[column],
                that.data,
                that.offsets[column],
                that.offsets[column] + that.lengths[column]);
    }

    /** Bytes of heap this row holds on to, roughly; for bounding queues. */
    public int heapBytes() {
        int bytes = 64 + lengths.length * 8;
        for (int length : lengths) {
            bytes += Math.max(length, 0);
        }
        return bytes;
    }

    /** Same number of columns, same values. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Tuple that) || that.size() != size()) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            if (lengths[i] != that.lengths[i]) {
                return false;
            }
            if (hasValue(i)
                    && !Arrays.equals(
                            data,
                            offsets[i],
                            offsets[i] + lengths[i],
                            that.data,
                            that.offsets[i],
                            that.offsets[i] + lengths[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < size(); i++) {
            hash = hash * 31 + lengths[i];
            for (int k = 0; k < Math.max(lengths[i], 0); k++) {
                hash = hash * 31 + data[offsets[i] + k];
            }
        }
        return hash;
    }

    /** Counts only: values never reach a log. */
    @Override
    public String toString() {
        return "Tuple[" + size() + " columns]";
    }

    /** Fills a tuple column by column. Not for use by several threads. */
    public static final class Builder {
        private final int[] offsets;
        private final int[] lengths;
        private byte[] data;
        private int column;
        private int used;

        public Builder(int columns, int bytesExpected) {
            this.offsets = new int[columns];
            this.lengths = new int[columns];
            this.data = new byte[bytesExpected];
        }

        /**
         * A builder whose values stand in {@code shared} already and are added by {@link
         * #addShared}.
         */
        public Builder(int columns, byte[] shared) {
            this.offsets = new int[columns];
            this.lengths = new int[columns];
            this.data = shared;
            this.used = shared.length;
        }

        public Builder addNull() {
            lengths[column++] = NULL;
            return this;
        }

        public Builder addUnchanged() {
            lengths[column++] = UNCHANGED;
            return this;
        }

        /** A value that stands at {@code offset} of the shared array. */
        public Builder addShared(int offset, int length) {
            offsets[column] = offset;
            lengths[column++] = length;
            return this;
        }

        public Builder add(byte[] value) {
            return add(value, 0, value.length);
        }

        /** Copies a value in. */
        public Builder add(byte[] value, int offset, int length) {
            if (used + length > data.length) {
                data = Arrays.copyOf(data, Math.max(data.length * 2, used + length));
            }
            System.arraycopy(value, offset, data, used, length);
            offsets[column] = used;
            lengths[column++] = length;
            used += length;
            return this;
        }

        /**
         * The tuple.
         *
         * @throws IllegalStateException where columns are missing
         */
        public Tuple build() {
            if (column != lengths.length) {
                throw new IllegalStateException(
                        column + " of " + lengths.length + " columns given");
            }
            return new Tuple(data, offsets, lengths);
        }
    }
}
