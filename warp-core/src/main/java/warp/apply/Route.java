package warp.apply;

import warp.model.TableName;

/** Where the changes of a relation go. */
sealed interface Route {

    /** To the table. */
    record Live(TargetRelation target) implements Route {}

    /** To {@code warp.held}: the table is held. */
    record Held(TableName table) implements Route {}

    /** To {@code warp.held} from now on: the table does not fit, or is not known. */
    record Misfitting(TableName table, Misfit why) implements Route {}

    /** Nowhere: the table is left out on purpose. */
    record Skipped() implements Route {}
}
