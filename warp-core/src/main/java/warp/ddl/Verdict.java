package warp.ddl;

import java.util.List;
import warp.model.KnownTable;
import warp.model.TableName;

/** What is to be done so that a table takes its changes again. */
public sealed interface Verdict {

    /**
     * Nothing: it does.
     *
     * @param known what it is known as from now on
     */
    record Fits(KnownTable known) implements Verdict {}

    /**
     * Warp runs statements at the destination, all or none.
     *
     * @param what one clause, for people
     * @param copy whether the rows have to be copied again, since the source wrote them anew
     */
    record Alter(String what, List<String> statements, boolean copy) implements Verdict {
        public Alter {
            statements = List.copyOf(statements);
        }
    }

    /**
     * A person has to decide.
     *
     * @param reason one sentence without a full stop
     * @param statements what to run at the destination unless the reason says otherwise
     * @param copy whether the rows have to be copied again then
     */
    record Ask(String reason, List<String> statements, boolean copy) implements Verdict {
        public Ask {
            statements = List.copyOf(statements);
        }
    }

    /**
     * Its rows have to be copied again.
     *
     * @param why one clause, for people
     */
    record Copy(String why) implements Verdict {}

    /** It goes by another name, at both sides. */
    record Renamed(TableName to) implements Verdict {}
}
