package warp.schema;

import java.util.ArrayList;
import java.util.List;
import warp.error.FaultPoint;
import warp.model.TableName;
import warp.postgres.Session;
import warp.state.Removed;
import warp.state.RemovedStore;

/**
 * Takes objects of the destination away, each in one transaction that also writes down how to put
 * it back: whatever dies, it is both or neither. For the session's thread.
 */
final class Removal {

    private final Session destination;
    private final RemovedStore store;

    /**
     * @param destination not in a transaction; schema {@code warp} is installed
     */
    Removal(Session destination, String slot) {
        this.destination = destination;
        this.store = new RemovedStore(destination, slot);
    }

    /** What will be owed, before it has a number. */
    record Owed(Removed.Kind kind, TableName table, String object, List<String> statements) {}

    /** Runs {@code statement}, for which {@code owed} is what undoes it. */
    List<Removed> take(String statement, List<Owed> owed) {
        FaultPoint.OBJECT_REMOVED.before();
        List<Removed> taken =
                destination.transaction(() -> {
                    List<Removed> noted = note(owed);
                    destination.run(statement);
                    return noted;
                });
        FaultPoint.OBJECT_REMOVED.after();
        return taken;
    }

    private List<Removed> note(List<Owed> owed) {
        int number = store.nextNumber();
        List<Removed> noted = new ArrayList<>();
        for (Owed one : owed) {
            Removed row =
                    new Removed(number++, one.kind(), one.table(), one.object(), one.statements());
            store.add(row);
            noted.add(row);
        }
        return noted;
    }
}
