package warp.schema;

import java.util.List;
import warp.error.FaultPoint;
import warp.model.TableName;
import warp.postgres.Session;
import warp.state.Removed;
import warp.state.RemovedStore;

/**
 * Takes objects of the destination away, each in one transaction that also writes down how to put
 * it back: whatever dies, it is both or neither. For the session's thread; nobody else takes
 * anything away for the slot meanwhile.
 */
final class Removal {

    private final RemovedStore store;

    /** That no row has yet; 0 before it is asked for. */
    private int next;

    /**
     * @param destination not in a transaction; schema {@code warp} is installed
     */
    Removal(Session destination, String slot) {
        this.store = new RemovedStore(destination, slot);
    }

    /** What will be owed, before it has a number. */
    record Owed(Removed.Kind kind, TableName table, String object, List<String> statements) {}

    /** Runs {@code statement}, for which {@code owed} is what undoes it. */
    List<Removed> take(String statement, List<Owed> owed) {
        List<Removed> noted = owed.stream().map(this::numbered).toList();
        FaultPoint.OBJECT_REMOVED.before();
        store.addWith(statement, noted);
        FaultPoint.OBJECT_REMOVED.after();
        return noted;
    }

    private Removed numbered(Owed owed) {
        next = next == 0 ? store.nextNumber() : next;
        return new Removed(next++, owed.kind(), owed.table(), owed.object(), owed.statements());
    }
}
