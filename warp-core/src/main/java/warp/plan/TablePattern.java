package warp.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;

/**
 * One pattern of psql's language, as two regular expressions.
 *
 * @param text as the user gave it
 * @param schema null for any schema
 */
record TablePattern(String text, @Nullable Pattern schema, Pattern table) {

    static TablePattern parse(String text) {
        List<String> parts = new Reader(text).parts();
        return switch (parts.size()) {
            case 1 -> new TablePattern(text, null, compile(text, parts.getFirst()));
            case 2 ->
                    new TablePattern(
                            text, compile(text, parts.getFirst()), compile(text, parts.getLast()));
            default -> throw bad(text, "more than one dot; a database name cannot be given");
        };
    }

    /** A pattern for names of schemas: one part, without a dot. */
    static TablePattern parseSchema(String text) {
        List<String> parts = new Reader(text).parts();
        if (parts.size() != 1) {
            throw bad(text, "a schema's name has no dot; use -t for tables");
        }
        return new TablePattern(text, compile(text, parts.getFirst()), Pattern.compile(""));
    }

    /** Whether the part for schemas matches. */
    boolean matchesSchema(String name) {
        return schema == null || schema.matcher(name).matches();
    }

    boolean matches(TableName name) {
        return (schema == null || schema.matcher(name.schema()).matches())
                && table.matcher(name.name()).matches();
    }

    private static Pattern compile(String text, String expression) {
        if (expression.isEmpty()) {
            throw bad(text, "a part is empty");
        }
        try {
            return Pattern.compile(expression, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw bad(text, e.getDescription());
        }
    }

    private static WarpException bad(String text, String problem) {
        return new WarpException(ErrorCode.USAGE, "pattern '" + text + "': " + problem)
                .hint(
                        "patterns are those of pg_dump -t: schema.table with * and ?, and double"
                                + " quotes around names with other characters, as in"
                                + " 'public.\"Odd Name\"'");
    }

    /** Turns a pattern into regular expressions, one for each part between its dots. */
    private static final class Reader {

        private static final String SPECIAL = "|*+?()[]{}.^$\\";

        /** What PostgreSQL's {@code [:name:]} is in Java. */
        private static final Map<String, String> CLASSES =
                Map.of(
                        "alpha", "\\p{Alpha}",
                        "digit", "\\p{Digit}",
                        "alnum", "\\p{Alnum}",
                        "upper", "\\p{Upper}",
                        "lower", "\\p{Lower}",
                        "punct", "\\p{Punct}",
                        "space", "\\p{Space}",
                        "blank", "\\p{Blank}",
                        "xdigit", "\\p{XDigit}");

        private final String text;
        private final List<String> parts = new ArrayList<>();
        private final StringBuilder part = new StringBuilder();
        private int at;

        Reader(String text) {
            this.text = text;
        }

        List<String> parts() {
            while (at < text.length()) {
                char letter = text.charAt(at++);
                switch (letter) {
                    case '"' -> quoted();
                    case '*' -> part.append(".*");
                    case '?' -> part.append('.');
                    case '$' -> part.append("\\$");
                    case '[' -> set();
                    case '.' -> {
                        parts.add(part.toString());
                        part.setLength(0);
                    }
                    default -> part.append(folded(letter));
                }
            }
            parts.add(part.toString());
            return parts;
        }

        private void quoted() {
            while (at < text.length()) {
                char letter = text.charAt(at++);
                if (letter == '"') {
                    if (at == text.length() || text.charAt(at) != '"') {
                        return;
                    }
                    at++;
                }
                if (SPECIAL.indexOf(letter) >= 0) {
                    part.append('\\');
                }
                part.append(letter);
            }
            throw bad(text, "a double quote is not closed");
        }

        /** {@code [0-9]}, without what only Java's sets mean: nesting and intersection. */
        private void set() {
            if (text.startsWith("]", at)) {
                at++;
                part.append("\\[\\]");
                return;
            }
            part.append('[');
            if (text.startsWith("^", at)) {
                at++;
                part.append('^');
            }
            boolean first = true;
            while (at < text.length()) {
                char letter = text.charAt(at++);
                if (letter == ']' && !first) {
                    part.append(']');
                    return;
                }
                if (letter == '[' && text.startsWith(":", at)) {
                    namedClass();
                } else {
                    part.append("[]&^\\".indexOf(letter) >= 0 ? "\\" : "").append(folded(letter));
                }
                first = false;
            }
            throw bad(text, "a bracket is not closed");
        }

        private void namedClass() {
            int end = text.indexOf(":]", at);
            String name = end < 0 ? "" : text.substring(at + 1, end);
            String java = CLASSES.get(name);
            if (java == null) {
                throw bad(text, "no class of letters is called '" + name + "'");
            }
            part.append(java);
            at = end + 2;
        }

        private static char folded(char letter) {
            return letter >= 'A' && letter <= 'Z' ? (char) (letter + ('a' - 'A')) : letter;
        }
    }
}
