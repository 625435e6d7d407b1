package warp.ddl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import warp.ddl.SourceTable.Definition;
import warp.model.TableName;
import warp.postgres.Session;
import warp.sql.DefinitionStatements;

/**
 * The statements that make a table of the source at the destination, read from the catalog: columns
 * with defaults, identity and sequences, keys, checks, indexes, its place below a parent. Without
 * foreign keys, triggers, policies and grants.
 */
public final class TableCreation {

    private final SourceTables source;
    private final ColumnText text;
    private final boolean identities;

    public TableCreation(SourceTables source, Session destination) {
        this.source = source;
        this.text = new ColumnText(destination.version());
        this.identities = destination.version().atLeast(10);
    }

    /**
     * Makes the table.
     *
     * @param parent what it is a partition of, as the destination calls it; empty where it is none
     */
    public List<String> statements(SourceTable table, Optional<TableName> parent) {
        List<Definition> columns = source.definitions(table.oid());
        TableName name = table.name();
        List<String> statements = new ArrayList<>();
        statements.add(DefinitionStatements.createSchema(name.schema()));
        String key = source.partitionKey(table.oid()).orElse(null);
        Optional<String> bound = source.bound(table.oid());
        if (parent.isPresent() && bound.isPresent()) {
            statements.add(
                    DefinitionStatements.createPartition(name, parent.get(), bound.get(), key));
        } else {
            columns.forEach(column -> statements.addAll(text.sequencesFor(column)));
            statements.add(
                    DefinitionStatements.createTable(
                            name, columns.stream().map(text::full).toList(), key));
            columns.forEach(column -> statements.addAll(text.ownedSequence(name, column)));
            if (identities) {
                columns.stream()
                        .filter(column -> !column.identity().isEmpty())
                        .forEach(column ->
                                statements.add(
                                        DefinitionStatements.addIdentity(
                                                name,
                                                column.name(),
                                                column.identity().equals("a"))));
            }
        }
        source.constraints(table.oid())
                .forEach(row ->
                        statements.add(
                                DefinitionStatements.addConstraint(
                                        name, row.text("name"), row.text("definition"))));
        statements.addAll(source.indexes(table.oid()));
        return statements;
    }
}
