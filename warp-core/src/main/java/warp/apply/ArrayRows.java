package warp.apply;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warp.model.Tuple;
import warp.postgres.wire.Pipeline;
import warp.sql.RowStatement;

/**
 * Writes statements that change many rows of a table at once, fed with an array for each column,
 * into a pipeline. For one thread.
 */
final class ArrayRows {

    private static final Columns NONE = new Columns(new int[0]);

    private final Pipeline pipeline;
    private final ArrayText array = new ArrayText();

    ArrayRows(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Columns by their indexes, compared by value. */
    static final class Columns {
        private final int[] indexes;

        Columns(int[] indexes) {
            this.indexes = indexes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Columns that && Arrays.equals(indexes, that.indexes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(indexes);
        }
    }

    /** Inserts complete rows, at least one. */
    void insert(SetTable table, List<Tuple> rows, Pipeline.Expectation expectation) {
        Columns all = new Columns(table.relation().inserted());
        begin(new Key(table, Operation.INSERT, all), table::insert);
        parameters(rows, all.indexes);
        pipeline.execute(expectation);
    }

    /**
     * Updates rows that are found by their keys, each of them once.
     *
     * @param rows at least one
     * @param set the columns that all of them set, at least one
     */
    void update(SetTable table, Columns set, List<Tuple> rows, Pipeline.Expectation expectation) {
        begin(new Key(table, Operation.UPDATE, set), () -> table.update(set.indexes));
        parameters(rows, set.indexes);
        parameters(rows, table.relation().keys());
        pipeline.execute(expectation);
    }

    /** Deletes rows, at least one, that are found by their keys. */
    void delete(SetTable table, List<Tuple> rows, Pipeline.Expectation expectation) {
        begin(new Key(table, Operation.DELETE, NONE), table::delete);
        parameters(rows, table.relation().keys());
        pipeline.execute(expectation);
    }

    private void begin(Key key, Supplier<RowStatement> statement) {
        pipeline.bind(pipeline.prepare(key, () -> ApplySession.source(statement.get())));
    }

    private void parameters(List<Tuple> rows, int[] columns) {
        for (int column : columns) {
            array.begin();
            for (Tuple row : rows) {
                array.add(row, column);
            }
            array.end();
            pipeline.parameter(array.bytes(), array.length());
        }
    }

    /** Two tables are never equal. */
    private record Key(SetTable table, Operation operation, Columns set) {}
}
