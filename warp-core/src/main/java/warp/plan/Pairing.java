package warp.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.model.Keyless;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.model.TableRule;

/**
 * Finds for each table of the source the table of the destination that receives its rows: the one
 * place where that is decided. Immutable.
 */
public final class Pairing {

    private final TableRules rules;
    private final Map<TableName, List<TableName>> ancestors;

    /**
     * @param ancestors the partitioned tables above each leaf partition of the source; not needed
     *     where there are no rules
     */
    public Pairing(TableRules rules, Map<TableName, List<TableName>> ancestors) {
        this.rules = rules;
        this.ancestors = Map.copyOf(ancestors);
    }

    public TableRules rules() {
        return rules;
    }

    /** The partitioned tables above a table of the source, the nearest first. */
    public List<TableName> ancestorsOf(TableName table) {
        return ancestors.getOrDefault(table, List.of());
    }

    /**
     * What the rules say about a table of the source.
     *
     * @throws warp.error.WarpException CONFIG where two of them say the same thing
     */
    public TableRule ruleOf(TableName table) {
        return rules.of(table, ancestorsOf(table));
    }

    /** What a table of the source is called at the destination. */
    public TableName receiverOf(TableName table) {
        return ruleOf(table).receiverOf(table);
    }

    /** Whether a table of the source is left out for having no key. */
    public boolean leavesOut(Table table) {
        return !table.hasUsableIdentity()
                && ruleOf(table.name()).keyless() instanceof Keyless.Exclude;
    }

    /**
     * Each table of the source with its receiver; those without one are left out.
     *
     * @param source all that take part, since a receiver may be shared
     * @param destination with the partitioned tables, which may receive rows as well
     */
    public List<TablePair> pairs(Collection<Table> source, Collection<Table> destination) {
        Map<TableName, Table> receivers = new HashMap<>();
        destination.forEach(table -> receivers.put(table.name(), table));
        Map<TableName, TableRule> said = new HashMap<>();
        Map<TableName, Integer> sources = new HashMap<>();
        for (Table table : source) {
            TableRule rule = ruleOf(table.name());
            said.put(table.name(), rule);
            sources.merge(rule.receiverOf(table.name()), 1, Integer::sum);
        }
        List<TablePair> pairs = new ArrayList<>();
        for (Table table : source) {
            TableRule rule = said.getOrDefault(table.name(), TableRule.NONE);
            TableName name = rule.receiverOf(table.name());
            Table receiver = receivers.get(name);
            if (receiver != null) {
                boolean shared = sources.getOrDefault(name, 1) > 1;
                pairs.add(new TablePair(table, receiver, rule, shared, null));
            }
        }
        return List.copyOf(pairs);
    }

    /**
     * Tables of the source that would share a receiver though they are not partitions of one table,
     * by receiver.
     */
    public Map<TableName, List<TableName>> collisions(Collection<Table> source) {
        Map<TableName, List<TableName>> bySource = new HashMap<>();
        for (Table table : source) {
            bySource.computeIfAbsent(receiverOf(table.name()), _ -> new ArrayList<>())
                    .add(table.name());
        }
        bySource.values().removeIf(names -> names.size() < 2 || areOneTable(names));
        return bySource;
    }

    private boolean areOneTable(List<TableName> names) {
        return names.stream().map(this::root).distinct().count() == 1;
    }

    private TableName root(TableName table) {
        List<TableName> above = ancestorsOf(table);
        return above.isEmpty() ? table : above.getLast();
    }
}
