package warp.sql;

/**
 * Runs a statement whose text must not be read: one with a password, or the hash of one. A server
 * with {@code log_statement} writes what it is sent into its log, arguments included, and shows it
 * in {@code pg_stat_activity}; not so what comes as rows of COPY. So the statement comes as a row
 * of a temporary table, and a block of PL/pgSQL, which is all that is seen, executes it. What it
 * raises is raised again without the context, which quotes the statement.
 */
public final class ConcealedStatements {

    private static final String TABLE = "pg_temp.warp_concealed";

    /** First: a place for the row, empty, whatever went before. */
    public static final String PREPARE =
            "DROP TABLE IF EXISTS "
                    + TABLE
                    + "; CREATE TEMPORARY TABLE "
                    + TABLE
                    + " (statement pg_catalog.text)";

    /** Second, with {@link #row} as its data. */
    public static final String COPY = "COPY " + TABLE + " FROM STDIN";

    /** Third: does it. */
    public static final String EXECUTE =
            "DO $warp$ DECLARE concealed pg_catalog.text; BEGIN SELECT statement INTO STRICT"
                    + " concealed FROM "
                    + TABLE
                    + "; EXECUTE concealed; EXCEPTION WHEN OTHERS THEN RAISE EXCEPTION USING"
                    + " ERRCODE = SQLSTATE, MESSAGE = SQLERRM; END $warp$";

    /** Last, whether it was done or not. */
    public static final String FORGET = "DROP TABLE IF EXISTS " + TABLE;

    private ConcealedStatements() {}

    /** The statement as a row of COPY ("File Formats", Text Format, in the manual). */
    public static String row(String statement) {
        return statement
                        .replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t")
                + "\n";
    }
}
