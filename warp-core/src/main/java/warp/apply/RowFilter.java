package warp.apply;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.model.Column;
import warp.model.Relation;
import warp.model.TablePair;
import warp.model.Tuple;
import warp.postgres.wire.Pipeline;
import warp.sql.FilteredStatements.Operand;
import warp.sql.Filters;

/**
 * The condition that a table's rows have to meet, for one shape of the table in the stream: where
 * the values of the columns it names are to be had.
 */
final class RowFilter {

    /** A column that the condition names, and its place in the relation; -1 where it has none. */
    private record Named(Column source, @Nullable Column stored, int index) {}

    private final String text;
    private final List<Named> named = new ArrayList<>();

    RowFilter(String text, Relation relation, TablePair pair) {
        this.text = text;
        List<String> sent = relation.columns().stream().map(Relation.RelationColumn::name).toList();
        for (Column column : Filters.columnsOf(text, pair.source().columns())) {
            named.add(
                    new Named(
                            column,
                            pair.receiver(column.name()).orElse(null),
                            sent.indexOf(column.name())));
        }
    }

    /** The condition. */
    String text() {
        return text;
    }

    /** The operands where every value comes with the row; what it does not send is NULL. */
    List<Operand> operands() {
        return named.stream()
                .map(column -> new Operand(column.source(), null, column.index() < 0))
                .toList();
    }

    /** The operands of a row whose unchanged values are to be had at the destination only. */
    List<Operand> operands(Tuple row) {
        return named.stream()
                .map(column ->
                        new Operand(
                                column.source(),
                                isUnchanged(column, row) ? column.stored() : null,
                                column.index() < 0))
                .toList();
    }

    /**
     * Makes sure that the stream sends what it names, in a shape that holds every column.
     *
     * @throws warp.error.WarpException CONFLICT where a column is gone
     */
    void requireColumns(TargetRelation target, SourceTransaction transaction) {
        for (Named column : named) {
            if (column.index() < 0 && !column.source().generated()) {
                throw ApplyErrors.filterColumnGone(
                        target.relation().name(), column.source().name(), transaction);
            }
        }
    }

    /** Whether a value that it names is unchanged and not at the destination either. */
    boolean lacksValues(Tuple row) {
        return named.stream().anyMatch(it -> isUnchanged(it, row) && it.stored() == null);
    }

    /** Whether the row says of every column it names that its value has not changed. */
    boolean isUntouchedBy(Tuple row) {
        return !named.isEmpty() && named.stream().allMatch(column -> isUnchanged(column, row));
    }

    private static boolean isUnchanged(Named column, Tuple row) {
        return column.index() >= 0 && row.isUnchanged(column.index());
    }

    /** Adds the parameters of {@link #operands(Tuple)}. */
    void bind(Pipeline pipeline, Tuple row) {
        for (Named column : named) {
            if (column.index() >= 0 && !row.isUnchanged(column.index())) {
                pipeline.parameter(row, column.index());
            }
        }
    }

    /** Which of the values it names are unchanged, a letter a column; part of a statement's key. */
    String shape(Tuple row) {
        StringBuilder shape = new StringBuilder(named.size());
        named.forEach(column -> shape.append(isUnchanged(column, row) ? 'u' : '-'));
        return shape.toString();
    }
}
