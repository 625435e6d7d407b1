package warp.apply;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.model.Relation;

/** The relations of a stream as tables for sets. Lives as long as a session. */
final class SetTables {

    private final RowWriter rows;
    private final DestinationTypes types;
    private final IdentityHashMap<Relation, @Nullable SetTable> known = new IdentityHashMap<>();

    SetTables(RowWriter rows, DestinationTypes types) {
        this.rows = rows;
        this.types = types;
    }

    /** As {@link RowWriter#isCopied}. */
    boolean isCopied(Relation relation, Lsn commit) {
        return rows.isCopied(relation, commit);
    }

    /** Null where changes of the relation cannot be part of a set. */
    @Nullable SetTable find(Relation relation) {
        // Asked each time: a table may have come to be held.
        if (!(rows.route(relation) instanceof Route.Live live)) {
            return null;
        }
        if (known.containsKey(relation)) {
            return known.get(relation);
        }
        SetTable made = SetTable.of(live.target(), types);
        known.put(relation, made);
        return made;
    }
}
