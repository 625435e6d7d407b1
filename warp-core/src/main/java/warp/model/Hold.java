package warp.model;

import java.util.List;

/**
 * A table whose changes are kept in {@code warp.held} instead of being applied, from one change on,
 * until it fits again.
 *
 * @param table as the migration calls it; may be one that the migration does not know (yet)
 * @param reason one sentence without a full stop
 * @param statements what a person can run, in order; empty where only the reason helps
 * @param needsCopy whether the table is to be copied again before changes are applied to it
 */
public record Hold(TableName table, String reason, List<String> statements, boolean needsCopy) {

    public Hold {
        statements = List.copyOf(statements);
    }

    /** For other reasons. */
    public Hold because(String other, List<String> advice) {
        return new Hold(table, other, advice, needsCopy);
    }
}
