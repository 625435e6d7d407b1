package warp.sequences;

import java.util.List;
import warp.model.TableName;

/**
 * What one pass over the sequences came to.
 *
 * @param compared how many are there at both sides
 * @param set those whose value was changed at the destination
 * @param further those that the destination has used beyond the source's value, and that stay as
 *     they are
 * @param refused those that could not be read or set; each stays as it is
 */
public record Following(
        int compared, List<TableName> set, List<TableName> further, List<Refused> refused) {

    public Following {
        set = List.copyOf(set);
        further = List.copyOf(further);
        refused = List.copyOf(refused);
    }
}
