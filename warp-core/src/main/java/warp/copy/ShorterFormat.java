package warp.copy;

import warp.model.Table;
import warp.model.TablePair;
import warp.postgres.wire.WireSession;
import warp.sql.CopyStatements;
import warp.sql.CopyStatements.Format;

/**
 * Which form of a table's rows is shorter: small numbers are as text, times, uuid and bytea in
 * binary, where each value has its length before it ("COPY", File Formats). Some rows of the table
 * tell.
 */
final class ShorterFormat {

    private static final long SAMPLE_BYTES = 64 * 1024;
    private static final int ROWS_MIN = 10;
    private static final int ROWS_MAX = 500;

    /** Text that saves less than one byte in so many is not worth what parsing costs. */
    private static final int WORTH = 20;

    private ShorterFormat() {}

    /**
     * Looks at both.
     *
     * @param source sees the table; for the thread that reads it
     */
    static Format of(WireSession source, TablePair pair) {
        int rows = rows(pair.source());
        long binary = length(source, pair, Format.BINARY, rows);
        long text = length(source, pair, Format.TEXT, rows);
        return text < binary - binary / WORTH ? Format.TEXT : Format.BINARY;
    }

    /** Wide rows are few: the sample itself has to travel. */
    private static int rows(Table table) {
        if (table.rowsEstimated() < 1) {
            return ROWS_MIN;
        }
        double width = Math.max(1, table.bytes() / table.rowsEstimated());
        return (int) Math.clamp(SAMPLE_BYTES / width, ROWS_MIN, ROWS_MAX);
    }

    private static long length(WireSession source, TablePair pair, Format format, int rows) {
        long[] bytes = new long[1];
        source.copyOut(
                CopyStatements.copyOutSome(pair, format, rows),
                (_, _, length) -> bytes[0] += length,
                _ -> {});
        return bytes[0];
    }
}
