package warp.preflight;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.config.Nearest;
import warp.config.Rule;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Column;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TableRule;
import warp.plan.Pairing;
import warp.postgres.CatalogQuery;
import warp.postgres.Session;
import warp.sql.Filters;
import warp.sql.Hints;

/** Checks that the rules of the config file fit the tables they are for. */
final class RuleChecks {

    private static final CatalogQuery TOASTED = CatalogQuery.of(RuleChecks.class, "toasted");

    /** "invalid_object_definition": what CREATE INDEX says of a function that is not IMMUTABLE. */
    private static final String NOT_IMMUTABLE = "42P17";

    /** A type, a schema or a function that is not there. */
    private static final Set<String> MISSING = Set.of("42704", "3F000", "42883");

    private final ServerFacts source;
    private final ServerFacts destination;
    private final Pairing pairing;
    private final Findings findings;
    private final Set<String> notUnderstood = new HashSet<>();

    RuleChecks(ServerFacts source, ServerFacts destination, Pairing pairing, Findings findings) {
        this.source = source;
        this.destination = destination;
        this.pairing = pairing;
        this.findings = findings;
    }

    /**
     * Checks what the source's tables tell.
     *
     * @param known every table of the source, partitioned ones included
     */
    void checkSource(List<Table> chosen, Collection<TableName> known) {
        if (pairing.rules().none()) {
            return;
        }
        for (Rule rule : pairing.rules().unmatched(known)) {
            findings.error(
                    Side.SOURCE,
                    "%s: no table matches the rule for %s".formatted(rule.place(), rule.table()),
                    Nearest.to(rule.table(), known.stream().map(TableName::toString).toList())
                            .map(near -> "did you mean " + near + "?")
                            .orElse("patterns are those of pg_dump -t: schema.table"));
        }
        checkCollisions(chosen);
        for (Table table : chosen) {
            TableRule rule = pairing.ruleOf(table.name());
            checkColumns(table, rule);
            checkKey(table, rule);
            String filter = rule.filter();
            if (filter != null) {
                checkFilter(table, filter);
            }
        }
        warnOfToast(chosen.stream().filter(this::isFiltered).toList());
    }

    private boolean isFiltered(Table table) {
        return pairing.ruleOf(table.name()).filter() != null;
    }

    private void checkCollisions(List<Table> chosen) {
        pairing.collisions(chosen)
                .forEach((receiver, names) ->
                        findings.error(
                                Side.DESTINATION,
                                "%s would receive the rows of %s"
                                        .formatted(receiver, Findings.names(names)),
                                "only partitions of one table can go into one; give the others"
                                        + " another \"to\", or leave them out: "
                                        + Hints.tableSwitch("-T", names.getLast())));
    }

    private void checkColumns(Table table, TableRule rule) {
        List<String> there = table.columns().stream().map(Column::name).toList();
        Map<String, String> named = new LinkedHashMap<>();
        rule.columns().forEach(column -> named.put(column, "columns"));
        rule.leftOut().forEach(column -> named.put(column, "exclude-columns"));
        rule.renamed().keySet().forEach(column -> named.put(column, "rename"));
        named.forEach((column, key) -> {
            if (!there.contains(column)) {
                findings.error(
                        Side.SOURCE,
                        "%s: table %s has no column \"%s\", which \"%s\" names"
                                .formatted(place(table, key), table.name(), column, key),
                        Nearest.to(column, there)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse("it has: " + Findings.names(there)));
            }
        });
        rule.renamed().keySet().stream()
                .filter(column -> there.contains(column) && !rule.takes(column))
                .forEach(column ->
                        findings.error(
                                Side.SOURCE,
                                "%s: column \"%s\" of table %s is renamed and left out"
                                        .formatted(place(table, "rename"), column, table.name()),
                                "take it out of \"rename\""));
        List<Column> travelling =
                table.copiedColumns().stream().filter(it -> rule.takes(it.name())).toList();
        if (travelling.isEmpty() && !table.copiedColumns().isEmpty()) {
            findings.error(
                    Side.SOURCE,
                    "%s: no column of table %s is left"
                            .formatted(place(table, "columns"), table.name()),
                    "leave the table out: " + Hints.tableSwitch("-T", table.name()));
        }
        Map<String, String> receivers = new HashMap<>();
        for (Column column : travelling) {
            String other = receivers.putIfAbsent(rule.receiverOf(column.name()), column.name());
            if (other != null) {
                findings.error(
                        Side.SOURCE,
                        "%s: columns \"%s\" and \"%s\" of table %s would both be called \"%s\""
                                .formatted(
                                        place(table, "rename"),
                                        other,
                                        column.name(),
                                        table.name(),
                                        rule.receiverOf(column.name())),
                        "give one of them another name, or leave it out");
            }
        }
    }

