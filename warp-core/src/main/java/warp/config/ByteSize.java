package warp.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * An amount of bytes as people write it, in PostgreSQL's units: {@code kB}, {@code MB}, {@code GB},
 * {@code TB}, each 1024 times the one before ("Parameter Names and Values" in the manual). The unit
 * is never left out: a bare number would be bytes to one and megabytes to another.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) {

    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)\\s*([kMGT]?B)", Pattern.CASE_INSENSITIVE);
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a negative size: " + bytes);
        }
    }

    public static ByteSize megabytes(long number) {
        return new ByteSize(number << 20);
    }

    /**
     * Reads {@code 10GB} or {@code 1.5 GB}, in any case.
     *
     * @param name what to call the setting in the error: {@code --max-source-wal}
     * @throws WarpException of the given code where it is no size, or less than {@code least}
     */
    public static ByteSize parse(String text, String name, ByteSize least, ErrorCode code) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            int unit = unit(matcher.group(2));
            BigDecimal bytes =
                    new BigDecimal(matcher.group(1))
                            .multiply(BigDecimal.valueOf(1L << (10 * unit)));
            boolean fits = bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
            if (fits && bytes.longValue() >= least.bytes) {
                return new ByteSize(bytes.longValue());
            }
        }
        throw new WarpException(
                code, name + " needs a size of at least " + least + ", such as 500MB or 10GB");
    }

    private static int unit(String name) {
        for (int i = 0; i < UNITS.size(); i++) {
            if (UNITS.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** As it is written, in the largest unit that needs no more than three decimals. */
    @Override
    public String toString() {
        for (int unit = UNITS.size() - 1; unit > 0; unit--) {
            BigDecimal number =
                    BigDecimal.valueOf(bytes)
                            .divide(BigDecimal.valueOf(1L << (10 * unit)), 3, RoundingMode.DOWN);
            boolean exact =
                    number.multiply(BigDecimal.valueOf(1L << (10 * unit)))
                                    .compareTo(BigDecimal.valueOf(bytes))
                            == 0;
            if (exact && number.compareTo(BigDecimal.ONE) >= 0) {
                return number.stripTrailingZeros().toPlainString() + UNITS.get(unit);
            }
        }
        return bytes + "B";
    }

    /** For a person to read, rounded: {@code 10.2 GB}. */
    public String rounded() {
        int unit = 0;
        double number = bytes;
        while (number >= 999.5 && unit < UNITS.size() - 1) {
            number /= 1024;
            unit++;
        }
        return String.format(
                Locale.ROOT,
                number < 9.95 && unit > 1 ? "%.1f %s" : "%.0f %s",
                number,
                UNITS.get(unit));
    }
}
