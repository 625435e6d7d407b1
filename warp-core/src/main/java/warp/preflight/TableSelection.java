package warp.preflight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import warp.config.MigrationSettings;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.plan.TablePatterns;
import warp.plan.TableRules;
import warp.postgres.Catalog;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.Hints;

/** Which tables take part, and where the destination has none for them. */
final class TableSelection {

    private static final CatalogQuery KINDS =
            CatalogQuery.of(TableSelection.class, "relation_kinds");

    /** Most names suggested in place of a pattern that matches nothing. */
    private static final int NEAR_MAX = 3;

    private final ServerFacts source;
    private final ServerFacts destination;
    private final TablePatterns patterns;
    private final List<Table> chosen;
    private final List<TableName> unlogged;
    private final Map<TableName, Table> atDestination = new HashMap<>();
    private final Map<TableName, List<TableName>> ancestors;
    private final Pairing pairing;
    private final Set<TableName> known = new TreeSet<>();
    private final Set<TableName> keyless = new TreeSet<>();

    /** What is read of the source's catalog for it. */
    record AtSource(
            Map<TableName, List<TableName>> ancestors,
            List<Table> tables,
            List<TableName> unlogged) {

        static AtSource read(Session source) {
            return new AtSource(
                    Catalog.partitionAncestors(source),
                    Catalog.tables(source),
                    Catalog.unloggedTables(source));
        }
    }

    /**
     * @param only tables for which it does not hold are overlooked
     * @param atSource what the source has
     * @param receivers what the destination has
     */
    TableSelection(
            ServerFacts source,
            ServerFacts destination,
            TablePatterns patterns,
            TableRules rules,
            Predicate<TableName> only,
            AtSource atSource,
            List<Table> receivers) {
        this.source = source;
        this.destination = destination;
        this.patterns = patterns;
        this.ancestors = atSource.ancestors();
        this.pairing = new Pairing(rules, ancestors);
        this.unlogged = atSource.unlogged();
        this.chosen =
                atSource.tables().stream()
                        .filter(table -> only.test(table.name()) && takesPart(table.name()))
                        .filter(table -> !isKeyless(table))
                        .toList();
        atSource.tables().forEach(table -> known.add(table.name()));
        ancestors.values().forEach(known::addAll);
        known.addAll(unlogged);
        receivers.forEach(table -> atDestination.put(table.name(), table));
    }

    private boolean isKeyless(Table table) {
        boolean out = pairing.leavesOut(table);
        if (out) {
            keyless.add(table.name());
        }
        return out;
    }

    private boolean takesPart(TableName table) {
        return patterns.includes(table, ancestors.getOrDefault(table, List.of()));
    }

    /** Every table of the source that could take part, and the partitioned ones. */
    Set<TableName> known() {
        return Set.copyOf(known);
    }

    /** The source's tables that take part. */
    List<Table> chosen() {
        return chosen;
    }

    /** Names of the tables that receive rows, and what the partitioned tables above are called. */
    Set<TableName> receivingNames() {
        Set<TableName> names = new TreeSet<>();
        for (Table table : chosen) {
            names.add(pairing.receiverOf(table.name()));
            names.addAll(ancestors.getOrDefault(table.name(), List.of()));
        }
        return names;
    }

    /** Names of the tables that take part, and of the partitioned tables above them. */
    Set<TableName> chosenNames() {
        Set<TableName> names = new TreeSet<>();
        for (Table table : chosen) {
            names.add(table.name());
            names.addAll(ancestors.getOrDefault(table.name(), List.of()));
        }
        return names;
    }

    /** Those that exist on both sides. */
    List<TablePair> pairs() {
        return pairing.pairs(chosen, atDestination.values());
    }

    /** Who receives what. */
    Pairing pairing() {
        return pairing;
    }

    /**
     * Checks what the patterns choose.
     *
     * @param others what else a pattern may mean, such as the source's sequences
     */
    void checkChoice(List<TableName> others, Findings findings) {
        if (!keyless.isEmpty()) {
            findings.note(
                    Side.SOURCE,
                    Findings.count(keyless.size(), "table")
                            + " without a key left out, as asked for: "
                            + Findings.names(keyless),
                    "with a primary key they take part");
        }
        checkUnlogged(findings);
        checkSchemaPatterns(findings);
        checkPatterns(others, findings);
    }

