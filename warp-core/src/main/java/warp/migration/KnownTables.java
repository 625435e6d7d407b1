package warp.migration;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.ddl.SourceTable;
import warp.ddl.SourceTables;
import warp.model.KnownTable;
import warp.model.TableName;
import warp.postgres.Session;
import warp.state.HoldStore;

/** Keeps what the source's tables were like when they last fitted the destination. */
final class KnownTables {

    private KnownTables() {}

    /** Notes the tables down as they are now; they must not be altered meanwhile. */
    static void remember(Session source, Session destination, String slot, List<TableName> tables) {
        Set<TableName> names = new HashSet<>(tables);
        List<KnownTable> known =
                new SourceTables(source)
                        .all().stream()
                                .filter(table -> names.contains(table.name()))
                                .map(table -> table.known(table.name()))
                                .toList();
        new HoldStore(destination, slot).knowAll(known);
    }

    /**
     * What is known, after the files of tables that only were written anew (TRUNCATE, VACUUM FULL)
     * have been brought up to date: a column added later would else be taken to have written the
     * rows anew.
     */
    static Map<TableName, KnownTable> refreshed(Session source, HoldStore store) {
        Map<TableName, KnownTable> known = new HashMap<>(store.known());
        Map<Integer, SourceTable> byOid = new HashMap<>();
        new SourceTables(source).all().forEach(table -> byOid.put(table.oid(), table));
        for (KnownTable before : List.copyOf(known.values())) {
            SourceTable now = byOid.get(before.oid());
            if (now != null
                    && now.fileNode() != before.fileNode()
                    && now.columns().equals(before.columns())) {
                KnownTable same = now.known(before.name());
                store.know(same);
                known.put(before.name(), same);
            }
        }
        return known;
    }
}
