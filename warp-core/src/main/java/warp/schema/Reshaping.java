package warp.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Column;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TableRule;
import warp.plan.Pairing;
import warp.postgres.Session;
import warp.sql.ReshapingStatements;

/**
 * Brings a schema that was just made from the source's definitions into the shape that the rules
 * ask for: columns that are left out are dropped, columns and tables get their new names and
 * schemas. The tables are still empty.
 *
 * <p>Partitions have their columns from the partitioned table at the top, so that is altered in
 * their place. A run that dies in the middle leaves tables under either name; both count as in the
 * way when the schema is made again.
 */
public final class Reshaping {

    private final Pairing pairing;

    /** What is altered in the end, by its name at the source. */
    private final Map<TableName, Table> altered = new LinkedHashMap<>();

    /** Partitions that go into another schema, or get another name, themselves. */
    private final Set<TableName> moved = new LinkedHashSet<>();

    private Reshaping(Collection<Table> tables, Pairing pairing) {
        this.pairing = pairing;
        for (Table table : tables) {
            List<TableName> above = pairing.ancestorsOf(table.name());
            TableName top = above.isEmpty() ? table.name() : above.getLast();
            if (changesColumns(table, pairing.ruleOf(top)) || isMoved(top)) {
                altered.putIfAbsent(top, table);
            } else if (changesColumns(table, pairing.ruleOf(table.name()))) {
                // Columns of a single partition: the server refuses, and says why.
                altered.putIfAbsent(table.name(), table);
            }
            boolean intoOne = pairing.receiverOf(table.name()).equals(pairing.receiverOf(top));
            if (!above.isEmpty() && !intoOne && isMoved(table.name())) {
                moved.add(table.name());
            }
        }
    }

    private static boolean changesColumns(Table table, TableRule rule) {
        return table.columns().stream()
                .anyMatch(column ->
                        !rule.takes(column.name())
                                || !rule.receiverOf(column.name()).equals(column.name()));
    }

    private boolean isMoved(TableName table) {
        return !pairing.receiverOf(table).equals(table);
    }

    /**
     * Alters the tables, each in a transaction of its own.
     *
     * @param tables of the source, as they were made at the destination under the same names
     * @throws WarpException CONFLICT where one cannot be altered, with its statements
     */
    public static void run(Session destination, Collection<Table> tables, Pairing pairing) {
        if (pairing.rules().none()) {
            return;
        }
        Reshaping work = new Reshaping(tables, pairing);
        work.altered.forEach(
                (name, table) -> alter(destination, name, work.statements(name, table)));
        work.moved.forEach(name ->
                alter(destination, name, ReshapingStatements.move(name, pairing.receiverOf(name))));
    }

    /** The names that tables of the source get at the destination, where those are others. */
    public static List<TableName> newNames(Collection<Table> tables, Pairing pairing) {
        Set<TableName> names = new LinkedHashSet<>();
        for (Table table : tables) {
            List<TableName> all = new ArrayList<>(pairing.ancestorsOf(table.name()));
            all.add(table.name());
            for (TableName name : all) {
                TableName receiver = pairing.receiverOf(name);
                if (!receiver.equals(name)) {
                    names.add(receiver);
                }
            }
        }
        return List.copyOf(names);
    }

    private List<String> statements(TableName name, Table table) {
        TableRule rule = pairing.ruleOf(name);
        List<String> statements = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (Column column : table.columns()) {
            if (rule.takes(column.name())) {
                left.add(column.name());
            } else {
                statements.add(ReshapingStatements.dropColumn(name, column.name()));
            }
        }
        for (String column : left) {
            if (!rule.receiverOf(column).equals(column)) {
                statements.add(
                        ReshapingStatements.renameColumn(name, column, rule.receiverOf(column)));
            }
        }
        statements.addAll(ReshapingStatements.move(name, pairing.receiverOf(name)));
        return statements;
    }

    private static void alter(Session destination, TableName name, List<String> statements) {
        if (statements.isEmpty()) {
            return;
        }
        try {
            destination.transaction(() -> statements.forEach(destination::run));
        } catch (WarpException problem) {
            if (problem.code() != ErrorCode.STATEMENT) {
                throw problem;
            }
            throw new WarpException(
                            ErrorCode.CONFLICT,
                            "table %s cannot get the shape that its rule asks for: %s"
                                    .formatted(name, problem.getMessage()),
                            problem)
                    .at(problem.side().orElse(destination.side()))
                    .sqlState(problem.sqlState().orElse(null))
                    .hint("tried: " + String.join("; ", statements) + ";")
                    .hint(
                            "Leave out what stands in the way, or make the tables by hand and run"
                                    + " without --sync-schema.");
        }
    }
}
