package warp.model;

import java.util.List;
import java.util.Optional;

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
        boolean rowSecurityForced) {

    public Table {
        columns = List.copyOf(columns);
        keyColumns = List.copyOf(keyColumns);
    }

    /** The columns whose values travel: all but the generated ones. */
    public List<Column> copiedColumns() {
        return columns.stream().filter(column -> !column.generated()).toList();
    }

    public Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /**
     * Whether UPDATE and DELETE of this table can be replicated: there is a key, or every column is
     * logged.
     */
    public boolean hasUsableIdentity() {
        return identity == ReplicaIdentity.FULL || !keyColumns.isEmpty();
    }
}
