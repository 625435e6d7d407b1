package warp.preflight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.model.DeclaredIdentity;
import warp.model.IdentityChange;
import warp.model.Keyless;
import warp.model.ReplicaIdentity;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.postgres.CatalogQuery;
import warp.postgres.IdentityCatalog;
import warp.postgres.IdentityCatalog.Index;
import warp.postgres.Row;
import warp.sql.Hints;
import warp.sql.SourceStatements;

/**
 * Checks that rows can be told apart: at the source before a publication is made, since publishing
 * a table without replica identity makes the application's own UPDATE fail; at the destination so
 * that they are found by an index.
 */
final class KeyChecks {

    private static final CatalogQuery LEADING = CatalogQuery.of(KeyChecks.class, "leading_columns");

    private final ServerFacts source;
    private final ServerFacts destination;
    private final Pairing pairing;
    private final Findings findings;
    private final List<IdentityChange> changes = new ArrayList<>();

    KeyChecks(ServerFacts source, ServerFacts destination, Pairing pairing, Findings findings) {
        this.pairing = pairing;
        this.source = source;
        this.destination = destination;
        this.findings = findings;
    }

    /** What has to be altered at the source, as was found and said. */
    List<IdentityChange> changes() {
        return List.copyOf(changes);
    }

    void checkIdentities(List<Table> chosen) {
        List<Table> without = chosen.stream().filter(table -> !table.hasUsableIdentity()).toList();
        if (without.isEmpty()) {
            return;
        }
        IdentityCatalog catalog = new IdentityCatalog(source.session());
        Map<TableName, List<Index>> indexes = catalog.indexes(without);
        List<Table> undecided = new ArrayList<>();
        List<TableName> insertsOnly = new ArrayList<>();
        for (Table table : without) {
            List<Index> usable =
                    indexes.getOrDefault(table.name(), List.of()).stream()
                            .filter(index -> travels(table, index))
                            .toList();
            switch (pairing.ruleOf(table.name()).keyless()) {
                case null -> {
                    undecided.add(table);
                    if (undecided.size() <= Findings.NAMES_MAX) {
                        reportIdentity(table, usable);
                    }
                }
                case Keyless.UniqueIndex wanted -> useIndex(table, wanted, usable, catalog);
                case Keyless.Full _ ->
                        change(table, new DeclaredIdentity(ReplicaIdentity.FULL, null), catalog);
                case Keyless.InsertsOnly _ -> insertsOnly.add(table.name());
                case Keyless.Exclude _ -> {
                    // It is not among the chosen.
                }
            }
        }
        reportMore(undecided);
        noteChanges();
        noteInsertsOnly(insertsOnly);
    }

    private boolean travels(Table table, Index index) {
        return index.columns().stream().allMatch(pairing.ruleOf(table.name())::takes);
    }

    private void useIndex(
            Table table, Keyless.UniqueIndex wanted, List<Index> usable, IdentityCatalog catalog) {
        String name = wanted.index();
        Optional<Index> found =
                usable.stream().filter(it -> name == null || it.name().equals(name)).findFirst();
        if (found.isPresent()) {
            change(table, new DeclaredIdentity(ReplicaIdentity.INDEX, found.get().name()), catalog);
            return;
        }
        String fitting =
                usable.isEmpty()
                        ? "it needs one that is not partial, not deferrable, without expressions,"
                                + " over NOT NULL columns that all take part"
                        : "it has: " + Findings.names(usable.stream().map(Index::name).toList());
        findings.error(
                Side.SOURCE,
                "table %s has no unique index%s to tell its rows apart by"
                        .formatted(table.name(), name == null ? "" : " \"" + name + "\""),
                fitting,
                "or choose another way: " + Hints.keylessRule(table.name(), "full"));
    }

    private void change(Table table, DeclaredIdentity to, IdentityCatalog catalog) {
        catalog.declared(table.name())
                .ifPresent(from -> changes.add(new IdentityChange(table.name(), from, to)));
    }

    private void noteChanges() {
        if (!changes.isEmpty()) {
            findings.note(
                    Side.SOURCE,
                    "the replica identity of %s without a key will be altered, as asked for; --clean puts it back"
                            .formatted(Findings.count(changes.size(), "table")),
                    changes.stream()
                            .limit(Findings.NAMES_MAX)
                            .map(change ->
                                    SourceStatements.replicaIdentity(change.table(), change.to())
                                            + ";")
                            .toArray(String[]::new));
        }
    }

    private void noteInsertsOnly(List<TableName> tables) {
        if (!tables.isEmpty()) {
            findings.note(
                    Side.SOURCE,
                    "updates and deletes of %s without a key are left out, as asked for: %s"
                            .formatted(
                                    Findings.count(tables.size(), "table"), Findings.names(tables)),
                    "what is inserted arrives; after a change of other rows the two sides differ");
        }
    }

    private void reportMore(List<Table> undecided) {
        if (undecided.size() > Findings.NAMES_MAX) {
            List<?> rest =
                    undecided.subList(Findings.NAMES_MAX, undecided.size()).stream()
                            .map(Table::name)
                            .toList();
            findings.error(
                    Side.SOURCE,
                    Findings.count(rest.size(), "more table")
                            + " without a key: "
                            + Findings.names(rest),
                    "as for the tables above, or for all of them: --keyless=unique-index, full,"
                            + " inserts-only or exclude");
        }
    }

    private void reportIdentity(Table table, List<Index> usable) {
        List<String> hints = new ArrayList<>();
        if (!usable.isEmpty()) {
            hints.add(Hints.identityUsingIndex(table.name(), usable.getFirst().name()));
        }
        hints.add((usable.isEmpty() ? "" : "or: ") + Hints.addPrimaryKey(table.name()));
        hints.add("or, at the cost of more log: " + Hints.identityFull(table.name()));
        hints.add("or leave the table out: " + Hints.tableSwitch("-T", table.name()));
        String way = usable.isEmpty() ? "full" : "unique-index";
        hints.add(
                "or let Warp see to all such tables: --keyless=unique-index, or full, inserts-only,"
                        + " exclude");
        hints.add(
                "or to this one, under \"rules:\" of a config file: "
                        + Hints.keylessRule(table.name(), way));
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
