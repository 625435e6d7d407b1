package warp.apply;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.model.Tuple;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.ServerError;
import warp.progress.Progress;
import warp.sql.HoldStatements;
import warp.sql.RowStatement;
import warp.sql.RowStatements;

/** Writes changes of rows as statements into a pipeline. For one thread. */
final class RowWriter {

    /** What a table being rewritten is called for the while; PostgreSQL before 11 logs its rows. */
    private static final Pattern REWRITTEN = Pattern.compile("pg_temp_\\d+");

    private final ApplyPlan plan;
    private final Pipeline pipeline;
    private final Progress progress;
    private final Map<TableName, TablePair> tables = new HashMap<>();

    /** The tables of the source that share a receiver, by that. */
    private final Map<TableName, Set<TableName>> sharing = new HashMap<>();

    private final FilteredRows filtered;
    private final RowRun run;
    private boolean rowByRow;
    private final Map<Integer, TableName> namesByOid = new HashMap<>();
    private final Set<TableName> held;

    /** From here on every change is to be applied. */
    private final Lsn lastCopy;

    private final IdentityHashMap<Relation, Route> routes = new IdentityHashMap<>();
    private Route.@Nullable Live last;

    /**
     * @param held tables whose changes are put aside; may grow, see {@link #forgetRoutes}
     * @param catalog what can be changed many rows at once
     */
    RowWriter(
            ApplyPlan plan,
            Set<TableName> held,
            Pipeline pipeline,
            DestinationCatalog catalog,
            Progress progress) {
        this.plan = plan;
        this.held = held;
        this.pipeline = pipeline;
        this.progress = progress;
        this.filtered = new FilteredRows(pipeline, progress);
        this.run = new RowRun(pipeline, catalog, progress, this::sendOne);
        for (TablePair pair : plan.tables()) {
            tables.put(pair.name(), pair);
            if (pair.shared()) {
                sharing.computeIfAbsent(pair.destination().name(), _ -> new HashSet<>())
                        .add(pair.name());
            }
        }
        this.lastCopy = plan.copiedAt().values().stream().reduce(Lsn.NONE, Lsn::max);
        plan.known().values().forEach(known -> namesByOid.put(known.oid(), known.name()));
    }

    /**
     * Whether a change is part of its table's copy, as that was made later.
     *
     * @param commit where the commit record of its transaction starts
     */
    boolean isCopied(Relation relation, Lsn commit) {
        if (!commit.isBefore(lastCopy)) {
            return false;
        }
        Lsn copy = plan.copiedAt().get(nameOf(relation));
        return copy != null && commit.isBefore(copy);
    }

    /** A table keeps its OID when it is renamed, and another may take its name. */
    private TableName nameOf(Relation relation) {
        return namesByOid.getOrDefault(relation.oid(), relation.name());
    }

    /** Where the changes of a relation go. */
    Route route(Relation relation) {
        Route.Live recent = last;
        if (recent != null && isSame(recent.target().relation(), relation)) {
            return recent;
        }
        Route route = routes.computeIfAbsent(relation, this::resolve);
        if (route instanceof Route.Live live) {
            last = live;
        }
        return route;
    }

    /** Whether from now on every row is updated or deleted by a statement of its own. */
    void rowByRow(boolean alone) {
        rowByRow = alone;
    }

    /** Rows that were updated or deleted together with others. */
    long sentTogether() {
        return run.sentTogether();
    }

    /** What is held has changed. */
    void forgetRoutes() {
        routes.clear();
        last = null;
    }

    @SuppressWarnings("ReferenceEquality") // As Relation's contract says: compared by identity.
    private static boolean isSame(Relation one, Relation other) {
        return one == other;
    }

    private Route resolve(Relation relation) {
        TableName name = nameOf(relation);
        if (held.contains(name)) {
            return new Route.Held(name);
        }
        if (tables.containsKey(name)) {
            try {
                return new Route.Live(targetOf(name, relation));
            } catch (Misfit why) {
                return new Route.Misfitting(name, why);
            }
        }
        boolean rewritten = !relation.identityKnown() && REWRITTEN.matcher(name.name()).matches();
        if (rewritten || plan.excluded().test(name)) {
            return new Route.Skipped();
        }
        return new Route.Misfitting(
                name,
                new Misfit("table %s is not known to this migration".formatted(name), List.of()));
    }

