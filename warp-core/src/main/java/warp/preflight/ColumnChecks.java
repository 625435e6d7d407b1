package warp.preflight;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import warp.model.Column;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.sql.Hints;

/** Checks that the destination's columns take what the source's hold; their order is free. */
final class ColumnChecks {

    private static final CatalogQuery REQUIRED =
            CatalogQuery.of(ColumnChecks.class, "required_columns");

    private final ServerFacts destination;
    private final Findings findings;

    ColumnChecks(ServerFacts destination, Findings findings) {
        this.destination = destination;
        this.findings = findings;
    }

    void run(List<TablePair> pairs) {
        for (TablePair pair : pairs) {
            for (Column column : pair.travelling()) {
                checkColumn(pair, column);
            }
        }
        checkExtraColumns(pairs.stream().filter(ColumnChecks::hasExtraColumns).toList());
    }

    private void checkColumn(TablePair pair, Column column) {
        TableName table = pair.destination().name();
        String name = pair.rule().receiverOf(column.name());
        Optional<Column> found = pair.receiver(column.name());
        if (found.isEmpty()) {
            findings.error(
                    Side.DESTINATION,
                    "table %s has no column \"%s\"".formatted(table, name),
                    Hints.addColumn(table, name, column.typeName()));
            return;
        }
        Column other = found.get();
        if (other.generated()) {
            findings.error(
                    Side.DESTINATION,
                    "column \"%s\" of table %s is generated, but the source has values for it"
                            .formatted(name, table),
                    Hints.dropExpression(table, name));
            return;
        }
        String differ =
                "column \"%s\" of table %s is %s, at the source it is %s"
                        .formatted(name, table, other.typeName(), column.typeName());
        String hint = Hints.alterType(table, name, column.typeName());
        switch (TypeFit.of(column.typeName(), other.typeName())) {
            case FITS -> {
                // The same type or a wider one.
            }
            case MAY_FIT ->
                    findings.warning(
                            Side.DESTINATION, differ + ": values may be refused or changed", hint);
            case UNFIT -> findings.error(Side.DESTINATION, differ, hint);
        }
    }

    private static boolean hasExtraColumns(TablePair pair) {
        Set<String> receivers = receivers(pair);
        return pair.destination().copiedColumns().stream()
                .anyMatch(column -> !receivers.contains(column.name()));
    }

    /** The destination's columns that receive one of the source's. */
    private static Set<String> receivers(TablePair pair) {
        return pair.columns().stream()
                .map(column -> column.destination().name())
                .collect(Collectors.toSet());
    }

    private void checkExtraColumns(List<TablePair> pairs) {
        if (pairs.isEmpty()) {
            return;
        }
        Map<Integer, List<String>> required = new HashMap<>();
        List<warp.model.Table> tables = pairs.stream().map(TablePair::destination).toList();
        for (Row row : REQUIRED.rows(destination.session(), Oids.of(tables))) {
            required.put(row.oid("oid"), row.texts("columns"));
        }
        for (TablePair pair : pairs) {
            List<String> demanded = required.getOrDefault(pair.destination().oid(), List.of());
            Set<String> receivers = demanded.isEmpty() ? Set.of() : receivers(pair);
            for (String column : demanded) {
                if (!receivers.contains(column)) {
                    findings.error(
                            Side.DESTINATION,
                            "column \"%s\" of table %s is NOT NULL without a default, and the"
                                            .formatted(column, pair.destination().name())
                                    + " source has no values for it",
                            Hints.dropNotNull(pair.destination().name(), column),
                            "or give it a default");
                }
            }
        }
    }
}
