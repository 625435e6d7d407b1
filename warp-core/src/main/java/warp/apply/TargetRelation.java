package warp.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warp.model.Column;
import warp.model.Relation;
import warp.model.ReplicaIdentity;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.model.Tuple;
import warp.postgres.wire.Pipeline;
import warp.sql.CopyStatements;
import warp.sql.FilteredStatements;
import warp.sql.FilteredStatements.Operand;
import warp.sql.Filters;
import warp.sql.RowStatement;
import warp.sql.RowStatements;
import warp.sql.RowStatements.Condition;
import warp.sql.RowStatements.Match;

/**
 * One shape of a table as the stream sends it, its columns matched with the destination's as their
 * {@link TablePair} says; makes the statements that each kind of change needs.
 *
 * <p>Which statement a change needs depends on more than its kind: on which values are unchanged,
 * whether the old key came along, where NULLs are. That is its <em>shape</em>, written as a string:
 * a letter for the statement, then a letter for every column with what it does in it. Equal shapes
 * share a prepared statement.
 */
final class TargetRelation {

    private static final char INSERT = 'I';
    private static final char UPDATE = 'U';
    private static final char TOUCH = 'T';
    private static final char REINSERT = 'R';
    private static final char DELETE = 'D';

    /** A column's letter is this plus {@link #SET} or not, plus how it finds the row. */
    private static final char COLUMN = 'a';

    private static final int FIND_KEY = 1;
    private static final int FIND_EXACT = 2;
    private static final int FIND_NULL = 3;
    private static final int SET = 4;

    /**
     * Types of the source whose values are letters, digits and punctuation: bool, int8, int2, int4,
     * oid, float4, float8, date, time, timestamp, timestamptz, interval, timetz, numeric, uuid.
     */
    private static final Set<Integer> PLAIN =
            Set.of(16, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950);

    private final Relation relation;
    private final TableName table;
    private final Table destination;
    private final boolean full;

    /** Whether a row is found by all its values; else by {@link #keys}. */
    private final boolean byAllValues;

    /** The column by which Citus chooses the shard; -1 where there is none. */
    private final int shardColumn;

    private final @Nullable Column[] columns;
    private final boolean[] keys;
    private final boolean[] settable;
    private final List<Condition> absent;
    private final boolean insertsOnly;
    private final TablePair pair;
    private final @Nullable RowFilter filter;
    private final String insertShape;

    /** The columns that an INSERT sets. */
    private final int[] inserted;

    private final boolean[] plain;

    /**
     * Matches the columns.
     *
     * @throws Misfit where the destination lacks one
     */
    TargetRelation(Relation relation, TablePair pair) {
        this.table = pair.name();
        this.relation = relation;
        this.destination = pair.destination();
        this.full =
                (relation.identityKnown() ? relation.identity() : pair.source().identity())
                        == ReplicaIdentity.FULL;
        this.insertsOnly = pair.insertsOnly();
        this.pair = pair;
        int count = relation.columns().size();
        this.columns = new Column[count];
        this.keys = new boolean[count];
        this.settable = new boolean[count];
        for (int i = 0; i < count; i++) {
            Relation.RelationColumn column = relation.columns().get(i);
            Column matched = match(relation, column, pair);
            columns[i] = matched;
            settable[i] = matched != null && !matched.generated();
            keys[i] =
                    relation.identityKnown()
                            ? column.key()
                            : pair.source().keyColumns().contains(column.name());
        }
        this.shardColumn = shardColumn(columns, destination);
        // Citus has no ctid to take one of equal rows by, but a key, of which FULL sends all.
        this.byAllValues = full && destination.distribution() == null;
        if (full && !byAllValues) {
            for (int i = 0; i < count; i++) {
                Column column = columns[i];
                boolean key = column != null && destination.keyColumns().contains(column.name());
                keys[i] = key || i == shardColumn;
            }
        }
        this.absent = byAllValues && !relation.identityKnown() ? absent(relation, pair) : List.of();
        this.filter = pair.filter().map(text -> new RowFilter(text, relation, pair)).orElse(null);
        this.insertShape = shapeOfInsert();
        this.inserted = IntStream.range(0, count).filter(i -> settable[i]).toArray();
        this.plain = new boolean[count];
        for (int i = 0; i < count; i++) {
            plain[i] = PLAIN.contains(relation.columns().get(i).typeOid());
        }
    }