    /**
     * The relation as a shape of a table.
     *
     * @throws Misfit where it does not fit
     */
    TargetRelation targetOf(TableName name, Relation relation) {
        TablePair pair = tables.get(name);
        Misfit why =
                pair == null
                        ? new Misfit("the destination has no table %s".formatted(name), List.of())
                        : Fit.misfit(relation, plan.known().get(name));
        if (pair == null || why != null) {
            throw why == null ? new IllegalStateException() : why;
        }
        return new TargetRelation(relation, pair);
    }

    /**
     * Writes a change of one relation.
     *
     * @throws Misfit where nothing says which row
     */
    void write(TargetRelation target, ChangeEvent change, SourceTransaction transaction) {
        switch (change) {
            case ChangeEvent.Insert insert -> insert(target, insert.row(), transaction);
            case ChangeEvent.Update update -> update(target, update, transaction);
            case ChangeEvent.Delete delete -> delete(target, delete, transaction);
            case ChangeEvent.Truncate _ -> empty(target, transaction);
            case ChangeEvent.Begin begin -> throw new IllegalStateException("" + begin);
            case ChangeEvent.Commit commit -> throw new IllegalStateException("" + commit);
            case ChangeEvent.Message message -> throw new IllegalStateException("" + message);
            case ChangeEvent.KeepAlive alive -> throw new IllegalStateException("" + alive);
        }
    }

    private void insert(TargetRelation target, Tuple row, SourceTransaction transaction) {
        if (!target.isComplete(row)) {
            throw ApplyErrors.incompleteRow(target.relation(), transaction);
        }
        RowFilter filter = target.filter();
        if (filter != null) {
            filtered.insert(target, filter, row, transaction);
            return;
        }
        if (!run.insert(target, row, transaction)) {
            sendOne(Operation.INSERT, target, row, transaction);
        }
    }

    /** Sends the change of a row that says which one it is. */
    private void sendOne(
            Operation operation, TargetRelation target, Tuple row, SourceTransaction transaction) {
        String shape =
                switch (operation) {
                    case INSERT -> target.insertShape();
                    case UPDATE -> target.updateShape(null, row);
                    case DELETE -> target.deleteShape(row);
                };
        if (shape == null) {
            throw new IllegalStateException("a row without a key");
        }
        send(operation, target, shape, row, row, transaction);
    }

    private void update(
            TargetRelation target, ChangeEvent.Update change, SourceTransaction transaction) {
        if (target.insertsOnly()) {
            progress.skipped.increment();
            return;
        }
        RowFilter filter = target.filter();
        if (filter != null) {
            filtered.update(target, filter, change, transaction);
            return;
        }
        Tuple old = change.old();
        if (target.movesBetweenShards(old, change.row())) {
            move(target, change, transaction);
            return;
        }
        if (!rowByRow && run.update(target, change, transaction)) {
            return;
        }
        String shape = target.updateShape(old, change.row());
        if (shape == null) {
            throw ApplyErrors.unidentified(Operation.UPDATE, target.relation());
        }
        Tuple by = old == null ? change.row() : old;
        send(Operation.UPDATE, target, shape, change.row(), by, transaction);
    }

    /** Deletes and inserts, in one transaction: together an update of one row. */
    private void move(
            TargetRelation target, ChangeEvent.Update change, SourceTransaction transaction) {
        Tuple old = change.old();
        Tuple row =
                old != null && target.isFull()
                        ? TableChanges.merged(old, change.row())
                        : change.row();
        Tuple by = old == null ? row : old;
        String delete = target.deleteShape(by);
        if (delete == null) {
            throw ApplyErrors.unidentified(Operation.UPDATE, target.relation());
        }
        if (!target.isComplete(row)) {
            throw ApplyErrors.movedInPart(target.relation(), transaction);
        }
        pipeline.bind(
                pipeline.prepare(
                        new Key(target, delete),
                        () -> ApplySession.source(target.statement(delete))));
        target.bind(pipeline, delete, by, by);
        pipeline.execute(new LeftShard(target, transaction));
        send(Operation.UPDATE, target, target.insertShape(), row, row, transaction);
    }

    private void delete(
            TargetRelation target, ChangeEvent.Delete change, SourceTransaction transaction) {
        Tuple old = change.old();
        if (target.insertsOnly()) {
            progress.skipped.increment();
            return;
        }
        RowFilter filter = target.filter();
        if (filter != null) {
            filtered.delete(target, filter, old, transaction);
            return;
        }
        if (!rowByRow && run.delete(target, change, transaction)) {
            return;
        }
        String shape = target.deleteShape(old);
        if (shape == null) {
            throw ApplyErrors.unidentified(Operation.DELETE, target.relation());
        }
        send(Operation.DELETE, target, shape, old, old, transaction);
    }

