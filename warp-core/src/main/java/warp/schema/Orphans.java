package warp.schema;

import java.util.List;
import java.util.Optional;
import warp.error.WarpException;
import warp.model.TableName;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.SchemaStatements;
import warp.sql.SchemaStatements.Reference;

/** Finds a row that keeps a foreign key from being validated. */
final class Orphans {

    private static final CatalogQuery COLUMNS =
            CatalogQuery.of(Orphans.class, "foreign_key_columns");

    private Orphans() {}

    /**
     * How a person sees the rows; it names the place of the first, not its values, which must not
     * reach a log.
     *
     * @param destination not in a transaction
     * @return empty where none is found any more
     */
    static Optional<String> hint(Session destination, TableName table, String foreignKey) {
        List<Row> rows = COLUMNS.rows(destination, table.schema(), table.name(), foreignKey);
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Row first = rows.getFirst();
        TableName referenced =
                new TableName(first.text("referenced_schema"), first.text("referenced_table"));
        List<Reference> references =
                rows.stream()
                        .map(row ->
                                new Reference(
                                        row.text("column_name"),
                                        row.text("referenced_column"),
                                        row.text("operator_schema"),
                                        row.text("operator_name")))
                        .toList();
        try {
            return destination
                    .queryFirst(
                            SchemaStatements.orphans(
                                            "r.ctid::text AS place", table, referenced, references)
                                    + " LIMIT 1")
                    .map(row ->
                            "the first such row is at %s; all of them: %s;"
                                    .formatted(
                                            row.text("place"),
                                            SchemaStatements.orphans(
                                                    "r.*", table, referenced, references)));
        } catch (WarpException unreadable) {
            return Optional.empty(); // What failed has been said; this would only explain it.
        }
    }
}
