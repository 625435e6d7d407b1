package warp.postgres;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;

/**
 * One row of a catalog query, detached from its connection. Columns are found by name.
 *
 * <p>The accessors throw {@link IllegalStateException} for a column that the query does not have or
 * that is NULL: both are mistakes in the query, not in the data; {@link #optionalText} is for what
 * may be NULL.
 */
public final class Row {

    private final Map<String, @Nullable Object> values;

    private Row(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    static Row read(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        Map<String, @Nullable Object> values = HashMap.newHashMap(columns.getColumnCount());
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            values.put(columns.getColumnLabel(i), detached(result.getObject(i)));
        }
        return new Row(values);
    }

    private static @Nullable Object detached(@Nullable Object value) throws SQLException {
        if (value instanceof Array array) {
            List<String> texts = new ArrayList<>();
            for (Object element : (Object[]) array.getArray()) {
                texts.add(String.valueOf(element));
            }
            return List.copyOf(texts);
        }
        return value;
    }

    public String text(String column) {
        return require(column).toString();
    }

    public Optional<String> optionalText(String column) {
        if (!values.containsKey(column)) {
            throw new IllegalStateException("the query has no column " + column);
        }
        return Optional.ofNullable(values.get(column)).map(Object::toString);
    }

    public boolean flag(String column) {
        return (Boolean) require(column);
    }

    public int integer(String column) {
        return Math.toIntExact(number(column));
    }

    /** An OID: unsigned 32 bits kept in an int. */
    public int oid(String column) {
        return (int) number(column);
    }

    public long number(String column) {
        Object value = require(column);
        return switch (value) {
            case BigDecimal decimal -> decimal.longValueExact();
            case Number number -> number.longValue();
            default -> Long.parseLong(value.toString());
        };
    }

    /** The bytes of a bytea. */
    public byte[] bytes(String column) {
        return (byte[]) require(column);
    }

    public double real(String column) {
        return ((Number) require(column)).doubleValue();
    }

    public Lsn lsn(String column) {
        return Lsn.parse(text(column));
    }

    /** The elements of an array column as texts. */
    @SuppressWarnings("unchecked")
    public List<String> texts(String column) {
        return (List<String>) require(column);
    }

    private Object require(String column) {
        Object value = values.get(column);
        if (value == null) {
            throw new IllegalStateException(
                    "the query gave no value for " + column + " among " + values.keySet());
        }
        return value;
    }
}
