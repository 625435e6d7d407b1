package warp.apply;

import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.model.Relation;

/** The relations of a stream as tables for sets. Lives as long as a session. */
final class SetTables {

    private final RowWriter rows;
    private final DestinationCatalog catalog;

    /** Asks the destination; between transactions only. */
    SetTables(RowWriter rows, DestinationCatalog catalog) {
        this.rows = rows;
        this.catalog = catalog;
        catalog.types();
    }

    /** As {@link RowWriter#isCopied}. */
    boolean isCopied(Relation relation, Lsn commit) {
        return rows.isCopied(relation, commit);
    }

    /** Null where changes of the relation cannot be part of a set. */
    @Nullable SetTable find(Relation relation) {
        // Asked each time: a table may have come to be held.
        return rows.route(relation) instanceof Route.Live live
                ? catalog.table(live.target())
                : null;
    }
}
