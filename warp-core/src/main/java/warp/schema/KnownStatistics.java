package warp.schema;

import java.util.Optional;
import warp.model.Table;
import warp.model.TablePair;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;

/**
 * What the source's planner knows of a table, told to the destination's ("Statistics Manipulation
 * Functions" in the manual, from 18 on), where ANALYZE would read the table once more. The planner
 * then plans as it did at the source.
 *
 * <p>Only what is as good as what ANALYZE finds: fresh, of all columns, of the same types and
 * collations, and of rows that all travel.
 */
public final class KnownStatistics {

    /** Of a smaller table ANALYZE takes no longer than to ask both servers. */
    private static final long WORTH_ASKING_BYTES = 8L << 20;

    private static final int TAKES_FROM_VERSION = 18;

    private static final CatalogQuery KNOWN =
            CatalogQuery.of(KnownStatistics.class, "known_statistics");
    private static final CatalogQuery TAKE_OVER =
            CatalogQuery.of(KnownStatistics.class, "take_over_statistics");

    private final TablePair pair;
    private final Row row;

    private KnownStatistics(TablePair pair, Row row) {
        this.pair = pair;
        this.row = row;
    }

    /** Whether it is worth to ask the source; what can be told without either server. */
    public static boolean areOfUse(TablePair pair) {
        return pair.source().bytes() >= WORTH_ASKING_BYTES
                && takesEverything(pair)
                && !pair.destination().partitioned()
                && pair.destination().distribution() == null;
    }

    /** Every row of one table with every column, each under its name. */
    private static boolean takesEverything(TablePair pair) {
        return !pair.shared()
                && pair.filter().isEmpty()
                && pair.rule().renamed().isEmpty()
                && pair.travelling().size() == pair.source().copiedColumns().size();
    }

    /** Whether a server can be told at all. */
    public static boolean canBeToldTo(Session destination) {
        return destination.version().atLeast(TAKES_FROM_VERSION);
    }

    /** Those of the source's table of a pair; empty where they are not fit to be told. */
    public static Optional<KnownStatistics> of(Session source, TablePair pair) {
        return KNOWN.firstRow(source, oid(pair.source()))
                .map(row -> new KnownStatistics(pair, row));
    }

    /**
     * Tells them of the destination's table, in one statement, once it holds all rows and has its
     * indexes.
     *
     * @return whether all were taken; where not, ANALYZE replaces what was
     */
    public boolean tell(Session destination) {
        String receiver = oid(pair.destination());
        return TAKE_OVER
                .firstRow(
                        destination,
                        row.text("columns"),
                        receiver,
                        receiver,
                        row.integer("version"),
                        row.real("rows_estimated"),
                        row.integer("version"))
                .map(answer -> answer.flag("taken"))
                .orElse(false);
    }

    private static String oid(Table table) {
        return Integer.toUnsignedString(table.oid());
    }
}
