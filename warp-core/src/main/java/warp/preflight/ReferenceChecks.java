package warp.preflight;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import warp.model.Side;
import warp.model.TableName;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.Hints;

/** Checks foreign keys between tables that take part and tables that do not. */
final class ReferenceChecks {

    private static final CatalogQuery REFERENCES =
            CatalogQuery.of(ReferenceChecks.class, "references");

    private final Set<TableName> chosen;
    private final Set<TableName> receiving;
    private final Findings findings;

    /**
     * @param chosen the tables that take part and the partitioned tables above them
     * @param receiving the same at the destination
     */
    ReferenceChecks(Set<TableName> chosen, Set<TableName> receiving, Findings findings) {
        this.chosen = chosen;
        this.receiving = receiving;
        this.findings = findings;
    }

    private record Reference(TableName from, TableName to, String name) {}

    /**
     * Checks both sides.
     *
     * @param truncates whether the destination's tables are to be emptied
     */
    void run(Session source, Session destination, boolean truncates) {
        Set<Reference> said = new HashSet<>();
        List<Reference> here = references(source);
        List<Reference> there = source == destination ? here : references(destination);
        for (Reference reference : here) {
            if (chosen.contains(reference.from()) && !chosen.contains(reference.to())) {
                said.add(reference);
                reportMissingReferenced(Side.SOURCE, reference);
            }
        }
        for (Reference reference : there) {
            boolean from = receiving.contains(reference.from());
            boolean to = receiving.contains(reference.to());
            if (from && !to && !said.contains(reference)) {
                reportMissingReferenced(Side.DESTINATION, reference);
            } else if (!from && to && truncates) {
                findings.error(
                        Side.DESTINATION,
                        "table %s, which does not take part, references %s by foreign key \"%s\":"
                                        .formatted(
                                                reference.from(), reference.to(), reference.name())
                                + " so that one cannot be truncated",
                        "take it along: " + Hints.tableSwitch("-t", reference.from()),
                        "or: " + Hints.dropConstraint(reference.from(), reference.name()));
            }
        }
    }

    private void reportMissingReferenced(Side side, Reference reference) {
        findings.warning(
                side,
                "table %s references %s by foreign key \"%s\", but that table is left out: its rows"
                                .formatted(reference.from(), reference.to(), reference.name())
                        + " must be at the destination already",
                "take it along: " + Hints.tableSwitch("-t", reference.to()));
    }

    private static List<Reference> references(Session session) {
        return REFERENCES.rows(session).stream()
                .map(row ->
                        new Reference(
                                name(row, "schema_name", "table_name"),
                                name(row, "referenced_schema", "referenced_name"),
                                row.text("name")))
                .toList();
    }

    private static TableName name(Row row, String schema, String table) {
        return new TableName(row.text(schema), row.text(table));
    }
}
