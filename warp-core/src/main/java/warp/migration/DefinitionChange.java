package warp.migration;

import java.util.List;
import warp.ddl.SourceTable;
import warp.model.Hold;
import warp.model.Lsn;

/**
 * What a look at the source's catalog found to be done.
 *
 * @param at where the source was after the look: a table found altered has been written in its old
 *     shape only before, so once the stream has come here, nothing stands against altering the
 *     destination's
 * @param holds tables to be held, and why
 * @param made tables to be taken along
 */
record DefinitionChange(Lsn at, List<Hold> holds, List<SourceTable> made) {

    static final DefinitionChange NONE = new DefinitionChange(Lsn.NONE, List.of(), List.of());

    DefinitionChange {
        holds = List.copyOf(holds);
        made = List.copyOf(made);
    }

    boolean isNone() {
        return holds.isEmpty() && made.isEmpty();
    }
}
