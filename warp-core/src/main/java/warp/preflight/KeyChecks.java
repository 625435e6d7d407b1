package warp.preflight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warp.model.ReplicaIdentity;
import warp.model.Side;
import warp.model.Table;
import warp.model.TablePair;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.sql.Hints;

/**
 * Checks that rows can be told apart: at the source before a publication is made, since publishing
 * a table without replica identity makes the application's own UPDATE fail; at the destination so
 * that they are found by an index.
 */
final class KeyChecks {

    private static final CatalogQuery UNIQUE = CatalogQuery.of(KeyChecks.class, "unique_indexes");
    private static final CatalogQuery LEADING = CatalogQuery.of(KeyChecks.class, "leading_columns");

    private final ServerFacts source;
    private final ServerFacts destination;
    private final Findings findings;

    KeyChecks(ServerFacts source, ServerFacts destination, Findings findings) {
        this.source = source;
        this.destination = destination;
        this.findings = findings;
    }

    void checkIdentities(List<Table> chosen) {
        List<Table> without = chosen.stream().filter(table -> !table.hasUsableIdentity()).toList();
        if (without.isEmpty()) {
            return;
        }
        Map<Integer, String> indexes = new HashMap<>();
        for (Row row : UNIQUE.rows(source.session(), Oids.of(without))) {
            indexes.put(row.oid("oid"), row.text("index_name"));
        }
        without.stream()
                .limit(Findings.NAMES_MAX)
                .forEach(table -> reportIdentity(table, indexes.get(table.oid())));
        if (without.size() > Findings.NAMES_MAX) {
            List<?> rest =
                    without.subList(Findings.NAMES_MAX, without.size()).stream()
                            .map(Table::name)
                            .toList();
            findings.error(
                    Side.SOURCE,
                    Findings.count(rest.size(), "more table")
                            + " without a key: "
                            + Findings.names(rest),
                    "as for the tables above");
        }
    }

    private void reportIdentity(Table table, @Nullable String uniqueIndex) {
        List<String> hints = new ArrayList<>();
        if (uniqueIndex != null) {
            hints.add(Hints.identityUsingIndex(table.name(), uniqueIndex));
        }
        hints.add((uniqueIndex == null ? "" : "or: ") + Hints.addPrimaryKey(table.name()));
        hints.add("or, at the cost of more log: " + Hints.identityFull(table.name()));
        hints.add("or leave the table out: " + Hints.tableSwitch("-T", table.name()));
        findings.error(
                Side.SOURCE,
                "table %s has no key by which its updates and deletes can be replicated%s"
                        .formatted(
                                table.name(),
                                table.identity() == ReplicaIdentity.NOTHING
                                        ? ": its REPLICA IDENTITY is NOTHING"
                                        : ""),
                hints.toArray(String[]::new));
    }

    void checkIndexes(List<TablePair> pairs) {
        List<TablePair> keyed =
                pairs.stream().filter(pair -> !pair.source().keyColumns().isEmpty()).toList();
        Map<Integer, List<String>> leading = new HashMap<>();
        List<Table> tables = keyed.stream().map(TablePair::destination).toList();
        for (Row row : LEADING.rows(destination.session(), Oids.of(tables))) {
            leading.put(row.oid("oid"), row.texts("columns"));
        }
        for (TablePair pair : keyed) {
            List<String> key =
                    pair.source().keyColumns().stream().map(pair.rule()::receiverOf).toList();
            boolean indexed =
                    leading.getOrDefault(pair.destination().oid(), List.of()).stream()
                            .anyMatch(key::contains);
            if (!indexed) {
                findings.warning(
                        Side.DESTINATION,
                        "table %s has no index on %s: each update and delete reads the whole table"
                                .formatted(pair.destination().name(), String.join(", ", key)),
                        Hints.createIndex(pair.destination().name(), key));
            }
        }
    }
}
