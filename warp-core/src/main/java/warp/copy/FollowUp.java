package warp.copy;

import java.util.List;
import warp.model.TablePair;

/** What is to be done with tables once all their rows are there, such as building their indexes. */
public interface FollowUp {

    /** Nothing follows. */
    FollowUp NONE = copied -> List.of();

    /**
     * The jobs for tables that became complete by one transaction, which is committed; asked once a
     * table, from a copying thread. They are independent of each other and run side by side on the
     * copy's workers; one that throws ends the copy.
     *
     * @param copied one or more
     */
    List<Runnable> after(List<TablePair> copied);

    /**
     * Ends jobs that are under way, as far as that is possible: the copy was stopped or has failed.
     * From any thread; returns soon; may be called when no job runs.
     */
    default void stop() {}
}
