package warp.preflight;

import java.util.List;
import java.util.Optional;
import warp.model.Distribution;
import warp.model.ReplicaIdentity;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.CitusCatalog;
import warp.sql.CitusStatements;
import warp.sql.Hints;

/**
 * Checks what Citus asks of tables that it spreads over nodes: every change must name the shard, so
 * the distribution column must be part of what identifies a row.
 */
final class CitusChecks {

    private final ServerFacts source;
    private final ServerFacts destination;
    private final Findings findings;

    CitusChecks(ServerFacts source, ServerFacts destination, Findings findings) {
        this.source = source;
        this.destination = destination;
        this.findings = findings;
    }

    /** Before the schema is made: it is made of local tables. */
    void runBeforeSchema(List<Table> chosen) {
        checkSource(chosen);
        if (CitusCatalog.isThere(destination.session())) {
            findings.warning(
                    Side.DESTINATION,
                    "this is a Citus coordinator, and --sync-schema makes local tables",
                    "to have them distributed, make the schema first (pg_dump -s … | psql …), then "
                            + CitusStatements.distribute(new TableName("SCHEMA", "TABLE"), "COLUMN")
                            + " and so on, and leave --sync-schema out");
        }
    }

    void run(List<Table> chosen, List<TablePair> pairs) {
        checkSource(chosen);
        if (!CitusCatalog.isThere(destination.session())) {
            return;
        }
        noteTables(pairs);
        for (TablePair pair : pairs) {
            switch (pair.destination().distribution()) {
                case null -> {
                    // An ordinary table of the coordinator.
                }
                case Distribution.ByColumn by -> {
                    checkRule(pair);
                    checkColumn(pair, by.column());
                }
                case Distribution.Everywhere _, Distribution.OneShard _ -> {
                    checkRule(pair);
                    checkFull(pair);
                }
            }
        }
    }

    private void checkSource(List<Table> chosen) {
        List<TableName> spread =
                chosen.stream()
                        .filter(table -> table.distribution() != null)
                        .map(Table::name)
                        .toList();
        if (!spread.isEmpty()) {
            findings.error(
                    source.side(),
                    Findings.count(spread.size(), "table")
                            + " of Citus: their changes are logged by the workers, under the names"
                            + " of shards: "
                            + Findings.names(spread),
                    "make them ordinary tables first: SELECT undistribute_table('…');",
                    "or leave them out: " + Hints.tableSwitch("-T", spread.getFirst()));
        }
    }

    private void noteTables(List<TablePair> pairs) {
        int byColumn = 0;
        int everywhere = 0;
        int oneShard = 0;
        List<TableName> ordinary = new java.util.ArrayList<>();
        for (TablePair pair : pairs) {
            switch (pair.destination().distribution()) {
                case null -> ordinary.add(pair.destination().name());
                case Distribution.ByColumn _ -> byColumn++;
                case Distribution.Everywhere _ -> everywhere++;
                case Distribution.OneShard _ -> oneShard++;
            }
        }
        findings.note(
                Side.DESTINATION,
                "this is a Citus coordinator: %d distributed, %d reference, %d one-shard and %d ordinary tables take part"
                        .formatted(byColumn, everywhere, oneShard, ordinary.size()),
                ordinary.isEmpty()
                        ? "docs/citus.md tells how each is loaded"
                        : "to distribute an ordinary one, before the copy: "
                                + CitusStatements.distribute(ordinary.getFirst(), "COLUMN")
                                + " or "
                                + CitusStatements.refer(ordinary));
    }

    /** What a filter needs in one statement, Citus does not do in one. */
    private void checkRule(TablePair pair) {
        if (pair.filter().isPresent()) {
            findings.error(
                    Side.DESTINATION,
                    "table %s belongs to Citus, where rows cannot be filtered"
                            .formatted(pair.destination().name()),
                    "leave \"where:\" out of its rule, or make it an ordinary table");
        }
    }

    private void checkColumn(TablePair pair, String column) {
        Optional<String> fed =
                pair.columns().stream()
                        .filter(it -> it.destination().name().equals(column))
                        .map(it -> it.source().name())
                        .findFirst();
        if (fed.isEmpty()) {
            findings.error(
                    Side.DESTINATION,
                    "table %s is distributed by \"%s\", for which the source has no values"
                            .formatted(pair.destination().name(), column),
                    "add the column at the source, or distribute the table by another");
        } else if (pair.source().identity() == ReplicaIdentity.FULL) {
            checkFull(pair);
        } else if (pair.source().hasUsableIdentity()
                && !pair.source().keyColumns().contains(fed.get())) {
            findings.error(
                    Side.SOURCE,
                    "updates and deletes of table %s are identified by %s, but Citus needs \"%s\" to find the shard"
                            .formatted(
                                    pair.name(),
                                    String.join(", ", pair.source().keyColumns()),
                                    column),
                    Hints.identityFull(pair.name()),
                    "or, with a unique index that has the column: "
                            + Hints.identityUsingIndex(pair.name(), "INDEX"));
        }
    }

    /** Of rows known by all their values one is taken by its ctid, which says nothing here. */
    private void checkFull(TablePair pair) {
        if (pair.source().identity() == ReplicaIdentity.FULL
                && pair.destination().keyColumns().isEmpty()) {
            findings.error(
                    Side.DESTINATION,
                    "table %s belongs to Citus and has no primary key, so that one of several equal rows cannot be told"
                            .formatted(pair.destination().name()),
                    Hints.addPrimaryKey(pair.destination().name()));
        }
    }
}