    private void checkKey(Table table, TableRule rule) {
        List<String> lacking =
                table.keyColumns().stream().filter(column -> !rule.takes(column)).toList();
        if (!lacking.isEmpty()) {
            findings.error(
                    Side.SOURCE,
                    "%s: table %s is without \"%s\", which tells its rows apart"
                            .formatted(
                                    place(table, "columns"),
                                    table.name(),
                                    String.join("\", \"", lacking)),
                    "take it along, or let all columns tell them apart: "
                            + Hints.identityFull(table.name()));
        }
    }

    /** What the source makes of it; what must hold for evaluating it is asked elsewhere. */
    private void checkFilter(Table table, String filter) {
        try {
            source.session().query(Filters.probe(table, filter));
        } catch (WarpException refused) {
            if (refused.code() != ErrorCode.STATEMENT) {
                throw refused;
            }
            refuse(Side.SOURCE, table, refused);
            notUnderstood.add(filter);
            return;
        }
        for (Column column : Filters.columnsOf(filter, table.columns())) {
            if (column.generated()) {
                findings.error(
                        Side.SOURCE,
                        "%s: the filter of table %s names \"%s\", a generated column, which changes do not hold"
                                .formatted(place(table, "where"), table.name(), column.name()),
                        "write its expression instead");
            }
        }
    }

    private void refuse(Side side, Table table, WarpException refused) {
        boolean state = refused.hasSqlState(NOT_IMMUTABLE);
        findings.error(
                side,
                "%s: the filter of table %s is refused: %s"
                        .formatted(place(table, "where"), table.name(), refused.getMessage()),
                state
                        ? "whether a row takes part may depend on the row alone: no now(), random()"
                                + " or the like, and of a timestamp with time zone only what AT"
                                + " TIME ZONE 'UTC' makes of it"
                        : "a filter is a condition over the table's own columns, named without"
                                + " the table; functions of extensions need their schema");
    }

    /**
     * Checks what evaluating the filters at the destination needs: the source's types and
     * functions, and that nothing but the row counts.
     *
     * @param complete whether the destination has its schema already
     */
    void checkDestination(Collection<Table> tables, boolean complete) {
        record Probe(String filter, List<String> columns) {}
        Set<Probe> done = new HashSet<>();
        for (Table table : tables) {
            String filter = pairing.ruleOf(table.name()).filter();
            if (filter == null || notUnderstood.contains(filter)) {
                continue;
            }
            List<Column> columns = Filters.columnsOf(filter, table.columns());
            List<String> types =
                    columns.stream().map(it -> it.name() + " " + it.typeName()).toList();
            if (done.add(new Probe(filter, types))) {
                probe(table, filter, columns, complete);
            }
        }
    }

    private void probe(Table table, String filter, List<Column> columns, boolean complete) {
        Session session = destination.session();
        try {
            session.transaction(() -> {
                session.run(Filters.probeTable(columns));
                session.run(Filters.requireImmutable(filter));
            });
        } catch (WarpException refused) {
            boolean early = !complete && refused.sqlState().filter(MISSING::contains).isPresent();
            if (refused.code() == ErrorCode.PRIVILEGE) {
                String database = destination.server().text("database");
                findings.error(
                        Side.DESTINATION,
                        "role \"%s\" may not make a temporary table, by which filters are checked"
                                .formatted(destination.roleName()),
                        Hints.grantOnDatabase("TEMPORARY", database, destination.roleName()));
            } else if (refused.code() != ErrorCode.STATEMENT) {
                throw refused;
            } else if (!early) {
                refuse(Side.DESTINATION, table, refused);
            }
        }
    }

    /** An update of another column does not log a large value, so a row that comes in lacks it. */
    private void warnOfToast(List<Table> filtered) {
        if (filtered.isEmpty()) {
            return;
        }
        Set<Integer> toasted = new HashSet<>();
        TOASTED.rows(source.session(), Oids.of(filtered))
                .forEach(row -> toasted.add(row.oid("oid")));
        for (Table table : filtered) {
            boolean full = table.identity() == warp.model.ReplicaIdentity.FULL;
            if (!full && toasted.contains(table.oid())) {
                findings.warning(
                        Side.SOURCE,
                        "table %s has a filter and large values: an UPDATE that lets a row in without changing those would stop Warp, as they are not in the log"
                                .formatted(table.name()),
                        "if rows can come in that way, before the migration: "
                                + Hints.identityFull(table.name()));
            }
        }
    }

    private String place(Table table, String key) {
        return pairing.rules()
                .placeOf(
                        table.name(),
                        pairing.ancestorsOf(table.name()),
                        rule ->
                                switch (key) {
                                    case "where" -> rule.where();
                                    case "rename" -> rule.renamed();
                                    case "exclude-columns" -> rule.excludedColumns();
                                    default ->
                                            rule.columns().isEmpty()
                                                    ? rule.excludedColumns()
                                                    : rule.columns();
                                });
    }
}
