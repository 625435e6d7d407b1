package warp.model;

import java.util.List;
import java.util.Optional;

/**
 * What a table of the source was like when its rows and its changes last fitted the destination:
 * what tells an added column from a renamed one, and a rewritten table from one that only looks the
 * same.
 *
 * @param name as the migration calls the table, also after the source has renamed it
 * @param oid {@code pg_class.oid}
 * @param fileNode {@code pg_class.relfilenode}: another one, and the rows were written anew without
 *     a word in the log
 * @param lastNumber the highest number a column has had, dropped ones included
 * @param columns live columns, generated ones included, in order of their numbers
 */
public record KnownTable(
        TableName name, int oid, int fileNode, int lastNumber, List<KnownColumn> columns) {

    public KnownTable {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param number {@code attnum}, which a column keeps all its life; 0 where not known
     * @param typeOid {@code atttypid}; 0 where not known
     * @param typeModifier {@code atttypmod}
     */
    public record KnownColumn(int number, int typeOid, int typeModifier, String name) {}

    /** The column of that name. */
    public Optional<KnownColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** The column of that number. */
    public Optional<KnownColumn> numbered(int number) {
        return columns.stream()
                .filter(column -> number != 0 && column.number() == number)
                .findFirst();
    }
}
