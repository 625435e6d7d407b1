package warp.schema;

import java.util.ArrayList;
import java.util.List;
import warp.error.WarpException;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.schema.Removal.Owed;
import warp.sql.SchemaStatements;
import warp.sql.SchemaStatements.KeyKind;
import warp.sql.SchemaStatements.KeyTiming;
import warp.state.Removed;

/**
 * Takes out of the copy's way what makes loading slow or refuses rows that come in another order:
 * triggers that would fire for a replica, checks that old rows may break, then foreign keys, then
 * keys and secondary indexes of the larger tables.
 *
 * <p>Each object goes in one transaction that also writes into {@code warp.removed} how to put it
 * back, so a crash at any moment loses nothing: {@link Restoration} finds what is owed. Running it
 * again takes away what is there by then.
 *
 * <p>What stays: everything but triggers of tables that Citus has spread; indexes of exclusion
 * constraints and of keys WITHOUT OVERLAPS, indexes attached to those of a partitioned table,
 * foreign keys from or to partitioned tables, and whatever a view or another object depends on.
 */
public final class Dismantling {

    /** Below this an index costs nothing worth the catalog changes. */
    static final long TABLE_BYTES_MIN = 1 << 20;

    /** "dependent_objects_still_exist". */
    private static final String HAS_DEPENDENTS = "2BP01";

    private static final CatalogQuery INDEXES = CatalogQuery.of(Dismantling.class, "indexes");
    private static final CatalogQuery FOREIGN_KEYS =
            CatalogQuery.of(Dismantling.class, "foreign_keys");
    private static final CatalogQuery NOT_VALID_CHECKS =
            CatalogQuery.of(Dismantling.class, "not_valid_checks");
    private static final CatalogQuery TRIGGERS = CatalogQuery.of(Dismantling.class, "triggers");

    private final Removal removal;
    private final List<Removed> removed = new ArrayList<>();
    private final List<Dismantled.LeftInPlace> leftInPlace = new ArrayList<>();

    private Dismantling(Session destination, String slot) {
        this.removal = new Removal(destination, slot);
    }

    /**
     * Takes away what is in the way of copying these tables.
     *
     * @param destination not in a transaction; schema {@code warp} is installed
     * @param keepIndexes indexes and foreign keys stay
     * @throws WarpException where the destination refuses for another reason than a dependent
     *     object; what is gone by then is written down
     */
    public static Dismantled remove(
            Session destination, String slot, List<TablePair> tables, boolean keepIndexes) {
        List<String> all = oids(tables);
        List<String> large =
                keepIndexes
                        ? List.of()
                        : oids(
                                tables.stream()
                                        .filter(pair -> pair.source().bytes() >= TABLE_BYTES_MIN)
                                        // Citus makes no key of an index that is there already.
                                        .filter(pair -> pair.destination().distribution() == null)
                                        .toList());
        List<List<Row>> found =
                destination.answers(
                        TRIGGERS.question(destination, all),
                        NOT_VALID_CHECKS.question(destination, all),
                        FOREIGN_KEYS.question(destination, large),
                        INDEXES.question(destination, large));
        Dismantling work = new Dismantling(destination, slot);
        work.disableTriggers(found.get(0));
        work.dropNotValidChecks(found.get(1));
        work.dropForeignKeys(found.get(2));
        work.dropIndexes(found.get(3));
        return new Dismantled(work.removed, work.leftInPlace);
    }

    private static List<String> oids(List<TablePair> tables) {
        return tables.stream()
                .map(TablePair::destination)
                .map(Table::oid)
                .map(Integer::toUnsignedString)
                .distinct()
                .toList();
    }

    private void disableTriggers(List<Row> triggers) {
        for (Row row : triggers) {
            TableName table = table(row);
            String trigger = row.text("trigger_name");
            take(
                    SchemaStatements.disableTrigger(table, trigger),
                    List.of(
                            new Owed(
                                    Removed.Kind.TRIGGER,
                                    table,
                                    trigger,
                                    List.of(
                                            SchemaStatements.enableTrigger(
                                                    table, trigger, row.flag("always"))))));
        }
    }

    /** They hold for rows that are written from now on: a copied row may be one of those before. */
    private void dropNotValidChecks(List<Row> checks) {
        for (Row row : checks) {
            TableName table = table(row);
            String name = row.text("constraint_name");
            take(
                    SchemaStatements.dropInheritedConstraint(table, name),
                    List.of(
                            new Owed(
                                    Removed.Kind.CHECK,
                                    table,
                                    name,
                                    withComment(
                                            row,
                                            table,
                                            name,
                                            SchemaStatements.addInheritedConstraint(
                                                    table, name, row.text("definition"))))));
        }
    }

