package warp.ddl;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.TableName;

/**
 * A table of the source as its catalog has it now.
 *
 * @param name as the source calls it
 * @param partitioned whether it has no rows of its own
 * @param identified whether its UPDATE and DELETE say which row
 * @param partition whether it is a partition
 * @param parent OID of what it is a partition of; 0 for none
 * @param lastNumber the highest number a column has had
 * @param columns as in {@link KnownTable}
 */
public record SourceTable(
        int oid,
        TableName name,
        boolean partitioned,
        int fileNode,
        boolean identified,
        boolean partition,
        int parent,
        int lastNumber,
        List<KnownColumn> columns) {

    public SourceTable {
        columns = List.copyOf(columns);
    }

    /** The column of that name. */
    public Optional<KnownColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** The column of that number. */
    public Optional<KnownColumn> numbered(int number) {
        return columns.stream().filter(column -> column.number() == number).findFirst();
    }

    /** The table as one that fits. */
    public KnownTable known(TableName name) {
        return new KnownTable(name, oid, fileNode, lastNumber, columns, List.of());
    }

    /**
     * The table as one that fits again.
     *
     * @param before what it was known as
     */
    public KnownTable known(KnownTable before) {
        return new KnownTable(before.name(), oid, fileNode, lastNumber, columns, goneSince(before));
    }

    private List<String> goneSince(KnownTable before) {
        boolean same = before.oid() == oid;
        return Stream.concat(
                        before.gone().stream(),
                        before.columns().stream()
                                .filter(each -> !same || numbered(each.number()).isEmpty())
                                .map(KnownColumn::name))
                .filter(each -> column(each).isEmpty())
                .distinct()
                .toList();
    }

    /**
     * A column with its definition.
     *
     * @param defaultText its default or the expression that generates it
     * @param hasMissing whether older rows have {@code missing} without having been written anew
     * @param missing a value as text
     * @param generated {@code attgenerated}: empty, s or v
     * @param identity {@code attidentity}: empty, a or d
     * @param collation qualified and quoted; null for the type's own
     * @param sequenceType of the sequence that the column owns; null for bigint, or where it owns
     *     none
     */
    public record Definition(
            KnownColumn column,
            String typeName,
            boolean notNull,
            @Nullable String defaultText,
            boolean hasMissing,
            @Nullable String missing,
            String generated,
            String identity,
            @Nullable String collation,
            @Nullable String sequenceType) {

        /** Whether the table's owner computes it from other columns. */
        public boolean isGenerated() {
            return !generated.isEmpty();
        }

        public String name() {
            return column.name();
        }
    }
}
