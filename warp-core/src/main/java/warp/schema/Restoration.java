package warp.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;
import warp.postgres.Session;
import warp.state.Removed;
import warp.state.RemovedStore;

/**
 * What the destination is owed, as jobs in the order in which they can run:
 *
 * <ol>
 *   <li>for each table as soon as it is copied: its {@link TableJobs#indexes}, side by side, and
 *       when all of them are there its {@link TableJobs#keys}, one after the other;
 *   <li>when all tables are copied and have their keys: {@link #notValid}, foreign keys and checks
 *       that look at no rows, one after the other (each locks two tables, or a table and those that
 *       inherit from it, for an instant);
 *   <li>{@link #validations}, side by side;
 *   <li>{@link #atTheEnd}, by {@code --clean}: triggers, and what was in the way of applying
 *       changes.
 * </ol>
 *
 * <p>Every job settles its own debt, so after a crash at any moment {@link #owed} gives what is
 * left.
 */
public record Restoration(
        List<TableJobs> tables,
        List<RestoreJob> notValid,
        List<RestoreJob> validations,
        List<RestoreJob> atTheEnd) {

    /** Nothing is owed. */
    public static final Restoration NOTHING =
            new Restoration(List.of(), List.of(), List.of(), List.of());

    public Restoration {
        tables = List.copyOf(tables);
        notValid = List.copyOf(notValid);
        validations = List.copyOf(validations);
        atTheEnd = List.copyOf(atTheEnd);
    }

    /** The jobs that concern one table alone. */
    public record TableJobs(TableName table, List<RestoreJob> indexes, List<RestoreJob> keys) {

        public TableJobs {
            indexes = List.copyOf(indexes);
            keys = List.copyOf(keys);
        }

        /** Whether there is nothing to do. */
        public boolean isNone() {
            return indexes.isEmpty() && keys.isEmpty();
        }
    }

    /** What is owed now; nothing where schema {@code warp} is not there. */
    public static Restoration owed(Session destination, String slot) {
        Map<TableName, List<RestoreJob>> indexes = new TreeMap<>();
        Map<TableName, List<RestoreJob>> keys = new TreeMap<>();
        List<RestoreJob> notValid = new ArrayList<>();
        List<RestoreJob> validations = new ArrayList<>();
        List<RestoreJob> atTheEnd = new ArrayList<>();
        for (Removed removed : new RemovedStore(destination, slot).all()) {
            indexes.putIfAbsent(removed.table(), new ArrayList<>());
            List<RestoreJob> jobs =
                    switch (removed.kind()) {
                        case INDEX -> jobsOf(removed.table(), indexes);
                        case KEY -> jobsOf(removed.table(), keys);
                        case CHECK, FOREIGN_KEY -> notValid;
                        case VALIDATION -> validations;
                        case REFERENCE, REFERENCE_CHECK, RULE, TRIGGER, EVENT_TRIGGER -> atTheEnd;
                    };
            jobs.add(new RestoreJob(slot, removed));
        }
        List<TableJobs> tables = new ArrayList<>();
        indexes.forEach((table, builds) ->
                tables.add(new TableJobs(table, builds, keys.getOrDefault(table, List.of()))));
        tables.removeIf(TableJobs::isNone);
        return new Restoration(tables, notValid, validations, atTheEnd);
    }

    /** Whether there is nothing to do before {@link #atTheEnd}. */
    public boolean isOnlyAtTheEnd() {
        return tables.isEmpty() && notValid.isEmpty() && validations.isEmpty();
    }

    private static List<RestoreJob> jobsOf(TableName table, Map<TableName, List<RestoreJob>> jobs) {
        return jobs.computeIfAbsent(table, name -> new ArrayList<>());
    }

    /** The jobs of one table; without any where it is owed nothing. */
    public TableJobs of(TableName table) {
        int at =
                Collections.binarySearch(
                        tables,
                        new TableJobs(table, List.of(), List.of()),
                        Comparator.comparing(TableJobs::table));
        return at < 0 ? new TableJobs(table, List.of(), List.of()) : tables.get(at);
    }

    /** Every job, in an order in which one session can run them. */
    public List<RestoreJob> inOrder() {
        List<RestoreJob> jobs = new ArrayList<>();
        for (TableJobs table : tables) {
            jobs.addAll(table.indexes());
            jobs.addAll(table.keys());
        }
        jobs.addAll(notValid);
        jobs.addAll(validations);
        jobs.addAll(atTheEnd);
        return List.copyOf(jobs);
    }

    /**
     * Puts back everything that is owed, one after the other, as {@code --clean} does. What fails
     * stays owed and does not keep the rest from being put back. Doing it twice does no harm.
     *
     * @return a failure for each object that could not be put back, with its statements as hint
     * @throws WarpException where the destination cannot be reached any more
     */
    public static List<WarpException> restoreAll(Session destination, String slot) {
        List<WarpException> failures = new ArrayList<>();
        for (RestoreJob job : owed(destination, slot).inOrder()) {
            try {
                job.run(destination, RestoreJob.Resources.MODEST);
            } catch (WarpException problem) {
                if (problem.code() == ErrorCode.CONNECTION) {
                    throw problem;
                }
                job.noteRefusal(destination, problem);
                failures.add(problem);
            }
        }
        return List.copyOf(failures);
    }
}
