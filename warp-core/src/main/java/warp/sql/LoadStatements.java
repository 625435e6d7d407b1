package warp.sql;

/** Statements that ask the source how busy it is. */
public final class LoadStatements {

    /** Begins a transaction's work with what is not Warp's own: no writes, nothing that lasts. */
    public static final String CAREFULLY =
            "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout"
                    + " = '1s'; SET LOCAL search_path = \"$user\", public";

    private LoadStatements() {}

    /**
     * Asks a query that a person gave for its only value, as {@code answer}.
     *
     * @param query may end in a semicolon or a comment
     */
    public static String answer(String query) {
        return "SELECT (" + query.strip().replaceFirst(";+\\s*$", "") + "\n)::text AS answer";
    }
}
