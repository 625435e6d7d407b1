package warp.apply;

import java.util.List;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Side;
import warp.model.TableName;
import warp.postgres.ServerErrors;
import warp.postgres.wire.ServerError;
import warp.sql.Hints;
import warp.sql.Identifiers;
import warp.sql.SchemaStatements;

/** What can go wrong at the destination while changes are applied; never with a row's values. */
final class ApplyErrors {

    private ApplyErrors() {}

    /** A statement that must touch a number of rows touched another. */
    static WarpException wrongCount(
            Operation operation,
            TableName table,
            SourceTransaction transaction,
            long expected,
            long rows) {
        String found =
                expected > 1
                        ? "changed %d rows instead of %d".formatted(rows, expected)
                        : rows == 0
                                ? "found no row to change"
                                : "changed " + rows + " rows instead of one";
        return conflict("%s of %s in %s %s".formatted(operation, table, transaction, found))
                .hint(
                        "The row was changed at the destination by something else than this"
                                + " migration, or the table was not copied from this source.")
                .hint(
                        "Compare the table at both sides; to copy everything again, run with"
                                + " --clean, then start anew.");
    }

    /** A statement that must insert every row did not. */
    static WarpException leftOut(TableName table, SourceTransaction transaction, long rows) {
        return conflict("INSERT of %s in %s left %d rows out".formatted(table, transaction, rows))
                .hint("A trigger of the destination's table did: switch it off.");
    }

    /**
     * The server refused to change rows.
     *
     * @param table as the migration calls it
     */
    static RuntimeException rowRefused(
            Operation operation,
            TableName table,
            TableName destination,
            SourceTransaction transaction,
            ServerError error) {
        WarpException problem =
                refused(operation.toString(), destination.toString(), transaction, error);
        return TableRefused.isMeantBy(error.sqlState())
                ? new TableRefused(table, transaction.id(), problem)
                : problem;
    }

    /** The server refused a statement. */
    static WarpException refused(
            String operation, String table, SourceTransaction transaction, ServerError error) {
        ErrorCode code = ServerErrors.classify(error.sqlState());
        boolean constraint = error.sqlState().startsWith("23");
        WarpException result =
                new WarpException(
                                constraint ? ErrorCode.CONFLICT : code,
                                "%s of %s in %s failed: %s"
                                        .formatted(operation, table, transaction, said(error)))
                        .at(Side.DESTINATION)
                        .sqlState(error.sqlState());
        if (error.hint() != null) {
            result.hint(error.hint());
        }
        if (code == ErrorCode.PRIVILEGE) {
            result.hint(
                    "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON "
                            + table
                            + " TO the role that Warp has at the destination");
        } else if (code == ErrorCode.OUT_OF_SPACE || code == ErrorCode.READ_ONLY) {
            ServerErrors.advised(result);
        }
        if (constraint) {
            result.hint(
                    "The destination has a row or a constraint that the source has not: compare the"
                            + " table at both sides; to copy everything again, run with --clean,"
                            + " then start anew.");
        }
        return result;
    }

    /** Messages about bad data quote the value: everything in quotes is left out. */
    private static String said(ServerError error) {
        int from = error.message().indexOf('"');
        int to = error.message().lastIndexOf('"');
        return error.sqlState().startsWith("22") && to > from
                ? error.message().substring(0, from + 1) + "…" + error.message().substring(to)
                : error.message();
    }

    /** A row that goes to another shard is written whole, but some of it was not sent. */
    static WarpException movedInPart(Relation relation, SourceTransaction transaction) {
        return conflict(
                        "%s takes a row of table %s to another shard, but does not say all of its values: those stored apart that did not change are left out"
                                .formatted(transaction, relation.name()))
                .hint(
                        "ALTER TABLE "
                                + Identifiers.qualified(relation.name())
                                + " REPLICA IDENTITY FULL; at the source lets later changes say"
                                + " them. This one must be copied again: run with --clean, then"
                                + " start anew.");
    }