    /** Adds the constraint, and gives it its comment back. */
    private static List<String> withComment(Row row, TableName table, String name, String add) {
        List<String> statements = new ArrayList<>();
        statements.add(add);
        row.optionalText("constraint_comment")
                .map(comment -> SchemaStatements.commentOnConstraint(table, name, comment))
                .ifPresent(statements::add);
        return statements;
    }

    private void dropForeignKeys(List<Row> keys) {
        for (Row row : keys) {
            TableName table = table(row);
            String name = row.text("constraint_name");
            boolean validated = row.flag("validated");
            // The definition of a key that was never validated ends in NOT VALID already.
            String definition = row.text("definition") + (validated ? " NOT VALID" : "");
            List<Owed> owed = new ArrayList<>();
            owed.add(
                    new Owed(
                            Removed.Kind.FOREIGN_KEY,
                            table,
                            name,
                            withComment(
                                    row,
                                    table,
                                    name,
                                    SchemaStatements.addConstraint(table, name, definition))));
            if (validated) {
                owed.add(
                        new Owed(
                                Removed.Kind.VALIDATION,
                                table,
                                name,
                                List.of(SchemaStatements.validateConstraint(table, name))));
            }
            take(SchemaStatements.dropConstraint(table, name), owed);
        }
    }

    private void dropIndexes(List<Row> indexes) {
        for (Row row : indexes) {
            TableName table = table(row);
            String index = row.text("index_name");
            List<Owed> owed = new ArrayList<>();
            owed.add(new Owed(Removed.Kind.INDEX, table, index, build(row, table, index)));
            List<String> uses = uses(row, table, index);
            if (!uses.isEmpty()) {
                owed.add(new Owed(Removed.Kind.KEY, table, index, uses));
            }
            take(
                    row.optionalText("constraint_name")
                            .map(name -> SchemaStatements.dropConstraint(table, name))
                            .orElseGet(() -> SchemaStatements.dropIndex(table, index)),
                    owed);
        }
    }

    /** Nothing here locks the table against another index being built on it at the same time. */
    private static List<String> build(Row row, TableName table, String index) {
        List<String> statements = new ArrayList<>();
        statements.add(SchemaStatements.localTablespace(row.text("tablespace")));
        statements.add(row.text("definition"));
        for (String columnAndTarget : row.texts("statistics_targets")) {
            String[] parts = columnAndTarget.split(" ", 2);
            statements.add(
                    SchemaStatements.indexStatistics(
                            table, index, Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
        }
        row.optionalText("index_comment")
                .map(comment -> SchemaStatements.commentOnIndex(table, index, comment))
                .ifPresent(statements::add);
        return statements;
    }

    /**
     * What locks the table exclusively: a transaction of its own, since two that had built indexes
     * of one table would wait for each other here.
     */
    private static List<String> uses(Row row, TableName table, String index) {
        List<String> statements = new ArrayList<>();
        // The server gives a key and its index one name, and keeps it so.
        row.optionalText("constraint_name")
                .map(name -> SchemaStatements.addKeyUsingIndex(table, name, kind(row), timing(row)))
                .ifPresent(statements::add);
        row.optionalText("constraint_comment")
                .map(comment -> SchemaStatements.commentOnConstraint(table, index, comment))
                .ifPresent(statements::add);
        if (row.flag("clustered")) {
            statements.add(SchemaStatements.clusterOn(table, index));
        }
        if (row.flag("replica_identity")) {
            statements.add(SchemaStatements.replicaIdentityUsingIndex(table, index));
        }
        return statements;
    }

    private static KeyKind kind(Row row) {
        return row.flag("primary_key") ? KeyKind.PRIMARY_KEY : KeyKind.UNIQUE;
    }

    private static KeyTiming timing(Row row) {
        if (row.flag("deferred")) {
            return KeyTiming.DEFERRED;
        }
        return row.flag("deferrable") ? KeyTiming.DEFERRABLE : KeyTiming.IMMEDIATE;
    }

    private static TableName table(Row row) {
        return new TableName(row.text("schema_name"), row.text("table_name"));
    }

    /** One object: written down and gone, or neither. */
    private void take(String drop, List<Owed> owed) {
        try {
            removed.addAll(removal.take(drop, owed));
        } catch (WarpException refused) {
            if (!refused.hasSqlState(HAS_DEPENDENTS)) {
                throw refused;
            }
            Owed first = owed.getFirst();
            leftInPlace.add(
                    new Dismantled.LeftInPlace(
                            first.table(), first.object(), String.valueOf(refused.getMessage())));
        }
    }
}