    private static int shardColumn(@Nullable Column[] columns, Table destination) {
        String name = destination.distributionColumn().orElse("");
        for (int i = 0; i < columns.length; i++) {
            Column column = columns[i];
            if (column != null && column.name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Column match(
            Relation relation, Relation.RelationColumn column, TablePair pair) {
        Column known = pair.receiver(column.name()).orElse(null);
        if (known != null || !pair.rule().takes(column.name())) {
            return known;
        }
        Column source = pair.source().column(column.name()).orElse(null);
        boolean systemColumn =
                source == null && !relation.identityKnown() && column.name().equals("oid");
        if (systemColumn || (source != null && source.generated())) {
            return null;
        }
        throw ApplyErrors.missingColumn(
                relation.name(),
                pair.rule().receiverOf(column.name()),
                source == null ? "<its type at the source>" : source.typeName(),
                pair.destination().name());
    }

    /** test_decoding leaves NULLs of an old row out: such a column must be NULL. */
    private static List<Condition> absent(Relation relation, TablePair pair) {
        Set<String> sent =
                relation.columns().stream()
                        .map(Relation.RelationColumn::name)
                        .collect(Collectors.toSet());
        return pair.columns().stream()
                .filter(column -> !sent.contains(column.source().name()))
                .map(column -> new Condition(column.destination(), Match.NULL))
                .toList();
    }

    Relation relation() {
        return relation;
    }

    Table destination() {
        return destination;
    }

    /** The table as the migration calls it. */
    TableName table() {
        return table;
    }

    /** Whether updates and deletes are left out. */
    boolean insertsOnly() {
        return insertsOnly;
    }

    /** What rows must meet to take part; null where all do. */
    @Nullable RowFilter filter() {
        return filter;
    }

    /** Whether other tables of the source have their rows in the same one of the destination. */
    boolean isShared() {
        return pair.shared();
    }

    /**
     * What deletes the rows of this table from a receiver that others share; null where nothing
     * tells them apart.
     */
    @Nullable RowStatement deleteOwn() {
        String bounds = pair.bounds();
        if (bounds == null) {
            return null;
        }
        List<Operand> operands = new ArrayList<>();
        for (Column column : Filters.columnsOf(bounds, pair.source().columns())) {
            Column stored = pair.receiver(column.name()).orElse(null);
            if (stored == null) {
                return null;
            }
            operands.add(new Operand(column, stored, false));
        }
        return new FilteredStatements(destination, bounds).deleteAll(operands);
    }

    /** Whether the stream identifies rows by the column; no column where by all. */
    boolean key(int index) {
        return keys[index] && !byAllValues;
    }

    /** Whether the column is set by changes. */
    boolean settable(int index) {
        return settable[index];
    }

    // ---- shapes

    /** Whether no value of a row is missing, as none of an inserted one can be. */
    boolean isComplete(Tuple row) {
        for (int i = 0; i < columns.length; i++) {
            if (row.isUnchanged(i)) {
                return false;
            }
        }
        return true;
    }

    /** The shape of an INSERT. */
    String insertShape() {
        return insertShape;
    }

    private String shapeOfInsert() {
        char[] shape = shape(INSERT);
        for (int i = 0; i < columns.length; i++) {
            add(shape, i, settable[i] ? SET : 0);
        }
        return new String(shape);
    }

    /** The shape of an UPDATE; null where nothing says which row. */
    @Nullable String updateShape(@Nullable Tuple old, Tuple row) {
        char[] shape = shape(TOUCH);
        for (int i = 0; i < columns.length; i++) {
            if (settable[i] && !row.isUnchanged(i) && !staysTheSame(i, old, row)) {
                add(shape, i, SET);
                boolean refusesUpdate = column(i).identityAlways();
                shape[0] = refusesUpdate || shape[0] == REINSERT ? REINSERT : UPDATE;
            }
        }
        return find(shape, old == null ? row : old) ? new String(shape) : null;
    }

    /**
     * Whether an update takes the row to another shard, or gives a new value to an identity that is
     * generated always: Citus does neither by an UPDATE, only by DELETE and INSERT.
     */
    boolean movesBetweenShards(@Nullable Tuple old, Tuple row) {
        if (destination.distribution() == null) {
            return false;
        }
        for (int i = 0; i < columns.length; i++) {
            boolean fixed = i == shardColumn || (settable[i] && column(i).identityAlways());
            if (fixed && !row.isUnchanged(i) && !staysTheSame(i, old, row)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the stream sends every value of an old row. */
    boolean isFull() {
        return full;
    }

    /** The shape of finding a row and doing nothing; null where nothing says which row. */
    @Nullable String findingShape(Tuple by) {
        char[] shape = shape(TOUCH);
        return find(shape, by) ? new String(shape) : null;
    }

    /** The shape of a DELETE; null where nothing says which row. */
    @Nullable String deleteShape(Tuple old) {
        char[] shape = shape(DELETE);
        return find(shape, old) ? new String(shape) : null;
    }

    /**
     * Whether a column need not be set. A key column without an old key has not changed; of those
     * that may stay out for being equal only the ones are compared that cost something: keys, and
     * identities, which an UPDATE cannot set.
     */
    private boolean staysTheSame(int column, @Nullable Tuple old, Tuple row) {
        boolean compared = keys[column] || column == shardColumn || column(column).identityAlways();
        if (!compared) {
            return false;
        }
        if (old == null) {
            return keys[column] && !full;
        }
        return (full || keys[column]) && old.sameValue(column, row);
    }

    private boolean find(char[] shape, Tuple by) {
        boolean found = byAllValues;
        for (int i = 0; i < columns.length; i++) {
            if (byAllValues ? columns[i] == null : !keys[i]) {
                continue;
            }
            if (columns[i] == null) {
                return false; // A part of the key does not travel.
            }
            if (byAllValues) {
                add(shape, i, by.isNull(i) ? FIND_NULL : by.hasValue(i) ? FIND_EXACT : 0);
            } else if (by.hasValue(i)) {
                add(shape, i, FIND_KEY);
                found = true;
            } else {
                return false;
            }
        }
        return found;
    }

    private char[] shape(char statement) {
        char[] shape = new char[columns.length + 1];
        java.util.Arrays.fill(shape, COLUMN);
        shape[0] = statement;
        return shape;
    }

    private static void add(char[] shape, int column, int what) {
        shape[column + 1] += (char) what;
    }

    private static int finds(String shape, int column) {
        return (shape.charAt(column + 1) - COLUMN) & ~SET;
    }

    private static boolean sets(String shape, int column) {
        return ((shape.charAt(column + 1) - COLUMN) & SET) != 0;
    }

    /** The destination's column; only where there is one. */
    Column column(int index) {
        Column column = columns[index];
        if (column == null) {
            throw new IllegalStateException("column " + index + " has no match");
        }
        return column;
    }

    // ---- statements

    /** The statement of a shape. */
    RowStatement statement(String shape) {
        List<Column> set = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            if (sets(shape, i)) {
                set.add(column(i));
            }
        }
        List<Condition> where = conditions(shape);
        return switch (shape.charAt(0)) {
            case INSERT -> RowStatements.insert(destination, set);
            case UPDATE -> RowStatements.update(destination, set, where);
            case TOUCH -> RowStatements.touch(destination, where);
            case REINSERT -> RowStatements.reinsert(destination, set, where);
            case DELETE -> RowStatements.delete(destination, where);
            default -> throw new IllegalStateException("no statement is shaped " + shape);
        };
    }

    /** Whether rows may be inserted by COPY: Citus would open a connection for each shard. */
    boolean takesCopy() {
        return inserted.length > 0 && destination.distribution() == null;
    }

    /** Inserts complete rows by COPY, which the table {@linkplain #takesCopy takes}. */
    void copy(
            Pipeline pipeline, CopyText text, List<Tuple> rows, Pipeline.Expectation expectation) {
        pipeline.beginCopy(pipeline.prepare(this, () -> new Pipeline.Source(copyIn(), List.of())));
        text.write(rows, inserted, plain, pipeline);
        pipeline.endCopy(inserted.length, expectation);
    }

    private String copyIn() {
        List<String> names = IntStream.of(inserted).mapToObj(i -> column(i).name()).toList();
        return CopyStatements.copyIn(destination, names, CopyStatements.Format.TEXT, false);
    }

    /** What a row has to meet to be found by a shape. */
    List<Condition> conditions(String shape) {
        List<Condition> where = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            switch (finds(shape, i)) {
                case FIND_KEY -> where.add(new Condition(column(i), Match.KEY));
                case FIND_EXACT -> where.add(new Condition(column(i), Match.EXACT));
                case FIND_NULL -> where.add(new Condition(column(i), Match.NULL));
                default -> {
                    // The column takes no part in finding the row.
                }
            }
        }
        where.addAll(absent);
        return where;
    }

    /**
     * Adds the parameters of a shape's statement: those set from {@code row}, those that find it
     * from {@code by}.
     */
    void bind(Pipeline pipeline, String shape, Tuple row, Tuple by) {
        for (int i = 0; i < columns.length; i++) {
            if (sets(shape, i)) {
                pipeline.parameter(row, i);
            }
        }
        bindFinding(pipeline, shape, by);
    }

    /** Adds the parameters that find a row. */
    void bindFinding(Pipeline pipeline, String shape, Tuple by) {
        for (int i = 0; i < columns.length; i++) {
            int finds = finds(shape, i);
            if (finds == FIND_KEY || finds == FIND_EXACT) {
                pipeline.parameter(by, i);
            }
        }
    }
}
