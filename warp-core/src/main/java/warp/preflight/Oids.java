package warp.preflight;

import java.util.List;
import warp.model.Table;

/** OIDs of tables as a query takes them: a list of texts. */
final class Oids {

    private Oids() {}

    static List<String> of(List<Table> tables) {
        return tables.stream().map(table -> Integer.toUnsignedString(table.oid())).toList();
    }
}
