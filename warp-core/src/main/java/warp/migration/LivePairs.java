package warp.migration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.config.MigrationSettings;
import warp.model.KnownTable;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.plan.TableRules;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.state.MigrationStore;

/**
 * The tables of a migration as pairs, as both catalogs have them now, under the migration's names:
 * also those that the source has renamed or dropped since, whose changes may still be to come.
 */
final class LivePairs {

    private LivePairs() {}

    /** Those that the destination has a receiver for. */
    static List<TablePair> of(
            Session source,
            Session destination,
            MigrationStore store,
            MigrationSettings settings,
            Map<TableName, KnownTable> known) {
        Map<TableName, Table> byName = new HashMap<>();
        Map<Integer, Table> byOid = new HashMap<>();
        for (Table table : Catalog.tables(source)) {
            byName.put(table.name(), table);
            byOid.put(table.oid(), table);
        }
        List<Table> receivers = Catalog.receivers(destination);
        Map<TableName, Table> receiversByName = new HashMap<>();
        receivers.forEach(table -> receiversByName.put(table.name(), table));
        Pairing pairing = pairing(source, settings);
        List<Table> tables = new ArrayList<>();
        for (TableName name : store.tables()) {
            KnownTable before = known.get(name);
            Optional.ofNullable(before == null ? null : byOid.get(before.oid()))
                    .or(() -> Optional.ofNullable(byName.get(name)))
                    // Dropped: what is still to come of it looks like the receiver.
                    .or(() -> Optional.ofNullable(receiversByName.get(pairing.receiverOf(name))))
                    .ifPresent(from -> tables.add(from.named(name)));
        }
        return KnownPairs.bounded(source, pairing.pairs(tables, receivers));
    }

    /** By the rules of the migration. */
    static Pairing pairing(Session source, MigrationSettings settings) {
        TableRules rules = TableRules.of(settings.options().rules());
        return new Pairing(rules, rules.none() ? Map.of() : Catalog.partitionAncestors(source));
    }
}
