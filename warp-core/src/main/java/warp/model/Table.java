package warp.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table at one side, as its catalog describes it: ordinary or a leaf partition; at the
 * destination a partitioned one as well, which sends each row on to the partition it belongs to.
 *
 * @param oid {@code pg_class.oid} at that side
 * @param columns live columns, in order of their numbers; may be empty
 * @param identity the replica identity declared
 * @param keyColumns names of the columns that identify a row in the change stream: of the primary
 *     key for DEFAULT, of the index for INDEX; empty for FULL, NOTHING, and DEFAULT without a
 *     primary key
 * @param bytes size on disk, TOAST included, indexes not ({@code pg_table_size}); 0 or more
 * @param heapPages pages of the main fork, by {@code pg_relation_size}; 0 or more
 * @param rowsEstimated {@code reltuples}; -1 where never analysed
 * @param partition whether it is a leaf of a partitioned table
 * @param partitioned whether it is a partitioned table: it holds no row itself, so that ONLY would
 *     find none, and a ctid names a row only together with a tableoid
 * @param rowSecurity whether row-level security is enabled
 * @param rowSecurityForced whether it holds for the owner as well
 * @param distribution where Citus keeps its rows; null where they are in its own file
 */
public record Table(
        int oid,
        TableName name,
        List<Column> columns,
        ReplicaIdentity identity,
        List<String> keyColumns,
        long bytes,
        long heapPages,
        double rowsEstimated,
        boolean partition,
        boolean partitioned,
        boolean rowSecurity,
        boolean rowSecurityForced,
        @Nullable Distribution distribution) {

    /** One whose rows are in its own file, as of every server without Citus. */
    public Table(
            int oid,
            TableName name,
            List<Column> columns,
            ReplicaIdentity identity,
            List<String> keyColumns,
            long bytes,
            long heapPages,
            double rowsEstimated,
            boolean partition,
            boolean partitioned,
            boolean rowSecurity,
            boolean rowSecurityForced) {
        this(
                oid,
                name,
                columns,
                identity,
                keyColumns,
                bytes,
                heapPages,
                rowsEstimated,
                partition,
                partitioned,
                rowSecurity,
                rowSecurityForced,
                null);
    }

    public Table {
        columns = List.copyOf(columns);
        keyColumns = List.copyOf(keyColumns);
    }

    /** The same under another name. */
    public Table named(TableName other) {
        return new Table(
                oid,
                other,
                columns,
                identity,
                keyColumns,
                bytes,
                heapPages,
                rowsEstimated,
                partition,
                partitioned,
                rowSecurity,
                rowSecurityForced,
                distribution);
    }

    /** The columns whose values travel: all but the generated ones. */
    public List<Column> copiedColumns() {
        return columns.stream().filter(column -> !column.generated()).toList();
    }

    public Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /**
     * Whether it may hold rows, as far as its file tells: not at all of a partitioned one, or of
     * one that Citus has spread.
     */
    public boolean mayHoldRows() {
        return heapPages > 0 || partitioned || distribution != null;
    }

    /** The column by whose value Citus chooses the shard; empty where there is none. */
    public Optional<String> distributionColumn() {
        return distribution instanceof Distribution.ByColumn by
                ? Optional.of(by.column())
                : Optional.empty();
    }

    /**
     * Whether UPDATE and DELETE of this table can be replicated: there is a key, or every column is
     * logged.
     */
    public boolean hasUsableIdentity() {
        return identity == ReplicaIdentity.FULL || !keyColumns.isEmpty();
    }
}
