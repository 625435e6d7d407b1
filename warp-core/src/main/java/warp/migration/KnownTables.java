package warp.migration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.ddl.SourceTable;
import warp.ddl.SourceTables;
import warp.model.Column;
import warp.model.KnownTable;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Session;
import warp.state.HoldStore;

/** Keeps what the source's tables were like when they last fitted the destination. */
final class KnownTables {

    private KnownTables() {}

    /** Notes the tables down as they are now; they must not be altered meanwhile. */
    static void remember(Session source, Session destination, String slot, List<TablePair> pairs) {
        Map<TableName, TablePair> byName = new HashMap<>();
        pairs.forEach(pair -> byName.put(pair.name(), pair));
        List<KnownTable> known = new ArrayList<>();
        for (SourceTable table : new SourceTables(source).all()) {
            TablePair pair = byName.get(table.name());
            if (pair != null) {
                known.add(received(table.known(table.name()), pair));
            }
        }
        new HoldStore(destination, slot).knowAll(known);
    }

    /** The table with the columns that receive it. */
    static KnownTable received(KnownTable table, TablePair pair) {
        return table.receivedBy(column -> pair.receiver(column).map(Column::number).orElse(0));
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
                    && before.hasColumns(now.columns())) {
                KnownTable same = before.in(now.fileNode());
                store.know(same);
                known.put(before.name(), same);
            }
        }
        return known;
    }
}
