package warp.sql;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import warp.model.Column;
import warp.model.Table;

/**
 * Conditions that a person wrote: SQL expressions over the source's columns. They see nothing but
 * the columns, as in a row of no table, so that they mean the same in a COPY at the source and over
 * the values of a change at the destination. Wherever one is used it stands in brackets, with a
 * line end before the closing one, as it may end in a comment.
 */
public final class Filters {

    /** No table: a condition cannot name it. */
    static final String ROW = "\"warp row\"";

    private static final String PROBE = "\"warp filter\"";

    private Filters() {}

    /** The condition as one operand. */
    static String bracketed(String filter) {
        return "(" + filter + "\n)";
    }

    /** Asks the source whether it understands the condition; reads no row. */
    public static String probe(Table source, String filter) {
        return "SELECT 1 FROM (SELECT %s FROM ONLY %s) AS %s WHERE %s LIMIT 0"
                .formatted(
                        source.columns().stream()
                                .map(column -> Identifiers.quote(column.name()))
                                .collect(Collectors.joining(", ")),
                        Identifiers.qualified(source.name()),
                        ROW,
                        bracketed(filter));
    }

    /**
     * A temporary table with columns of the source's types, gone with the transaction: for {@link
     * #requireImmutable}.
     */
    public static String probeTable(Collection<Column> columns) {
        return "CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP"
                .formatted(
                        PROBE,
                        columns.stream()
                                .map(column ->
                                        Identifiers.quote(column.name()) + " " + column.typeName())
                                .collect(Collectors.joining(", ")));
    }

    /**
     * Fails unless the condition's value depends on nothing but the row: what may be the predicate
     * of an index holds no subquery, no aggregate and only functions marked IMMUTABLE ("Function
     * Volatility Categories" in the manual).
     */
    public static String requireImmutable(String filter) {
        return "CREATE INDEX ON pg_temp." + PROBE + " ((1)) WHERE " + bracketed(filter);
    }

    /** The columns that the condition names, and maybe some that it does not. */
    public static List<Column> columnsOf(String filter, Collection<Column> columns) {
        Words words = new Words(filter);
        Set<String> named = words.read();
        return columns.stream()
                .filter(column -> words.unclear || named.contains(column.name()))
                .toList();
    }

    /** Reads SQL as far as names go ("Lexical Structure" in the manual). */
    private static final class Words {
        private final String text;
        private final Set<String> names = new LinkedHashSet<>();
        private int at;
        private boolean unclear;

        Words(String text) {
            this.text = text;
        }

        Set<String> read() {
            while (at < text.length()) {
                char letter = text.charAt(at);
                if (letter == '\'') {
                    quoted('\'', false);
                } else if (letter == '"') {
                    names.add(quoted('"', false));
                } else if (text.startsWith("--", at)) {
                    skipTo("\n");
                } else if (text.startsWith("/*", at)) {
                    // Comments nest: what stands in one is taken for names, which does no harm.
                    at += 2;
                } else if (letter == '$') {
                    dollar();
                } else if (isStart(letter)) {
                    word();
                } else {
                    at++;
                }
            }
            return names;
        }

        private void word() {
            int from = at;
            while (at < text.length() && (isStart(text.charAt(at)) || isFurther(text.charAt(at)))) {
                at++;
            }
            String word = text.substring(from, at);
            boolean string = at < text.length() && text.charAt(at) == '\'';
            if (string && word.equalsIgnoreCase("e")) {
                quoted('\'', true);
            } else if (text.startsWith("&", at) && word.equalsIgnoreCase("u")) {
                unclear = true; // A name in escapes, maybe.
            } else {
                names.add(folded(word));
            }
        }

        /** Reads from one quote to the other; what stands between. */
        private String quoted(char quote, boolean escapes) {
            StringBuilder content = new StringBuilder();
            at++;
            while (at < text.length()) {
                char letter = text.charAt(at++);
                if (letter == quote) {
                    if (at == text.length() || text.charAt(at) != quote) {
                        break;
                    }
                    at++;
                } else if (escapes && letter == '\\' && at < text.length()) {
                    at++;
                }
                content.append(letter);
            }
            return content.toString();
        }

        private void dollar() {
            int end = text.indexOf('$', at + 1);
            String tag = end < 0 ? "" : text.substring(at, end + 1);
            if (end < 0 || !tag.matches("\\$([^0-9\\W]\\w*)?\\$")) {
                at++;
                return;
            }
            at = end + 1;
            skipTo(tag);
        }

        private void skipTo(String end) {
            int found = text.indexOf(end, at);
            at = found < 0 ? text.length() : found + end.length();
        }

        private static boolean isStart(char letter) {
            return (letter >= 'a' && letter <= 'z')
                    || (letter >= 'A' && letter <= 'Z')
                    || letter == '_'
                    || letter >= 128;
        }

        private static boolean isFurther(char letter) {
            return (letter >= '0' && letter <= '9') || letter == '$';
        }

        private static String folded(String word) {
            StringBuilder folded = new StringBuilder(word);
            for (int i = 0; i < word.length(); i++) {
                char letter = word.charAt(i);
                if (letter >= 'A' && letter <= 'Z') {
                    folded.setCharAt(i, (char) (letter + ('a' - 'A')));
                }
            }
            return folded.toString();
        }
    }
}
