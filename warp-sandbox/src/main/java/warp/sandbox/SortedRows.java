package warp.sandbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a query as texts, in the order of their texts, fetched a hundred at a time. */
final class SortedRows implements AutoCloseable {

    private static final int FETCH_ROWS = 100;
    private static final int SHOWN_CHARACTERS_MAX = 60;

    private final Statement statement;
    private final ResultSet rows;
    private final int columns;
    private @Nullable String @Nullable [] row;

    /** Runs the query, which must be in a transaction, and goes to the first row. */
    SortedRows(Connection connection, String query, int columns) throws SQLException {
        this.columns = columns;
        this.statement = connection.createStatement();
        try {
            statement.setFetchSize(FETCH_ROWS);
            this.rows = statement.executeQuery(query);
            advance();
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    boolean atEnd() {
        return row == null;
    }

    void advance() throws SQLException {
        if (!rows.next()) {
            row = null;
            return;
        }
        @Nullable String[] next = new String[columns];
        for (int i = 0; i < columns; i++) {
            next[i] = rows.getString(i + 1);
        }
        row = next;
    }

    /** Below, at or above 0 as this row comes before, with or after the other; the end is last. */
    int compareWith(SortedRows other) {
        @Nullable String @Nullable [] mine = row;
        @Nullable String @Nullable [] theirs = other.row;
        if (mine == null || theirs == null) {
            return Boolean.compare(mine == null, theirs == null);
        }
        for (int i = 0; i < columns; i++) {
            int order = compare(mine[i], theirs[i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** As UTF-8's bytes compare, that is by code points; null first. */
    private static int compare(@Nullable String left, @Nullable String right) {
        if (left == null || right == null) {
            return Boolean.compare(left != null, right != null);
        }
        int mismatch = -1;
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length && mismatch < 0; i++) {
            if (left.charAt(i) != right.charAt(i)) {
                mismatch = i;
            }
        }
        if (mismatch < 0) {
            return Integer.compare(left.length(), right.length());
        }
        char one = left.charAt(mismatch);
        char two = right.charAt(mismatch);
        // surrogates stand for code points above all others
        return Character.isSurrogate(one) == Character.isSurrogate(two)
                ? Character.compare(one, two)
                : Boolean.compare(Character.isSurrogate(one), Character.isSurrogate(two));
    }

    /** The row with the columns' names, long values shortened. */
    String show(List<String> names) {
        StringBuilder text = new StringBuilder("(");
        @Nullable String @Nullable [] shown = row;
        for (int i = 0; shown != null && i < columns; i++) {
            String value = shown[i];
            text.append(i == 0 ? "" : ", ").append(names.get(i)).append('=');
            if (value == null || value.length() <= SHOWN_CHARACTERS_MAX) {
                text.append(value);
            } else {
                text.append(value, 0, SHOWN_CHARACTERS_MAX)
                        .append("… (")
                        .append(value.length())
                        .append(" characters, hash ")
                        .append(Integer.toHexString(value.hashCode()))
                        .append(')');
            }
        }
        return text.append(')').toString();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
