package warp.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.config.Rule;
import warp.config.RuleOptions;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Keyless;
import warp.model.TableName;
import warp.model.TableRule;

/**
 * The rules of a migration, to be asked what they say about a table. Several rules may be for one
 * table as long as they speak of different things; a rule for a partitioned table is for all of its
 * partitions. Immutable.
 */
public final class TableRules {

    private final List<Entry> entries;
    private final @Nullable Keyless usual;

    private record Entry(Rule rule, TablePattern pattern, @Nullable Receiver to) {

        boolean matches(TableName table, List<TableName> ancestors) {
            return pattern.matches(table) || ancestors.stream().anyMatch(pattern::matches);
        }
    }

    private TableRules(List<Entry> entries, @Nullable Keyless usual) {
        this.entries = List.copyOf(entries);
        this.usual = usual;
    }

    /**
     * Reads the rules.
     *
     * @throws WarpException CONFIG where a pattern or a name cannot be understood, with its place
     */
    public static TableRules of(RuleOptions options) {
        List<Entry> entries = new ArrayList<>();
        for (Rule rule : options.rules()) {
            try {
                String to = rule.to();
                entries.add(
                        new Entry(
                                rule,
                                TablePattern.parse(rule.table()),
                                to == null ? null : Receiver.parse(to)));
            } catch (WarpException problem) {
                WarpException placed =
                        new WarpException(
                                ErrorCode.CONFIG, rule.place() + ": " + problem.getMessage());
                problem.hints().forEach(placed::hint);
                throw placed;
            }
        }
        return new TableRules(entries, options.keyless());
    }

    /** Whether nothing is said about any table. */
    public boolean none() {
        return entries.isEmpty() && usual == null;
    }

    /**
     * What they say about a table.
     *
     * @param ancestors the partitioned tables above it
     * @throws WarpException CONFIG where two of them say the same thing
     */
    public TableRule of(TableName table, List<TableName> ancestors) {
        if (none()) {
            return TableRule.NONE;
        }
        Said said =
                new Said(
                        table,
                        entries.stream().filter(entry -> entry.matches(table, ancestors)).toList());
        Entry to = said.about("to", entry -> entry.to() != null);
        Entry columns =
                said.about(
                        "columns",
                        entry ->
                                !entry.rule().columns().isEmpty()
                                        || !entry.rule().excludedColumns().isEmpty());
        Entry rename = said.about("rename", entry -> !entry.rule().renamed().isEmpty());
        Entry where = said.about("where", entry -> entry.rule().where() != null);
        Entry keyless = said.about("keyless", entry -> entry.rule().keyless() != null);
        Receiver receiver = to == null ? null : to.to();
        return new TableRule(
                receiver == null ? null : receiver.of(table),
                columns == null ? List.of() : columns.rule().columns(),
                columns == null ? List.of() : columns.rule().excludedColumns(),
                rename == null ? Map.of() : rename.rule().renamed(),
                where == null ? null : where.rule().where(),
                keyless == null ? usual : keyless.rule().keyless());
    }

    private record Said(TableName table, List<Entry> entries) {

        @Nullable Entry about(String key, Predicate<Entry> speaks) {
            List<Entry> speaking = entries.stream().filter(speaks).toList();
            if (speaking.size() > 1) {
                Rule first = speaking.get(0).rule();
                Rule second = speaking.get(1).rule();
                throw new WarpException(
                                ErrorCode.CONFIG,
                                "%s: \"%s\" of table %s is given a second time; %s gives it too"
                                        .formatted(second.place(), key, table, first.place()))
                        .hint(
                                "Make one rule of both, or patterns that do not match the same"
                                        + " tables: %s and %s."
                                                .formatted(first.table(), second.table()));
            }
            return speaking.isEmpty() ? null : speaking.getFirst();
        }
    }

    /** The rules whose pattern matches none of the tables. */
    public List<Rule> unmatched(Collection<TableName> tables) {
        return entries.stream()
                .filter(entry -> tables.stream().noneMatch(entry.pattern()::matches))
                .map(Entry::rule)
                .toList();
    }

    /** Where the rules for a table stand that say something of the kind; for errors. */
    public String placeOf(TableName table, List<TableName> ancestors, Function<Rule, ?> aspect) {
        return entries.stream()
                .filter(entry -> entry.matches(table, ancestors))
                .map(Entry::rule)
                .filter(rule -> isSaid(aspect.apply(rule)))
                .map(Rule::place)
                .findFirst()
                .orElse("rules");
    }

    private static boolean isSaid(@Nullable Object aspect) {
        return switch (aspect) {
            case null -> false;
            case Collection<?> some -> !some.isEmpty();
            case Map<?, ?> some -> !some.isEmpty();
            default -> true;
        };
    }

    /**
     * Everything they say, in the words of the config file and one order; places do not count. Two
     * texts are equal exactly where the rules are.
     */
    public String text() {
        Stream<String> general =
                usual == null ? Stream.empty() : Stream.of("keyless: " + quoted(usual.toString()));
        return String.join(
                "\n", Stream.concat(general, entries.stream().map(TableRules::text)).toList());
    }

    private static String text(Entry entry) {
        Rule rule = entry.rule();
        List<String> parts = new ArrayList<>();
        parts.add("table: " + quoted(rule.table()));
        add(parts, "where", rule.where());
        addList(parts, "columns", rule.columns());
        addList(parts, "exclude-columns", rule.excludedColumns());
        add(parts, "to", rule.to());
        if (!rule.renamed().isEmpty()) {
            List<String> names = new ArrayList<>();
            new TreeMap<>(rule.renamed())
                    .forEach((from, to) -> names.add(quoted(from) + ": " + quoted(to)));
            parts.add("rename: {" + String.join(", ", names) + "}");
        }
        Keyless keyless = rule.keyless();
        add(parts, "keyless", keyless == null ? null : keyless.toString());
        return "- {" + String.join(", ", parts) + "}";
    }

    private static void add(List<String> parts, String key, @Nullable String value) {
        if (value != null) {
            parts.add(key + ": " + quoted(value));
        }
    }

    private static void addList(List<String> parts, String key, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(
                    key
                            + ": ["
                            + String.join(", ", values.stream().map(TableRules::quoted).toList())
                            + "]");
        }
    }

    /** YAML's single quotes. */
    private static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