    private void send(
            Operation operation,
            TargetRelation target,
            String shape,
            Tuple row,
            Tuple by,
            SourceTransaction transaction) {
        Pipeline.Prepared statement =
                pipeline.prepare(
                        new Key(target, shape), () -> ApplySession.source(target.statement(shape)));
        pipeline.bind(statement);
        target.bind(pipeline, shape, row, by);
        pipeline.execute(new OneRow(operation, target, transaction, progress));
    }

    /**
     * Empties what was emptied at the source. Of a receiver that several tables share only the rows
     * of those that were truncated go, unless all of them were.
     */
    void truncate(
            List<TargetRelation> truncated,
            ChangeEvent.Truncate how,
            SourceTransaction transaction) {
        Set<TableName> sources = new HashSet<>();
        truncated.forEach(target -> sources.add(target.table()));
        Set<Table> whole = new LinkedHashSet<>();
        for (TargetRelation target : truncated) {
            TableName receiver = target.destination().name();
            if (sources.containsAll(sharing.getOrDefault(receiver, Set.of()))) {
                whole.add(target.destination());
            } else {
                deleteOwn(target, transaction);
            }
        }
        if (whole.isEmpty()) {
            return;
        }
        String sql =
                RowStatements.truncate(List.copyOf(whole), how.cascade(), how.restartIdentity());
        truncate(new RowStatement(sql, List.of()), whole, transaction);
    }

    private void deleteOwn(TargetRelation target, SourceTransaction transaction) {
        RowStatement statement = target.deleteOwn();
        if (statement == null) {
            throw ApplyErrors.partTruncated(target, transaction);
        }
        truncate(statement, Set.of(target.destination()), transaction);
    }

    private void truncate(
            RowStatement statement, Set<Table> tables, SourceTransaction transaction) {
        pipeline.bind(pipeline.prepare(statement.sql(), () -> ApplySession.source(statement)))
                .execute(
                        new Truncated(
                                tables.stream().map(Table::name).toList(), transaction, progress));
    }

    /** Empties one table, whatever refers to it. */
    void empty(TargetRelation target, SourceTransaction transaction) {
        if (target.isShared()) {
            deleteOwn(target, transaction);
            return;
        }
        TableName name = target.destination().name();
        String sql = HoldStatements.empty(target.destination());
        pipeline.bind(pipeline.prepare(sql, () -> new Pipeline.Source(sql, List.of())))
                .execute(new Truncated(List.of(name), transaction, progress));
    }

    /** Two targets are never equal, so the key is as cheap as the shape. */
    private record Key(TargetRelation target, String shape) {}

    private record OneRow(
            Operation operation,
            TargetRelation target,
            SourceTransaction transaction,
            Progress progress)
            implements Pipeline.Expectation {

        @Override
        public void affected(long rows) {
            if (rows != 1) {
                throw ApplyErrors.wrongCount(operation, name(), transaction, 1, rows);
            }
            operation.counter(progress).increment();
        }

        @Override
        public RuntimeException failed(ServerError error) {
            return ApplyErrors.rowRefused(operation, target.table(), name(), transaction, error);
        }

        private TableName name() {
            return target.destination().name();
        }
    }

    /** The first half of a move, which counts as nothing. */
    private record LeftShard(TargetRelation target, SourceTransaction transaction)
            implements Pipeline.Expectation {

        @Override
        public void affected(long rows) {
            if (rows != 1) {
                throw ApplyErrors.wrongCount(
                        Operation.UPDATE, target.destination().name(), transaction, 1, rows);
            }
        }

        @Override
        public RuntimeException failed(ServerError error) {
            return ApplyErrors.refused(
                    Operation.UPDATE.toString(),
                    target.destination().name().toString(),
                    transaction,
                    error);
        }
    }

    private record Truncated(
            List<TableName> tables, SourceTransaction transaction, Progress progress)
            implements Pipeline.Expectation {

        @Override
        public void affected(long rows) {
            progress.truncates.increment();
        }

        @Override
        public RuntimeException failed(ServerError error) {
            return ApplyErrors.truncateRefused(tables, transaction, error);
        }
    }
}
