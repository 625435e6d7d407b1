package warp.sql;

import java.util.List;

/**
 * The text of a statement with parameters {@code $1} and up.
 *
 * @param parameterOids the type of each parameter; 0 lets the server infer it
 */
public record RowStatement(String sql, List<Integer> parameterOids) {

    public RowStatement {
        parameterOids = List.copyOf(parameterOids);
    }
}
