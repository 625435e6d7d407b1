package warp.apply;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.TableName;

/**
 * Whole transactions of the source, in its order, and what they come to for each row. The events
 * are kept: whatever a set cannot express is applied from them, in order.
 */
final class ChangeSet {

    /** What became of an event. */
    enum Verdict {
        TAKEN,
        /** Taken, and with it the set is as large as it may be. */
        FULL,
        /** Not taken: it and the transaction it is part of must be applied in order. */
        ODD
    }

    private final SetTables tables;
    private final SetLimits limits;
    private final Lsn start;
    private Lsn end;

    /** Where the transaction under way commits. */
    private Lsn commit = Lsn.NONE;

    private final List<ChangeEvent> events = new ArrayList<>();
    private final Map<TableName, TableChanges> changes = new LinkedHashMap<>();
    private final IdentityHashMap<Relation, TableChanges> byRelation = new IdentityHashMap<>();
    private final List<ChangeEvent> underWay = new ArrayList<>();
    private int transactions;
    private int changesTaken;
    private int changesUnderWay;
    private long bytes;
    private int inserts;
    private int updates;
    private int deletes;
    private boolean contradictory;

    /**
     * @param start the end of the last transaction before
     */
    ChangeSet(SetTables tables, SetLimits limits, Lsn start) {
        this.tables = tables;
        this.limits = limits;
        this.start = start;
        this.end = start;
    }

    /**
     * The next event of the stream, no keep-alive. What is odd is left to {@link #underWay}; what
     * is part of a later copy is dropped.
     */
    Verdict take(ChangeEvent event) {
        Verdict verdict =
                switch (event) {
                    case ChangeEvent.Begin begin -> begin(begin);
                    case ChangeEvent.Commit commit -> commit(commit);
                    case ChangeEvent.Insert insert
                            when tables.isCopied(insert.relation(), commit) ->
                            Verdict.TAKEN;
                    case ChangeEvent.Insert insert -> {
                        TableChanges table = changesOf(insert.relation());
                        yield table != null && table.relation().takes(insert)
                                ? change(event)
                                : Verdict.ODD;
                    }
                    case ChangeEvent.Update update
                            when tables.isCopied(update.relation(), commit) ->
                            Verdict.TAKEN;
                    case ChangeEvent.Update update -> {
                        TableChanges table = changesOf(update.relation());
                        yield table != null && table.relation().takes(update)
                                ? change(event)
                                : Verdict.ODD;
                    }
                    case ChangeEvent.Delete delete
                            when tables.isCopied(delete.relation(), commit) ->
                            Verdict.TAKEN;
                    case ChangeEvent.Delete delete -> {
                        TableChanges table = changesOf(delete.relation());
                        yield table != null && table.relation().takes(delete)
                                ? change(event)
                                : Verdict.ODD;
                    }
                    case ChangeEvent.Truncate _ -> Verdict.ODD;
                    case ChangeEvent.KeepAlive _, ChangeEvent.Message _ -> Verdict.TAKEN;
                };
        if (verdict == Verdict.ODD) {
            underWay.add(event);
        }
        return verdict;
    }

    /** Where the position does not tell what is to be skipped, order decides. */
    private Verdict begin(ChangeEvent.Begin begin) {
        if (begin.finalLsn().isNone() || begin.finalLsn().isBefore(end)) {
            return Verdict.ODD;
        }
        commit = begin.finalLsn();
        underWay.add(begin);
        return Verdict.TAKEN;
    }

    /** A transaction too large for a set is streamed. */
    private Verdict change(ChangeEvent event) {
        bytes += event.heapBytes();
        changesUnderWay++;
        if (bytes > limits.bytesMax() || changesTaken + changesUnderWay > limits.changesMax()) {
            return Verdict.ODD;
        }
        underWay.add(event);
        return Verdict.TAKEN;
    }

    private Verdict commit(ChangeEvent.Commit commit) {
        if (!commit.endLsn().isAfter(end)) {
            return Verdict.ODD;
        }
        underWay.add(commit);
        underWay.forEach(this::merge);
        events.addAll(underWay);
        underWay.clear();
        changesTaken += changesUnderWay;
        changesUnderWay = 0;
        transactions++;
        end = commit.endLsn();
        return transactions >= limits.transactions()
                        || changesTaken >= limits.changes()
                        || bytes >= limits.bytes()
                ? Verdict.FULL
                : Verdict.TAKEN;
    }

    private void merge(ChangeEvent event) {
        boolean fits =
                switch (event) {
                    case ChangeEvent.Insert insert -> {
                        inserts++;
                        yield known(insert.relation()).insert(insert.row());
                    }
                    case ChangeEvent.Update update -> {
                        updates++;
                        yield known(update.relation()).update(update);
                    }
                    case ChangeEvent.Delete delete -> {
                        deletes++;
                        yield known(delete.relation()).delete(delete.old());
                    }
                    default -> true;
                };
        contradictory |= !fits;
    }

    private TableChanges known(Relation relation) {
        TableChanges table = byRelation.get(relation);
        if (table == null) {
            throw new IllegalStateException("a relation that was not looked up");
        }
        return table;
    }

    /** Null where the relation is not for sets, or has another shape than before. */
    private @Nullable TableChanges changesOf(Relation relation) {
        TableChanges known = byRelation.get(relation);
        if (known != null) {
            return known;
        }
        SetTable table = tables.find(relation);
        if (table == null) {
            return null;
        }
        TableName destination = table.target().destination().name();
        if (changes.containsKey(destination)) {
            return null;
        }
        TableChanges made = new TableChanges(table);
        changes.put(destination, made);
        byRelation.put(relation, made);
        return made;
    }

    /** The end of the last transaction before. */
    Lsn start() {
        return start;
    }

    /** The end of its last transaction. */
    Lsn end() {
        return end;
    }

    int transactions() {
        return transactions;
    }

    /** Whether it holds no whole transaction. */
    boolean isEmpty() {
        return transactions == 0;
    }

    /** Whether to apply it as a set; if not, in order. */
    boolean isWorthIt() {
        return changesTaken >= limits.worthIt() && !contradictory;
    }

    /** What its transactions come to. */
    Iterable<TableChanges> changes() {
        return changes.values();
    }

    /** Its whole transactions. */
    List<ChangeEvent> events() {
        return events;
    }

    /** What has come of a transaction that has not ended, the event that was odd included. */
    List<ChangeEvent> underWay() {
        return underWay;
    }

    int inserts() {
        return inserts;
    }

    int updates() {
        return updates;
    }

    int deletes() {
        return deletes;
    }
}
