package warp.preflight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import warp.model.Side;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;

/**
 * Compares what sorts texts at both sides. Indexes are built at the destination from the rows that
 * are there, so they are right in any case; what may differ is the order of results, what lies in a
 * partition's range of texts, and what equals what under a nondeterministic collation.
 */
final class CollationChecks {

    private static final CatalogQuery DATABASE =
            CatalogQuery.of(CollationChecks.class, "database_locale");
    private static final CatalogQuery INDEXES =
            CatalogQuery.of(CollationChecks.class, "index_collations");
    private static final CatalogQuery SYSTEM =
            CatalogQuery.of(CollationChecks.class, "system_collations");
    private static final String MEANING =
            "indexes are built anew and are right; check what relies on the order of texts: ORDER"
                    + " BY, ranges of texts in partitions and checks";

    private final ServerFacts source;
    private final ServerFacts destination;
    private final Findings findings;

    CollationChecks(ServerFacts source, ServerFacts destination, Findings findings) {
        this.source = source;
        this.destination = destination;
        this.findings = findings;
    }

    void run() {
        checkDatabases();
        checkVersions();
    }

    private void checkDatabases() {
        Row from = DATABASE.onlyRow(source.session());
        Row to = DATABASE.onlyRow(destination.session());
        if (!locale(from).equals(locale(to))) {
            findings.warning(
                    "the databases sort texts differently: %s at the source, %s at the destination"
                            .formatted(shown(from), shown(to)),
                    "create the destination database with that locale: CREATE DATABASE … LOCALE …"
                            + " TEMPLATE template0",
                    "or: " + MEANING);
            return;
        }
        String before = from.optionalText("version").orElse("");
        String after = to.optionalText("version").orElse("");
        if (!before.isEmpty() && !after.isEmpty() && !before.equals(after)) {
            findings.warning(
                    "locale %s is version %s at the source, %s at the destination"
                            .formatted(shown(from), before, after),
                    MEANING);
        }
    }

    /** Spelling of an encoding does not matter: {@code en_US.utf8}. */
    private static String locale(Row row) {
        return (row.text("provider") + " " + name(row)).toLowerCase(Locale.ROOT).replace("-", "");
    }

    private static String name(Row row) {
        return row.optionalText("locale").orElseGet(() -> row.text("collation"));
    }

    private static String shown(Row row) {
        String provider =
                switch (row.text("provider")) {
                    case "i" -> "icu";
                    case "b" -> "builtin";
                    default -> "libc";
                };
        return name(row) + " (" + provider + ")";
    }

    private void checkVersions() {
        Map<String, String> there = new HashMap<>();
        for (Row row : INDEXES.rows(destination.session())) {
            there.put(row.text("collation_name"), row.optionalText("version").orElse(""));
        }
        List<String> changed = new ArrayList<>();
        for (Row row : INDEXES.rows(source.session())) {
            String name = row.text("collation_name");
            String before = row.optionalText("version").orElse("");
            String after = there.getOrDefault(name, versionAtDestination(name));
            if (!before.isEmpty() && !after.isEmpty() && !before.equals(after)) {
                changed.add(
                        "%s is version %s at the source, %s at the destination (%s, such as %s)"
                                .formatted(
                                        name,
                                        before,
                                        after,
                                        Findings.count(row.integer("indexes"), "index")
                                                .replace("indexs", "indexes"),
                                        row.text("example")));
            }
        }
        if (!changed.isEmpty()) {
            findings.warning("collations that indexes use: " + String.join("; ", changed), MEANING);
        }
    }

    /** Before the schema is made, no index tells. */
    private String versionAtDestination(String collation) {
        if (!destination.version().atLeast(10)) {
            return "";
        }
        return destination
                .session()
                .queryFirst(
                        "SELECT pg_catalog.pg_collation_actual_version(oid) AS version FROM"
                                + " pg_catalog.pg_collation WHERE collname = ? AND"
                                + " pg_catalog.pg_collation_actual_version(oid) IS NOT NULL",
                        collation)
                .map(row -> row.text("version"))
                .orElse("");
    }

    /** For a schema that is still to be made. */
    void checkMissing() {
        Set<String> there = new HashSet<>();
        destination
                .session()
                .query("SELECT collname AS name FROM pg_catalog.pg_collation")
                .forEach(row -> there.add(row.text("name")));
        List<String> missing =
                SYSTEM.rows(source.session()).stream()
                        .map(row -> row.text("name"))
                        .filter(name -> !there.contains(name))
                        .toList();
        if (!missing.isEmpty()) {
            findings.error(
                    Side.DESTINATION,
                    "the server lacks collations that the schema uses: " + Findings.names(missing),
                    "install the locales there (locale-gen), then SELECT"
                            + " pg_import_system_collations('pg_catalog');",
                    "or make one of that name: CREATE COLLATION pg_catalog.\"%s\" (…)"
                            .formatted(missing.getFirst()));
        }
    }
}