    static Misfit missingColumn(
            TableName table, String column, String type, TableName destination) {
        return new Misfit(
                "table %s has a column %s at the source but not at the destination"
                        .formatted(table, column),
                List.of(Hints.addColumn(destination, column, type)));
    }

    static Misfit unidentified(Operation operation, Relation relation) {
        return new Misfit(
                "%s of %s does not say which row: the table has no key at the source"
                        .formatted(operation, relation.name()),
                List.of(Hints.identityFull(relation.name())));
    }

    /** A partition was truncated, and at the destination nothing tells its rows from the others. */
    static WarpException partTruncated(TargetRelation target, SourceTransaction transaction) {
        return conflict(
                        "%s truncates %s, whose rows stand in %s among those of other partitions, and nothing tells them apart"
                                .formatted(
                                        transaction,
                                        target.relation().name(),
                                        target.destination().name()))
                .hint("Begin anew with --clean; use DELETE instead of TRUNCATE until the end.");
    }

    /** A column that decides which rows take part has been dropped or renamed. */
    static WarpException filterColumnGone(
            TableName table, String column, SourceTransaction transaction) {
        return new WarpException(
                        ErrorCode.CONFLICT,
                        "the filter of table %s names column \"%s\", which %s does not send any more"
                                .formatted(table, column, transaction))
                .at(Side.SOURCE)
                .hint("Begin anew with --clean and with a filter over the columns there are now.");
    }

    /** A row of a filtered table comes in, and the stream does not send all of it. */
    static WarpException unknownValue(Relation relation, SourceTransaction transaction) {
        return conflict(
                        "UPDATE of %s in %s lets a row in, but a large value that it did not change"
                                        .formatted(relation.name(), transaction)
                                + " is not in the source's log")
                .hint(
                        "Run at the source: %s; then begin anew with --clean."
                                .formatted(SchemaStatements.replicaIdentityFull(relation.name())));
    }

    static WarpException incompleteRow(Relation relation, SourceTransaction transaction) {
        return new WarpException(
                        ErrorCode.MALFORMED,
                        "INSERT into %s in %s lacks a value"
                                .formatted(relation.name(), transaction))
                .at(Side.SOURCE);
    }

    static WarpException outOfOrder(Lsn end, Lsn before) {
        return new WarpException(
                        ErrorCode.STATE,
                        "the stream went back: a transaction that ends at %s came after %s"
                                .formatted(end, before))
                .at(Side.SOURCE)
                .hint("The source may have been restored to an earlier state: begin anew.");
    }

    /** The progress is not where this applier left it. */
    static WarpException progressMoved(String slot, Lsn expected) {
        return new WarpException(
                        ErrorCode.STATE,
                        "the progress of slot %s at the destination is not at %s any more"
                                .formatted(slot, expected))
                .at(Side.DESTINATION)
                .hint("Another Warp may be at work with this slot: end it, then start again.");
    }

    static WarpException inUse(String slot) {
        return new WarpException(
                        ErrorCode.STATE,
                        "another session applies the changes of slot %s".formatted(slot))
                .at(Side.DESTINATION)
                .hint("Another Warp is at work with this slot: end it, then start again.");
    }

    static WarpException unknownSlot(String slot) {
        return new WarpException(
                        ErrorCode.STATE,
                        "the destination has no progress for slot %s".formatted(slot))
                .at(Side.DESTINATION)
                .hint("The migration was never begun here, or was cleaned up: begin anew.");
    }

    static WarpException truncateRefused(
            List<TableName> tables, SourceTransaction transaction, ServerError error) {
        String names = String.join(", ", tables.stream().map(TableName::toString).toList());
        return refused("TRUNCATE", names, transaction, error);
    }

    private static WarpException conflict(String message) {
        return new WarpException(ErrorCode.CONFLICT, message).at(Side.DESTINATION);
    }
}
