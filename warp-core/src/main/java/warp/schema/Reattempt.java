package warp.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import warp.error.WarpException;
import warp.postgres.Session;
import warp.sql.SchemaStatements;
import warp.state.Failure;
import warp.state.FailureStore;

/**
 * Tries again to make the objects that the destination refused: many lacked only something that
 * came later, or that a person has put right since.
 *
 * <p>An object and its row in {@code warp.failure} go in one transaction: whatever dies, the list
 * holds exactly what is missing. One that somebody has made by hand meanwhile counts as made.
 */
public final class Reattempt {

    /** Somebody has that name: table, object, function, schema, column, database. */
    private static final Set<String> DUPLICATES =
            Set.of("42P07", "42710", "42723", "42P06", "42701", "42P16");

    private Reattempt() {}

    /**
     * Tries all of them in order, and again as long as that makes any.
     *
     * @param destination not in a transaction
     * @return what is still missing
     * @throws WarpException where the connection is lost or the server stops the work for a passing
     *     reason
     */
    public static List<Failure> run(Session destination, String slot) {
        FailureStore store = new FailureStore(destination, slot);
        List<Failure> missing = store.all();
        int before;
        do {
            before = missing.size();
            List<Failure> still = new ArrayList<>();
            for (Failure failure : missing) {
                if (!isMade(destination, store, failure)) {
                    still.add(failure);
                }
            }
            missing = still;
        } while (!missing.isEmpty() && missing.size() < before);
        return before == 0 ? missing : store.all();
    }

    private static boolean isMade(Session destination, FailureStore store, Failure failure) {
        try {
            destination.transaction(() -> {
                destination.run(SchemaStatements.LOCAL_UNCHECKED_FUNCTIONS);
                failure.statements().forEach(destination::run);
                store.settle(failure);
            });
            return true;
        } catch (WarpException refused) {
            if (SchemaCreation.isFatal(refused)) {
                throw refused;
            }
            String state = refused.sqlState().orElse(failure.sqlState());
            if (DUPLICATES.contains(state) && !DUPLICATES.contains(failure.sqlState())) {
                store.settle(failure);
                return true;
            }
            store.change(failure.because(state, String.valueOf(refused.getMessage())));
            return false;
        }
    }
}