    private void checkSchemaPatterns(Findings findings) {
        Set<String> schemas = new TreeSet<>();
        known.forEach(table -> schemas.add(table.schema()));
        for (String pattern : patterns.unmatchedSchemas(schemas)) {
            findings.error(
                    Side.SOURCE,
                    "no schema with tables matches the pattern " + pattern,
                    "there are: " + Findings.names(schemas));
        }
    }

    private void checkUnlogged(Findings findings) {
        List<TableName> asked = unlogged.stream().filter(patterns::includes).toList();
        if (!asked.isEmpty()) {
            findings.warning(
                    Side.SOURCE,
                    Findings.count(asked.size(), "unlogged table")
                            + " will not be moved, as their"
                            + " changes are not in the log: "
                            + Findings.names(asked),
                    "ALTER TABLE … SET LOGGED; before the migration to take one along");
        }
    }

    private void checkPatterns(List<TableName> sequences, Findings findings) {
        List<TableName> named = new ArrayList<>(known);
        named.addAll(sequences);
        for (String pattern : patterns.unmatched(named)) {
            List<TableName> near = near(pattern);
            findings.error(
                    Side.SOURCE,
                    "no table matches the pattern " + pattern,
                    near.isEmpty()
                            ? "the database has " + Findings.count(known.size(), "table")
                            : "near are: " + Findings.names(near));
        }
        if (chosen.isEmpty()) {
            findings.error(
                    Side.SOURCE,
                    "there is no table to move in " + source.settings().display(),
                    "check the name of the database"
                            + (known.isEmpty() ? "" : ", and -t, -T, -n and -N"));
        }
    }

    private List<TableName> near(String pattern) {
        String wanted = plain(pattern);
        return known.stream()
                .filter(table -> distance(wanted, table) <= Math.max(2, wanted.length() / 3))
                .sorted(Comparator.comparingInt(table -> distance(wanted, table)))
                .limit(NEAR_MAX)
                .toList();
    }

    private static String plain(String pattern) {
        return pattern.toLowerCase(Locale.ROOT).replaceAll("[\"*?]", "");
    }

    /** The pattern is compared with the name alone where it names no schema. */
    private static int distance(String wanted, TableName table) {
        String name = wanted.indexOf('.') < 0 ? table.name() : table.toString();
        return EditDistance.between(wanted, name.toLowerCase(Locale.ROOT));
    }

    /** Checks whether the destination has them. */
    void checkMissing(MigrationSettings settings, Findings findings) {
        List<TableName> missing =
                chosen.stream()
                        .map(table -> pairing.receiverOf(table.name()))
                        .filter(name -> !atDestination.containsKey(name))
                        .distinct()
                        .toList();
        if (missing.isEmpty()) {
            return;
        }
        List<TableName> absent = new ArrayList<>(missing);
        for (Row row :
                KINDS.rows(
                        destination.session(),
                        missing.stream().map(TableName::schema).toList(),
                        missing.stream().map(TableName::name).toList())) {
            TableName name = new TableName(row.text("schema_name"), row.text("table_name"));
            absent.remove(name);
            findings.error(
                    Side.DESTINATION,
                    "%s is %s there, where the source has a table"
                            .formatted(name, row.text("kind")),
                    "make it an ordinary table, or leave it out: " + Hints.tableSwitch("-T", name));
        }
        if (!absent.isEmpty()) {
            boolean all = absent.size() == chosen.size();
            findings.error(
                    Side.DESTINATION,
                    Findings.count(absent.size(), "table")
                            + (absent.size() == 1 ? " is missing: " : " are missing: ")
                            + Findings.names(absent),
                    Hints.copySchema(
                            settings.source(),
                            settings.destination(),
                            all || absent.size() > Findings.NAMES_MAX ? List.of() : absent));
        }
    }
}
