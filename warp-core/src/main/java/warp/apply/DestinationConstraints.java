package warp.apply;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import warp.sql.ApplyStatements;

/**
 * What the destination's catalog says of a table, as far as it makes a difference whether its rows
 * change one after the other or together.
 *
 * <p>A unique index or exclusion constraint does, unless no UPDATE in place touches its columns:
 * while two rows exchange a unique value, each state in between has to be right, and a single
 * statement comes to them in an order of its own. A trigger or rule does that fires: it sees, or
 * is, something else. And an index must say that no key is there twice, or a row that is missing
 * and one too many would pass for two found.
 */
final class DestinationConstraints {

    private final List<Set<Integer>> unique = new ArrayList<>();
    private final List<Set<Integer>> identifying = new ArrayList<>();
    private boolean fires;

    /**
     * @param lines what {@link ApplyStatements#constraintsOf} gives
     */
    DestinationConstraints(List<String> lines) {
        for (String line : lines) {
            List<String> part = Arrays.asList(line.split(" "));
            if (part.getFirst().equals(ApplyStatements.FIRES)) {
                fires = true;
                continue;
            }
            Set<Integer> columns = new HashSet<>();
            part.subList(1, part.size()).forEach(number -> columns.add(Integer.valueOf(number)));
            unique.add(columns);
            if (part.getFirst().equals(ApplyStatements.IDENTIFYING)) {
                identifying.add(columns);
            }
        }
    }

    /**
     * Whether rows of different keys may be updated in place, or deleted, by one statement instead
     * of one by one.
     */
    boolean allowRuns(SetRelation relation, Operation operation) {
        Set<Integer> keys = new HashSet<>();
        for (int key : relation.keys()) {
            keys.add(relation.target().column(key).number());
        }
        return !fires
                && identifying.stream().anyMatch(keys::containsAll)
                && (operation == Operation.DELETE || unique.stream().allMatch(keys::containsAll));
    }
}
