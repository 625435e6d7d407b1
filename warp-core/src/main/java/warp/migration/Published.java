package warp.migration;

import java.util.ArrayList;
import java.util.List;
import warp.model.Keyless;
import warp.model.Table;
import warp.model.TableName;
import warp.plan.Pairing;

/**
 * What a publication is made of.
 *
 * @param whole tables of which everything is published
 * @param insertsOnly tables without a key, whose updates must not be published: they would fail
 */
record Published(List<TableName> whole, List<TableName> insertsOnly) {

    Published {
        whole = List.copyOf(whole);
        insertsOnly = List.copyOf(insertsOnly);
    }

    /** Of all tables that take part, by what the rules say about those without a key. */
    static Published of(List<Table> tables, Pairing pairing) {
        List<TableName> whole = new ArrayList<>();
        List<TableName> insertsOnly = new ArrayList<>();
        for (Table table : tables) {
            boolean inserts =
                    !table.hasUsableIdentity()
                            && pairing.ruleOf(table.name()).keyless()
                                    instanceof Keyless.InsertsOnly;
            (inserts ? insertsOnly : whole).add(table.name());
        }
        return new Published(whole, insertsOnly);
    }
}
