package warp.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import warp.error.WarpException;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.schema.Removal.Owed;
import warp.sql.SchemaStatements;
import warp.state.Removed;

/**
 * Stands in for {@code session_replication_role = replica} where the role may not set it: what
 * would act on the rows that Warp writes is switched off for everybody, triggers and rules, or
 * taken away, foreign keys, whose own triggers only a superuser can switch off. The role must own
 * the tables.
 *
 * <p>All of it is owed until {@code --clean}, as changes are applied until then. It can be run at
 * any time and again: it finds what fires now, so also what somebody has made since the last time.
 * It must run before the first row is written by the process, and then nothing fires, since nobody
 * else makes triggers on tables that are being filled; one who does sees it fire until Warp starts
 * again.
 */
public final class ReplicaStandIn {

    private static final CatalogQuery TRIGGERS =
            CatalogQuery.of(ReplicaStandIn.class, "firing_triggers");
    private static final CatalogQuery RULES = CatalogQuery.of(ReplicaStandIn.class, "firing_rules");
    private static final CatalogQuery REFERENCES =
            CatalogQuery.of(ReplicaStandIn.class, "all_references");

    private final Session destination;
    private final Removal removal;
    private final List<Removed> removed = new ArrayList<>();

    private ReplicaStandIn(Session destination, String slot) {
        this.destination = destination;
        this.removal = new Removal(destination, slot);
    }

    /**
     * Switches off or takes away what would act on rows of these tables.
     *
     * @param destination not in a transaction; schema {@code warp} is installed
     * @return what was taken just now
     * @throws warp.error.WarpException where the role may not; what is gone by then is written down
     */
    public static List<Removed> quieten(Session destination, String slot, List<TablePair> tables) {
        ReplicaStandIn standIn = new ReplicaStandIn(destination, slot);
        List<String> oids =
                tables.stream()
                        .map(TablePair::destination)
                        .map(Table::oid)
                        .distinct()
                        .map(Integer::toUnsignedString)
                        .toList();
        Set<TableName> spread =
                tables.stream()
                        .map(TablePair::destination)
                        .filter(table -> table.distribution() != null)
                        .map(Table::name)
                        .collect(Collectors.toSet());
        standIn.dropReferences(oids, spread);
        standIn.disableRules(oids);
        standIn.disableTriggers(oids);
        return List.copyOf(standIn.removed);
    }

    /**
     * @param spread tables of Citus
     */
    private void dropReferences(List<String> tables, Set<TableName> spread) {
        for (Row row : REFERENCES.rows(destination, tables)) {
            TableName table = table(row);
            String name = row.text("constraint_name");
            // Before 18 a partitioned table takes none that is NOT VALID, nor does Citus.
            boolean later =
                    row.flag("validated") && !row.flag("partitioned") && !spread.contains(table);
            List<String> statements = new ArrayList<>();
            statements.add(
                    SchemaStatements.addReference(
                            table, name, row.text("definition") + (later ? " NOT VALID" : "")));
            row.optionalText("constraint_comment")
                    .map(comment -> SchemaStatements.commentOnConstraint(table, name, comment))
                    .ifPresent(statements::add);
            List<Owed> owed = new ArrayList<>();
            owed.add(new Owed(Removed.Kind.REFERENCE, table, name, statements));
            if (later) {
                owed.add(
                        new Owed(
                                Removed.Kind.REFERENCE_CHECK,
                                table,
                                name,
                                List.of(SchemaStatements.validateConstraint(table, name))));
            }
            removed.addAll(removal.take(SchemaStatements.dropReference(table, name), owed));
        }
    }

    private void disableRules(List<String> tables) {
        for (Row row : RULES.rows(destination, tables)) {
            TableName table = table(row);
            String rule = row.text("rule_name");
            String back = SchemaStatements.enableRule(table, rule, row.flag("always"));
            removed.addAll(
                    removal.take(
                            SchemaStatements.disableRule(table, rule),
                            List.of(new Owed(Removed.Kind.RULE, table, rule, List.of(back)))));
        }
    }

    private void disableTriggers(List<String> tables) {
        for (Row row : TRIGGERS.rows(destination, tables)) {
            TableName table = table(row);
            String trigger = row.text("trigger_name");
            String back =
                    row.flag("always")
                            ? SchemaStatements.enableTrigger(table, trigger, true)
                            : SchemaStatements.enableOrdinaryTrigger(table, trigger);
            Owed owed = new Owed(Removed.Kind.TRIGGER, table, trigger, List.of(back));
            try {
                removed.addAll(
                        removal.take(
                                SchemaStatements.disableTrigger(table, trigger), List.of(owed)));
            } catch (WarpException refused) {
                throw refused.hint(
                        "From 11 to 14 only a superuser switches off a trigger that a partition has"
                                + " from its parent: drop it there, and make it again after"
                                + " --clean.");
            }
        }
    }

    private static TableName table(Row row) {
        return new TableName(row.text("schema_name"), row.text("table_name"));
    }
}
