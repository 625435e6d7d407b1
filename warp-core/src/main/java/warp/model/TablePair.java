package warp.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of the source and the table of the destination that receives its rows. Which one that is,
 * and which of its columns receives which, is said here and nowhere else: whoever looks for the
 * counterpart of a table or column asks the pair and does not compare names. Pairs are made by
 * {@code warp.plan.Pairing}.
 *
 * @param rule what was asked for; {@link TableRule#NONE} where tables and columns bear equal names
 * @param shared whether other tables of the source have the same receiver, as partitions may: then
 *     it is never emptied, or taken for complete, for the sake of one of them
 * @param bounds where the receiver is shared: what the source says all of this partition's rows
 *     meet, over its columns; null where nobody asked, or it says nothing
 */
public record TablePair(
        Table source, Table destination, TableRule rule, boolean shared, @Nullable String bounds) {

    /** Of equal names, every column. */
    public TablePair(Table source, Table destination) {
        this(source, destination, TableRule.NONE, false, null);
    }

    /** A column of the source and the one that receives its values. */
    public record ColumnPair(Column source, Column destination) {}

    /** The same with the bounds of its partition. */
    public TablePair within(@Nullable String condition) {
        return new TablePair(source, destination, rule, shared, condition);
    }

    /** The source's name, by which Warp's state and the change stream know the table. */
    public TableName name() {
        return source.name();
    }

    /**
     * The source's columns that are to travel, whether the destination has them or not: all but the
     * generated ones and those that the rule leaves out.
     */
    public List<Column> travelling() {
        return source.copiedColumns().stream().filter(column -> rule.takes(column.name())).toList();
    }

    /** The columns that travel, each with its receiver; those without one are left out. */
    public List<ColumnPair> columns() {
        Map<String, Column> receivers = new HashMap<>();
        destination.columns().forEach(column -> receivers.put(column.name(), column));
        List<ColumnPair> pairs = new ArrayList<>();
        for (Column column : travelling()) {
            Column receiver = receivers.get(rule.receiverOf(column.name()));
            if (receiver != null) {
                pairs.add(new ColumnPair(column, receiver));
            }
        }
        return List.copyOf(pairs);
    }

    /**
     * The destination's column that receives a column of the source; empty where the column does
     * not travel or the destination has none. The source's column may be one that came after {@link
     * #source} was read.
     */
    public Optional<Column> receiver(String sourceColumn) {
        return rule.takes(sourceColumn)
                ? destination.column(rule.receiverOf(sourceColumn))
                : Optional.empty();
    }

    /** The condition that rows must meet; empty for all rows. */
    public Optional<String> filter() {
        return Optional.ofNullable(rule.filter());
    }

    /** Whether updates and deletes are left out because nothing tells the rows apart. */
    public boolean insertsOnly() {
        return rule.keyless() instanceof Keyless.InsertsOnly && !source.hasUsableIdentity();
    }
}
