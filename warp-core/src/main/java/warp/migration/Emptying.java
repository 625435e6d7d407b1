package warp.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Gatherers;
import warp.config.ConnectionSettings;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Prompt;
import warp.sql.CitusStatements;
import warp.sql.CopyStatements;
import warp.sql.DestinationStatements;
import warp.sql.HoldStatements;
import warp.sql.SchemaStatements;

/**
 * Empties the destination's tables before a copy: never rows that a person has not agreed to lose.
 */
final class Emptying {

    private static final int NAMES_SHOWN = 10;
    private static final int TABLES_AT_ONCE = 300;

    /** "feature_not_supported": what TRUNCATE says of a table that another one references. */
    private static final String REFERENCED = "0A000";

    private final MigrationSettings settings;
    private final EventLog log;

    Emptying(MigrationSettings settings, EventLog log) {
        this.settings = settings;
        this.log = log;
    }

    /**
     * Asks whether the tables may be truncated, where any of them has rows.
     *
     * @param filled those that have rows
     * @throws WarpException REFUSED where the answer is not yes
     */
    void requireConsent(List<TableName> filled, Prompt prompt) {
        if (filled.isEmpty() || settings.assumeYes()) {
            return;
        }
        ConnectionSettings where = settings.destination();
        String question =
                "Run TRUNCATE on destination: %s (tables with rows: %s)"
                        .formatted(where.display(), shown(filled));
        if (!prompt.confirm(question)) {
            throw new WarpException(
                            ErrorCode.REFUSED,
                            "the destination's tables may not be truncated: nothing was changed")
                    .at(Side.DESTINATION)
                    .hint("Answer yes, or give --yes; or leave tables out with --exclude-table.");
        }
    }

    private static String shown(List<TableName> tables) {
        String names =
                String.join(
                        ", ", tables.stream().limit(NAMES_SHOWN).map(TableName::toString).toList());
        return tables.size() > NAMES_SHOWN
                ? names + " and " + (tables.size() - NAMES_SHOWN) + " more"
                : names;
    }

    /**
     * Truncates those that have rows, some hundreds at a time: each table takes a few of the
     * server's places for locks until its transaction ends. Tables that foreign keys tie to tables
     * outside of their portion wait for the end, where they go in one statement.
     */
    void truncate(Session destination, List<TablePair> tables) {
        // A receiver of several tables stands in the pairs more than once.
        Collection<Table> receivers = receivers(tables);
        Set<Integer> filled = Catalog.filled(destination, receivers);
        List<Table> names =
                receivers.stream()
                        .filter(table -> table.partitioned() || filled.contains(table.oid()))
                        .toList();
        if (names.isEmpty()) {
            return;
        }
        log.info("Truncating destination tables...");
        if (names.stream().anyMatch(table -> table.distribution() != null)) {
            destination.run(CitusStatements.SESSION);
        }
        List<Table> tied = new ArrayList<>();
        for (int from = 0; from < names.size(); from += TABLES_AT_ONCE) {
            List<Table> portion =
                    names.subList(from, Math.min(from + TABLES_AT_ONCE, names.size()));
            if (portion.size() == names.size() || !truncated(destination, portion)) {
                tied.addAll(portion);
            }
        }
        // A table without rows stands in the way as well, where it refers to one that has some.
        if (!tied.isEmpty() && !truncated(destination, tied)) {
            destination.run(DestinationStatements.truncate(List.copyOf(receivers)));
        }
    }

    private static Collection<Table> receivers(List<TablePair> tables) {
        Map<TableName, Table> receivers = new LinkedHashMap<>();
        tables.forEach(pair -> receivers.put(pair.destination().name(), pair.destination()));
        return receivers.values();
    }

    private static boolean truncated(Session destination, List<Table> portion) {
        try {
            destination.run(DestinationStatements.truncate(portion));
            return true;
        } catch (WarpException problem) {
            if (problem.hasSqlState(REFERENCED)) {
                return false;
            }
            throw problem;
        }
    }

    /** As {@link #emptyAlone}, some hundreds of tables to a transaction. */
    static void emptyEach(Session destination, List<TablePair> tables, boolean replicaRole) {
        Collection<Table> all = receivers(tables);
        Set<Integer> filled = Catalog.filled(destination, all);
        tables.stream()
                .filter(pair ->
                        pair.destination().partitioned()
                                || filled.contains(pair.destination().oid()))
                .gather(Gatherers.windowFixed(TABLES_AT_ONCE))
                .forEach(some ->
                        destination.transaction(() -> emptyAlone(destination, some, replicaRole)));
    }

    /**
     * Empties tables and touches no other, whatever refers to them: by TRUNCATE where the server
     * takes it alone, else row by row. In the session's transaction.
     */
    static void emptyAlone(Session destination, List<TablePair> tables, boolean replicaRole) {
        Set<TableName> alone = new HashSet<>();
        destination
                .query(CopyStatements.truncatable())
                .forEach(row ->
                        alone.add(new TableName(row.text("schema_name"), row.text("table_name"))));
        if (replicaRole) {
            destination.run(SchemaStatements.LOCAL_REPLICA_ROLE);
        }
        for (Table table : receivers(tables)) {
            destination.run(
                    alone.contains(table.name())
                            ? CopyStatements.truncate(table)
                            : HoldStatements.empty(table));
        }
    }
}
