package warp.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Keyless;

/** Reads {@code rules:} of a config file; see docs/rules.md for what each key means. */
final class RuleReader {

    private static final List<String> KEYS =
            List.of("table", "where", "columns", "exclude-columns", "to", "rename", "keyless");

    private final Path file;

    RuleReader(Path file) {
        this.file = file;
    }

    /** The rules in the order of the file; none where the key is missing. */
    List<Rule> read(@Nullable YamlNode node) {
        return switch (node) {
            case null -> List.of();
            case YamlNode.Text text when text.isNull() -> List.of();
            case YamlNode.Sequence sequence -> sequence.entries().stream().map(this::rule).toList();
            case YamlNode.Text _, YamlNode.Mapping _ ->
                    throw problem(node.line(), "key \"rules\" needs a list")
                            .hint("Write each rule as \"- table: …\" under it.");
        };
    }

    private Rule rule(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            throw problem(node.line(), "a rule is a mapping that begins with \"table:\"");
        }
        Map<String, YamlNode> entries = mapping.entries();
        entries.forEach(this::requireKnown);
        String table = text(entries, "table");
        if (table == null) {
            throw problem(node.line(), "a rule needs \"table\": the table or pattern it is for");
        }
        if (entries.size() == 1) {
            throw problem(node.line(), "the rule for " + table + " says nothing")
                    .hint("Its keys: " + String.join(", ", KEYS) + ".");
        }
        List<String> columns = list(entries, "columns");
        List<String> excluded = list(entries, "exclude-columns");
        if (!columns.isEmpty() && !excluded.isEmpty()) {
            throw problem(node.line(), "\"columns\" and \"exclude-columns\" exclude each other");
        }
        String keyless = text(entries, "keyless");
        return new Rule(
                file + ", line " + node.line(),
                table,
                text(entries, "where"),
                columns,
                excluded,
                text(entries, "to"),
                renamed(entries.get("rename")),
                keyless == null ? null : keyless(node.line(), keyless));
    }

    /** The words, from a rule or from the file's own key. */
    Keyless keyless(int line, String words) {
        try {
            return KeylessWords.parse(words, "key \"keyless\"", ErrorCode.CONFIG);
        } catch (WarpException bad) {
            throw problem(line, String.valueOf(bad.getMessage()));
        }
    }

    private void requireKnown(String key, YamlNode value) {
        if (!KEYS.contains(key)) {
            throw problem(value.line(), "unknown key \"" + key + "\" in a rule")
                    .hint(
                            Nearest.to(key, KEYS)
                                    .map(near -> "did you mean \"" + near + "\"?")
                                    .orElse("known keys: " + String.join(", ", KEYS)));
        }
    }

    private @Nullable String text(Map<String, YamlNode> entries, String key) {
        YamlNode node = entries.get(key);
        if (node == null) {
            return null;
        }
        if (node instanceof YamlNode.Text text && !text.isNull() && !text.value().isBlank()) {
            return text.value();
        }
        throw problem(node.line(), "key \"" + key + "\" needs one value");
    }

    private List<String> list(Map<String, YamlNode> entries, String key) {
        YamlNode node = entries.get(key);
        if (node == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        Function<YamlNode, WarpException> wrong =
                at -> problem(at.line(), "key \"" + key + "\" needs a list of columns");
        if (node instanceof YamlNode.Text text && !text.isNull()) {
            names.add(text.value());
        } else if (node instanceof YamlNode.Sequence sequence) {
            for (YamlNode entry : sequence.entries()) {
                if (!(entry instanceof YamlNode.Text text) || text.isNull()) {
                    throw wrong.apply(entry);
                }
                names.add(text.value());
            }
        }
        if (names.isEmpty()) {
            throw wrong.apply(node);
        }
        return names;
    }

    private Map<String, String> renamed(@Nullable YamlNode node) {
        if (node == null) {
            return Map.of();
        }
        if (!(node instanceof YamlNode.Mapping mapping)) {
            throw problem(node.line(), "key \"rename\" needs a mapping: {old: new}");
        }
        Map<String, String> names = new LinkedHashMap<>();
        mapping.entries()
                .forEach((from, to) -> {
                    if (!(to instanceof YamlNode.Text text)
                            || text.isNull()
                            || text.value().isEmpty()) {
                        throw problem(to.line(), "column \"" + from + "\" needs a new name");
                    }
                    names.put(from, text.value());
                });
        return names;
    }

    private WarpException problem(int line, String what) {
        return YamlDocument.problem(file, line, what);
    }
}
