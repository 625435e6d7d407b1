package warp.schema;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the text of {@code pg_dump --verbose} into its entries, and these into statements, as it
 * comes. For one thread.
 *
 * <p>A new entry begins at a comment {@code -- TOC entry …} that stands between two statements: one
 * inside a function's body or a name is text like any other, since quotes, dollar quotes, comments,
 * parentheses and {@code BEGIN ATOMIC … END} are followed as psql follows them. Lines for psql
 * itself ({@code \restrict}) are dropped.
 */
final class DumpReader {

    private static final Pattern HEAD =
            Pattern.compile(
                    "-- (?:Data for )?Name: (?<name>.*); Type: (?<type>[A-Z ]+);"
                            + " Schema: (?<schema>.*); Owner: .*",
                    Pattern.DOTALL);

    private final Reader input;
    private final StringBuilder statement = new StringBuilder();
    private final List<String> statements = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private final List<String> firstWords = new ArrayList<>();
    private int ahead = -2;
    private int parentheses;
    private int blocks;
    private String type = "";
    private String name = "";
    private String schema = "";
    private boolean ended;

    DumpReader(Reader input) {
        this.input = input;
    }

    /**
     * The next entry; the first has the settings that hold for all others.
     *
     * @return empty at the end
     */
    Optional<DumpEntry> next() throws IOException {
        while (!ended) {
            int letter = read();
            if (letter < 0) {
                ended = true;
                endStatement();
                return Optional.of(entry());
            }
            DumpEntry finished = take((char) letter);
            if (finished != null) {
                return Optional.of(finished);
            }
        }
        return Optional.empty();
    }

    /** An entry is finished when the head of the next one comes. */
    private @Nullable DumpEntry take(char letter) throws IOException {
        if (isWordPart(letter)) {
            word.append(letter);
            statement.append(letter);
            return null;
        }
        String before = word.toString();
        endWord();
        switch (letter) {
            case '-' -> {
                if (peek() == '-') {
                    return comment();
                }
                statement.append(letter);
            }
            case '/' -> {
                statement.append(letter);
                if (peek() == '*') {
                    blockComment();
                }
            }
            case '\'' -> quoted(letter, before.equalsIgnoreCase("e"));
            case '"' -> quoted(letter, false);
            case '$' -> dollar(before);
            case '\\' -> {
                if (statement.isEmpty()) {
                    restOfLine();
                } else {
                    statement.append(letter);
                }
            }
            case '(' -> {
                parentheses++;
                statement.append(letter);
            }
            case ')' -> {
                parentheses--;
                statement.append(letter);
            }
            case ';' -> {
                if (parentheses == 0 && blocks == 0) {
                    endStatement();
                } else {
                    statement.append(letter);
                }
            }
            default -> {
                if (!statement.isEmpty() || !Character.isWhitespace(letter)) {
                    statement.append(letter);
                }
            }
        }
        return null;
    }

    private static boolean isWordPart(char letter) {
        return letter == '_' || Character.isLetterOrDigit(letter) || letter >= 0x80;
    }

    /** Counts the blocks of a function in SQL: its semicolons do not end the statement. */
    private void endWord() {
        if (word.isEmpty()) {
            return;
        }
        String lower = word.toString().toLowerCase(java.util.Locale.ROOT);
        word.setLength(0);
        if (firstWords.size() < 4) {
            firstWords.add(lower);
        }
        if (!makesRoutine() || parentheses > 0) {
            return;
        }
        switch (lower) {
            case "begin" -> blocks++;
            case "case" -> blocks += blocks > 0 ? 1 : 0;
            case "end" -> blocks -= blocks > 0 ? 1 : 0;
            default -> {
                // Any other word.
            }
        }
    }

    private boolean makesRoutine() {
        int at = firstWords.size() > 2 && firstWords.get(1).equals("or") ? 3 : 1;
        return firstWords.size() > at
                && firstWords.getFirst().equals("create")
                && (firstWords.get(at).equals("function")
                        || firstWords.get(at).equals("procedure"));
    }

    private void endStatement() {
        endWord();
        String text = statement.toString().strip();
        statement.setLength(0);
        firstWords.clear();
        parentheses = 0;
        blocks = 0;
        if (!text.isEmpty()) {
            statements.add(text);
        }
    }

    /** From {@code --} to the end of the line: the head of an entry, or of no interest. */
    private @Nullable DumpEntry comment() throws IOException {
        String line = "-" + restOfLine();
        if (!statement.isEmpty()) {
            statement.append(line).append('\n');
            return null;
        }
        if (line.startsWith("-- TOC entry ")) {
            return entry();
        }
        Matcher head = HEAD.matcher(line);
        if (head.matches()) {
            name = head.group("name");
            type = head.group("type");
            schema = head.group("schema");
        }
        return null;
    }

    private DumpEntry entry() {
        DumpEntry finished = new DumpEntry(type, name, schema, statements);
        statements.clear();
        type = "";
        name = "";
        schema = "";
        return finished;
    }

    private void blockComment() throws IOException {
        statement.append((char) read());
        int depth = 1;
        while (depth > 0) {
            int letter = readInside();
            if (letter == '*' && peek() == '/') {
                readInside();
                depth--;
            } else if (letter == '/' && peek() == '*') {
                readInside();
                depth++;
            }
        }
    }

    /** A doubled quote looks like two texts side by side, which is as good. */
    private void quoted(char quote, boolean escapes) throws IOException {
        statement.append(quote);
        while (true) {
            int letter = readInside();
            if (letter == quote) {
                return;
            } else if (escapes && letter == '\\') {
                readInside();
            }
        }
    }

    /** A dollar quote, or a dollar inside of a name, or a parameter's number. */
    private void dollar(String before) throws IOException {
        statement.append('$');
        if (!before.isEmpty() || !isTagStart(peek())) {
            return;
        }
        StringBuilder tag = new StringBuilder("$");
        while (peek() >= 0 && peek() != '$' && isWordPart((char) peek())) {
            tag.append((char) readInside());
        }
        if (peek() != '$') {
            return;
        }
        tag.append((char) readInside());
        int from = statement.length();
        while (statement.length() - from < tag.length() || !endsWith(statement, tag)) {
            readInside();
        }
    }

    private static boolean isTagStart(int letter) {
        return letter == '$'
                || (letter >= 0 && isWordPart((char) letter) && !Character.isDigit(letter));
    }

    private static boolean endsWith(CharSequence text, CharSequence end) {
        int offset = text.length() - end.length();
        for (int i = end.length() - 1; i >= 0; i--) {
            if (text.charAt(offset + i) != end.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String restOfLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int letter = read();
        while (letter >= 0 && letter != '\n') {
            line.append((char) letter);
            letter = read();
        }
        return line.toString();
    }

    private int peek() throws IOException {
        if (ahead == -2) {
            ahead = input.read();
        }
        return ahead;
    }

    private int read() throws IOException {
        int letter = peek();
        ahead = -2;
        return letter;
    }

    /** The next letter, which belongs to the statement. */
    private int readInside() throws IOException {
        int letter = read();
        if (letter < 0) {
            throw new IOException("the dump ends within a statement");
        }
        statement.append((char) letter);
        return letter;
    }
}
