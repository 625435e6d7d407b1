package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.Table;
import warp.model.TableName;

/**
 * Quotes names and values for SQL text, and reads names that the server printed ("Lexical
 * Structure", Identifiers and String Constants, in the manual).
 */
public final class Identifiers {

    private Identifiers() {}

    /**
     * A name in double quotes, whatever it is: never folded, never a keyword.
     *
     * @throws IllegalArgumentException where it is empty or holds a zero character
     */
    public static String quote(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an empty name");
        }
        return quoted(name, "\"");
    }

    /** {@code "schema"."name"}. */
    public static String qualified(TableName table) {
        return quote(table.schema()) + "." + quote(table.name());
    }

    /**
     * The table without those that inherit from it: {@code ONLY "schema"."name"}. A partitioned
     * table is nothing without its partitions and stands as a whole, and one of Citus, which knows
     * no inheritance, has its rows elsewhere.
     */
    public static String itself(Table table) {
        return (table.partitioned() || table.distribution() != null ? "" : "ONLY ")
                + qualified(table.name());
    }

    /**
     * A string constant. Backslashes stand for themselves: every session of Warp has {@code
     * standard_conforming_strings} on, the server's default.
     *
     * @throws IllegalArgumentException where it holds a zero character
     */
    public static String literal(String value) {
        return quoted(value, "'");
    }

    /** An array of texts as the server reads it ({@code {"a","b"}}). */
    public static String arrayText(List<String> texts) {
        return texts.stream()
                .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    /**
     * Reads {@code schema.name} as the server prints it ({@code quote_ident}, {@code regclass}
     * under an empty search path): a part in double quotes as it is, a bare part as it is.
     *
     * @throws IllegalArgumentException where the text is not a qualified name
     */
    public static TableName parseQualified(String text) {
        int dot = partEnd(text, 0);
        if (dot >= text.length() || text.charAt(dot) != '.') {
            throw new IllegalArgumentException("not a qualified name: " + text);
        }
        if (partEnd(text, dot + 1) != text.length()) {
            throw new IllegalArgumentException("not a qualified name: " + text);
        }
        return new TableName(part(text, 0, dot), part(text, dot + 1, text.length()));
    }

    private static String quoted(String text, String quote) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a zero character cannot stand in SQL");
        }
        return quote + text.replace(quote, quote + quote) + quote;
    }

    /** Index after the part that begins at {@code from}. */
    private static int partEnd(String text, int from) {
        int at = from;
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
            while (at < text.length()) {
                if (text.charAt(at++) == '"') {
                    if (at == text.length() || text.charAt(at) != '"') {
                        return at;
                    }
                    at++;
                }
            }
            throw new IllegalArgumentException("a quote is not closed: " + text);
        }
        while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '"') {
            at++;
        }
        return at;
    }

    private static String part(String text, int from, int to) {
        return text.startsWith("\"", from)
                ? text.substring(from + 1, to - 1).replace("\"\"", "\"")
                : text.substring(from, to);
    }
}
