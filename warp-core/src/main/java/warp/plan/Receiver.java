package warp.plan;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;

/**
 * Where a rule sends rows: {@code schema.table}, or {@code schema.*} for the source's own name in
 * that schema. As in SQL letters fold to lower case, and double quotes take that away.
 *
 * @param name null for the source's own
 */
record Receiver(String schema, @Nullable String name) {

    static Receiver parse(String text) {
        List<String> parts = parts(text);
        if (parts.size() != 2) {
            throw bad(text);
        }
        boolean keep = text.endsWith(".*");
        return new Receiver(parts.getFirst(), keep ? null : parts.getLast());
    }

    TableName of(TableName table) {
        return new TableName(schema, name == null ? table.name() : name);
    }

    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' && quoted && text.startsWith("\"\"", i)) {
                part.append(letter);
                i++;
            } else if (letter == '"') {
                quoted = !quoted;
            } else if (letter == '.' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                boolean folds = !quoted && letter >= 'A' && letter <= 'Z';
                part.append(folds ? (char) (letter + ('a' - 'A')) : letter);
            }
        }
        parts.add(part.toString());
        if (quoted || parts.stream().anyMatch(String::isEmpty)) {
            throw bad(text);
        }
        return parts;
    }

    private static WarpException bad(String text) {
        return new WarpException(ErrorCode.CONFIG, "\"to\" cannot be " + text)
                .hint("Give schema.table, or schema.* for the same name in another schema.");
    }
}
