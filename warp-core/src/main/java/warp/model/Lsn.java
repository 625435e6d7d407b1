package warp.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the write-ahead log: {@code pg_lsn}, an unsigned 64-bit count of bytes.
 *
 * <p>Ordered as unsigned. The text form is PostgreSQL's: two hexadecimal numbers with a slash
 * ("pg_lsn Type" in the manual).
 */
public record Lsn(long value) implements Comparable<Lsn> {

    /** {@code 0/0}: no position; before every real one. */
    public static final Lsn NONE = new Lsn(0);

    private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    /**
     * Reads {@code 16/B374D848}.
     *
     * @throws IllegalArgumentException where the text is not an LSN
     */
    public static Lsn parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an LSN: " + text);
        }
        long high = Long.parseLong(matcher.group(1), 16);
        long low = Long.parseLong(matcher.group(2), 16);
        return new Lsn(high << 32 | low);
    }

    public boolean isNone() {
        return value == 0;
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    /** The later of the two. */
    public Lsn max(Lsn other) {
        return isBefore(other) ? other : this;
    }

    /** Bytes of log from {@code earlier} to this; 0 where this is not later. */
    public long bytesSince(Lsn earlier) {
        return isAfter(earlier) ? value - earlier.value : 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xFFFFFFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
