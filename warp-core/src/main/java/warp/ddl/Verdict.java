package warp.ddl;

import java.util.List;
import org.jspecify.annotations.Nullable;
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
     * @param known what the table is known as by the transaction of the statements; null where it
     *     takes more than these to be that
     */
    record Alter(String what, List<String> statements, boolean copy, @Nullable KnownTable known)
            implements Verdict {
        public Alter {
            statements = List.copyOf(statements);
        }
    }

    /**
     * Somebody has made a column at the destination in advance. Its rows may have other values than
     * the source's have: then the table has to be copied again.
     *
     * @param queries each finds a row where one does
     * @param known what the table is known as where none does
     */
    record Compare(List<String> queries, KnownTable known) implements Verdict {
        public Compare {
            queries = List.copyOf(queries);
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
