package warp.migration;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.plan.TableRules;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.state.MigrationRecord;
import warp.state.MigrationStore;

/**
 * The tables of a migration that has begun, paired as it began with: by the tables it noted down,
 * and by rules that may not change under way, as half of the rows would have gone another way.
 */
final class KnownPairs {

    private KnownPairs() {}

    /** The tables that this migration began with, as they are now, with their receivers. */
    static List<TablePair> read(
            Session source, Session destination, MigrationStore store, MigrationSettings settings) {
        Set<TableName> known = new HashSet<>(store.tables());
        List<Table> tables =
                Catalog.tables(source).stream()
                        .filter(table -> known.contains(table.name()))
                        .toList();
        TableRules rules = TableRules.of(settings.options().rules());
        return bounded(
                source,
                new Pairing(rules, rules.none() ? Map.of() : Catalog.partitionAncestors(source))
                        .pairs(tables, Catalog.receivers(destination)));
    }

    /** With what tells the rows of one partition from those of others in the same receiver. */
    static List<TablePair> bounded(Session source, List<TablePair> pairs) {
        List<Table> sharing =
                pairs.stream().filter(TablePair::shared).map(TablePair::source).toList();
        Map<TableName, String> bounds = Catalog.partitionBounds(source, sharing);
        return pairs.stream().map(pair -> pair.within(bounds.get(pair.name()))).toList();
    }

    /**
     * Makes sure that the rules are those that the migration began with.
     *
     * @throws WarpException STATE where they are not
     */
    static void requireSameRules(MigrationRecord known, MigrationSettings settings) {
        String now = TableRules.of(settings.options().rules()).text();
        if (known.rules().equals(now)) {
            return;
        }
        throw new WarpException(
                        ErrorCode.STATE,
                        "the rules are not those that this migration began with: rows that are"
                                + " there already would not follow the new ones")
                .at(Side.DESTINATION)
                .hint(
                        known.rules().isEmpty()
                                ? "It began without rules and without --keyless."
                                : "It began with these; put them back: " + known.rules())
                .hint(
                        "Or start over with the new ones: the same command with --clean, then"
                                + " without.");
    }
}
