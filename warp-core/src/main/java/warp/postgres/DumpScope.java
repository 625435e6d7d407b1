package warp.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import warp.model.TableName;
import warp.plan.TablePatterns;
import warp.sql.Identifiers;

/**
 * Which definitions of the source are left behind: schemas and relations that the patterns do not
 * choose. Everything else comes along, functions and types among it: pg_dump's own {@code -t} would
 * bring tables without the types they are made of.
 *
 * @param schemas names
 * @param relations tables, views and sequences
 */
public record DumpScope(List<String> schemas, List<Relation> relations) {

    private static final CatalogQuery RELATIONS =
            CatalogQuery.of(DumpScope.class, "dump_relations");
    private static final CatalogQuery SCHEMAS = CatalogQuery.of(DumpScope.class, "dump_schemas");

    /** Where Warp keeps its state; a source may have been a destination before. */
    private static final String STATE = "warp";

    /** Names in one argument of pg_dump: at 63 bytes each far from the system's limit. */
    private static final int NAMES_MAX = 500;

    public DumpScope {
        schemas = List.copyOf(schemas);
        relations = List.copyOf(relations);
    }

    /** A table, view or sequence. */
    public record Relation(int oid, TableName name) {}

    private record Facts(
            TableName name, List<String> parents, List<String> sequences, List<String> owners) {}

    /**
     * Reads what the patterns choose. With a chosen table come the tables it inherits from or is a
     * partition of, its own sequences, and those that its defaults use.
     */
    public static DumpScope of(Session source, TablePatterns patterns) {
        if (patterns.everything()) {
            return new DumpScope(List.of(STATE), List.of());
        }
        List<String> schemas = new ArrayList<>();
        schemas.add(STATE);
        for (Row row : SCHEMAS.rows(source)) {
            String name = row.text("schema_name");
            if (!patterns.includesSchema(name) && !row.flag("has_extension")) {
                schemas.add(name);
            }
        }
        Map<String, Facts> relations = new HashMap<>();
        List<String> order = new ArrayList<>();
        for (Row row : RELATIONS.rows(source)) {
            String oid = Integer.toUnsignedString(row.oid("oid"));
            order.add(oid);
            relations.put(
                    oid,
                    new Facts(
                            new TableName(row.text("schema_name"), row.text("table_name")),
                            row.texts("parents"),
                            row.texts("sequences"),
                            row.texts("owners")));
        }
        Set<String> chosen = chosen(relations, patterns);
        return new DumpScope(
                schemas,
                order.stream()
                        .filter(oid -> !chosen.contains(oid))
                        .map(oid -> relation(oid, relations))
                        .toList());
    }

    /** Every table, view and sequence that a pattern may choose. */
    public static List<TableName> names(Session source) {
        return RELATIONS.each(
                source, row -> new TableName(row.text("schema_name"), row.text("table_name")));
    }

    private static Relation relation(String oid, Map<String, Facts> relations) {
        return new Relation(Integer.parseUnsignedInt(oid), facts(oid, relations).name());
    }

    private static Facts facts(String oid, Map<String, Facts> relations) {
        Facts facts = relations.get(oid);
        if (facts == null) {
            throw new IllegalStateException("no relation " + oid);
        }
        return facts;
    }

    private static Set<String> chosen(Map<String, Facts> relations, TablePatterns patterns) {
        Set<String> chosen = new HashSet<>();
        relations.forEach((oid, facts) -> {
            Set<String> above = ancestors(facts, relations);
            List<TableName> names =
                    above.stream().map(parent -> facts(parent, relations).name()).toList();
            if (facts.owners().isEmpty() && patterns.includes(facts.name(), names)) {
                chosen.add(oid);
                chosen.addAll(above);
            }
        });
        Set<String> sequences = new HashSet<>();
        relations.forEach((oid, facts) -> {
            if (chosen.contains(oid)) {
                sequences.addAll(facts.sequences());
            } else if (facts.owners().stream().anyMatch(chosen::contains)) {
                sequences.add(oid);
            }
        });
        chosen.addAll(sequences);
        return chosen;
    }

    private static Set<String> ancestors(Facts facts, Map<String, Facts> relations) {
        Set<String> above = new HashSet<>();
        List<String> next = new ArrayList<>(facts.parents());
        while (!next.isEmpty()) {
            String oid = next.removeLast();
            Facts parent = relations.get(oid);
            if (parent != null && above.add(oid)) {
                next.addAll(parent.parents());
            }
        }
        return above;
    }

    /** The switches of pg_dump that leave them out. */
    List<String> switches() {
        List<String> switches = new ArrayList<>();
        schemas.forEach(name -> switches.add("--exclude-schema=" + exactly(name)));
        Map<String, List<String>> names = new TreeMap<>();
        for (Relation relation : relations) {
            names.computeIfAbsent(relation.name().schema(), schema -> new ArrayList<>())
                    .add(exactly(relation.name().name()));
        }
        names.forEach((schema, quoted) -> {
            for (int i = 0; i < quoted.size(); i += NAMES_MAX) {
                String some =
                        quoted.subList(i, Math.min(i + NAMES_MAX, quoted.size())).stream()
                                .collect(Collectors.joining("|", "(", ")"));
                switches.add("--exclude-table=" + exactly(schema) + "." + some);
            }
        });
        return switches;
    }

    /**
     * A pattern that matches this name. What is not ASCII is written as an escape of regular
     * expressions, since Java passes arguments on in the locale's encoding, which in a container
     * often knows nothing else.
     */
    private static String exactly(String name) {
        StringBuilder pattern = new StringBuilder();
        Identifiers.quote(name)
                .codePoints()
                .forEach(letter -> {
                    if (letter < 0x80) {
                        pattern.appendCodePoint(letter);
                    } else if (letter <= 0xffff) {
                        pattern.append("\"\\u%04x\"".formatted(letter));
                    } else {
                        pattern.append("\"?\""); // \U would be folded to lower case.
                    }
                });
        return pattern.toString();
    }
}
