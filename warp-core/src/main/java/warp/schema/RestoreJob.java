package warp.schema;

import java.util.ArrayList;
import java.util.List;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.postgres.Session;
import warp.sql.SchemaStatements;
import warp.state.Removed;
import warp.state.RemovedStore;

/**
 * Puts one removed object back. Immutable; may run in any session to the destination, also next to
 * others, within the order that {@link Restoration} gives.
 */
public record RestoreJob(String slot, Removed removed) {

    /** In the definition of an index that is built by sorting. */
    private static final String SORTED = " USING btree ";

    /** For each process that sorts; the server starts no helper for less. */
    private static final long SORTING_BYTES = 32L << 20;

    /** "foreign_key_violation". */
    private static final String MISSING_REFERENCE = "23503";

    /**
     * What a build may use.
     *
     * @param memoryBytes {@code maintenance_work_mem} at most, at least 1 MB; what is sorted gets
     *     by with less
     * @param parallelWorkers {@code max_parallel_maintenance_workers}, 0 or more; unheeded before
     *     11
     */
    public record Resources(long memoryBytes, int parallelWorkers) {

        /** 64 MB and no helpers: for putting back after a crash, on a server in use. */
        public static final Resources MODEST = new Resources(64L << 20, 0);

        public Resources {
            if (memoryBytes < 1 << 20 || parallelWorkers < 0) {
                throw new IllegalArgumentException(
                        "not resources: " + memoryBytes + " bytes, " + parallelWorkers);
            }
        }
    }

    /** {@code index "orders_idx" of table public.orders}, for people. */
    public String describe() {
        return removed.describe();
    }

    /**
     * Runs the statements and settles the debt in one transaction. Does nothing where it is settled
     * already.
     *
     * @param destination not in a transaction
     * @throws WarpException that names the object and hints at the statements still owed; lost
     *     connections and passing trouble keep their {@link ErrorCode}, so that they can be tried
     *     again
     */
    public void run(Session destination, Resources resources) {
        try {
            FaultPoint.OBJECT_PUT_BACK.before();
            destination.transaction(() -> {
                if (new RemovedStore(destination, slot).settle(removed.number())) {
                    restore(destination, resources);
                }
            });
            FaultPoint.OBJECT_PUT_BACK.after();
        } catch (WarpException problem) {
            throw explained(destination, problem);
        }
    }

    /**
     * Writes down why it could not be done, for whoever asks later.
     *
     * @param destination not in a transaction
     */
    public void noteRefusal(Session destination, WarpException problem) {
        Throwable said = problem.getCause() == null ? problem : problem.getCause();
        new RemovedStore(destination, slot)
                .refuse(
                        removed.number(),
                        problem.sqlState().orElse("XX000"),
                        String.valueOf(said.getMessage()));
    }

    private void restore(Session destination, Resources resources) {
        List<String> statements = new ArrayList<>();
        statements.add(memory(resources));
        if (destination.version().atLeast(11)) {
            statements.add(SchemaStatements.localMaintenanceWorkers(resources.parallelWorkers()));
        }
        statements.addAll(removed.statements());
        destination.run(String.join(";\n", statements));
    }

    /** Other kinds of indexes, and the checks of foreign keys, gain by every byte. */
    private String memory(Resources resources) {
        boolean sorted =
                removed.kind() == Removed.Kind.INDEX
                        && removed.statements().stream().anyMatch(sql -> sql.contains(SORTED));
        int processes = 1 + resources.parallelWorkers();
        return sorted
                ? SchemaStatements.localSortingMemory(
                        removed.table(),
                        processes * SORTING_BYTES,
                        resources.memoryBytes(),
                        processes)
                : SchemaStatements.localMaintenanceMemory(resources.memoryBytes());
    }

    private WarpException explained(Session destination, WarpException problem) {
        ErrorCode code =
                problem.code() == ErrorCode.STATEMENT ? ErrorCode.CONFLICT : problem.code();
        WarpException explained =
                new WarpException(code, message(problem), problem)
                        .sqlState(problem.sqlState().orElse(null));
        problem.side().ifPresent(explained::at);
        problem.hints().forEach(explained::hint);
        if (removed.kind() == Removed.Kind.VALIDATION && problem.hasSqlState(MISSING_REFERENCE)) {
            Orphans.hint(destination, removed.table(), removed.object()).ifPresent(explained::hint);
        }
        return explained.hint("still owed: " + String.join("; ", removed.statements()) + ";");
    }

    private String message(WarpException problem) {
        return switch (removed.kind()) {
            case INDEX, KEY, CHECK, FOREIGN_KEY, REFERENCE, RULE, TRIGGER, EVENT_TRIGGER ->
                    "%s could not be put back: %s".formatted(describe(), problem.getMessage());
            case VALIDATION, REFERENCE_CHECK ->
                    "foreign key \"%s\" of table %s is back, but could not be validated: %s"
                            .formatted(removed.object(), removed.table(), problem.getMessage());
        };
    }
}
