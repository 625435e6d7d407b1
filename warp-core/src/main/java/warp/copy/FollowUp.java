package warp.copy;

import java.util.List;
import warp.model.TablePair;

/** What is to be done with a table once all its rows are there, such as building its indexes. */
public interface FollowUp {

    /** Nothing follows. */
    FollowUp NONE = copied -> List.of();

    /**
     * The jobs for a table that is complete and committed; asked once a table, from a copying
     * thread. They are independent of each other and run side by side on the copy's workers; one
     * that throws ends the copy.
     */
    List<Runnable> after(TablePair copied);

    /**
     * The jobs for tables that became complete by one transaction; otherwise as {@link
     * #after(TablePair)}.
     */
    default List<Runnable> after(List<TablePair> copied) {
        return copied.stream().flatMap(pair -> after(pair).stream()).toList();
    }

    /**
     * Ends jobs that are under way, as far as that is possible: the copy was stopped or has failed.
     * From any thread; returns soon; may be called when no job runs.
     */
    default void stop() {}
}
