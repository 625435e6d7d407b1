package warp.sql;

import java.util.Locale;

/**
 * Text for people, made safe to print: names, values and messages of a server are its owner's to
 * choose, and must steer neither a terminal nor whoever reads a log. What cannot be seen, or moves
 * what is seen, is written as an escape: control characters, line separators, and the marks that
 * turn the direction of writing or have no width.
 *
 * <p>SQL in the text remains SQL for the same thing, so that a hint can be pasted: inside of {@code
 * "…"} and {@code '…'} the escapes are the server's own ({@code U&"a\000Ab"}, {@code U&'a\000Ab'},
 * {@code E'a\nb'}; a dollar quote becomes {@code E'…'}; "Lexical Structure" in the manual).
 * Elsewhere they are for the eye only: {@code \n}, {@code \}u001b.
 */
public final class VisibleText {

    private final String text;
    private final StringBuilder visible;
    private int position;
    private boolean flat;
    private boolean commented;

    private VisibleText(String text) {
        this.text = text;
        this.visible = new StringBuilder(text.length() + 16);
    }

    /** The text without anything unsafe; most texts are returned as they are. */
    public static String of(String text) {
        return isSafe(text) ? text : new VisibleText(text).rewrite();
    }

    /**
     * A statement in one line that can be pasted: breaks between its words become blanks. One with
     * a comment to the end of a line in it keeps them, to be escaped.
     */
    public static String statement(String sql) {
        if (isSafe(sql)) {
            return sql;
        }
        VisibleText line = new VisibleText(sql);
        line.flat = true;
        String rewritten = line.rewrite();
        return line.commented ? of(sql) : rewritten;
    }

    /** Whether everything in the text can be printed as it is. */
    public static boolean isSafe(String text) {
        return text.codePoints().noneMatch(VisibleText::isUnsafe);
    }

    private static boolean isUnsafe(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private String rewrite() {
        while (position < text.length()) {
            switch (text.charAt(position)) {
                case '"' -> identifier();
                case '\'' -> literal();
                case '$' -> dollarQuote();
                default -> plain();
            }
        }
        return visible.toString();
    }

    /** One character outside of quotes. */
    private void plain() {
        int character = text.codePointAt(position);
        commented |= text.startsWith("--", position);
        position += Character.charCount(character);
        if (flat && isUnsafe(character) && Character.isWhitespace(character)) {
            visible.append(' ');
        } else {
            appendEscaped(character);
        }
    }

    private void identifier() {
        int end = end('"', false);
        if (end < 0 || isSafe(text.substring(position, end))) {
            upTo(end);
        } else {
            quoted(end, followsUnicodePrefix());
        }
    }

    private void literal() {
        boolean escapes = followsPrefix('E');
        boolean unicode = followsUnicodePrefix();
        boolean apostrophe = !escapes && !unicode && followsWord();
        int end = apostrophe ? -1 : end('\'', escapes);
        if (end < 0 || isSafe(text.substring(position, end))) {
            upTo(end);
        } else if (escapes) {
            visible.append('\'');
            escaped(text.substring(position + 1, end - 1), true);
            visible.append('\'');
            position = end;
        } else {
            quoted(end, unicode);
        }
    }

    /** As it is; where no quote ends, the character alone. */
    private void upTo(int end) {
        int after = end < 0 ? position + 1 : end;
        visible.append(text, position, after);
        position = after;
    }

    /** A token with the server's Unicode escapes, which double the backslash. */
    private void quoted(int end, boolean isUnicodeAlready) {
        char quote = text.charAt(position);
        visible.append(isUnicodeAlready ? "" : "U&").append(quote);
        text.substring(position + 1, end - 1)
                .codePoints()
                .forEach(character -> {
                    if (isUnsafe(character)) {
                        visible.append(
                                String.format(
                                        Locale.ROOT,
                                        character > 0xffff ? "\\+%06x" : "\\%04x",
                                        character));
                    } else if (character == '\\' && !isUnicodeAlready) {
                        visible.append("\\\\");
                    } else {
                        visible.appendCodePoint(character);
                    }
                });
        visible.append(quote);
        position = end;
    }

    private void dollarQuote() {
        String tag = tag();
        int closing =
                tag.isEmpty() || followsWord() ? -1 : text.indexOf(tag, position + tag.length());
        int end = closing < 0 ? -1 : closing + tag.length();
        if (end < 0 || isSafe(text.substring(position, end))) {
            upTo(end);
            return;
        }
        visible.append("E'");
        escaped(text.substring(position + tag.length(), closing), false);
        visible.append('\'');
        position = end;
    }

    /** {@code $name$} at the position; empty where none is. */
    private String tag() {
        int at = position + 1;
        while (at < text.length() && isWordPart(text.charAt(at))) {
            at++;
        }
        boolean numbered = at > position + 1 && Character.isDigit(text.charAt(position + 1));
        boolean closed = at < text.length() && text.charAt(at) == '$' && !numbered;
        return closed ? text.substring(position, at + 1) : "";
    }

    /**
     * The content of {@code E'…'}.
     *
     * @param alreadyEscaped whether backslashes and quotes in it are that already
     */
    private void escaped(String content, boolean alreadyEscaped) {
        boolean afterBackslash = false;
        for (int i = 0; i < content.length(); i += Character.charCount(content.codePointAt(i))) {
            int character = content.codePointAt(i);
            if (isUnsafe(character)) {
                if (afterBackslash) {
                    visible.setLength(visible.length() - 1); // it stood for the character itself
                }
                appendEscaped(character);
            } else if (!alreadyEscaped && (character == '\\' || character == '\'')) {
                visible.append('\\').appendCodePoint(character);
            } else {
                visible.appendCodePoint(character);
            }
            afterBackslash = alreadyEscaped && character == '\\' && !afterBackslash;
        }
    }

    private void appendEscaped(int character) {
        switch (character) {
            case '\n' -> visible.append("\\n");
            case '\r' -> visible.append("\\r");
            case '\t' -> visible.append("\\t");
            default -> {
                if (isUnsafe(character)) {
                    String form = character > 0xffff ? "\\U%08x" : "\\u%04x";
                    visible.append(String.format(Locale.ROOT, form, character));
                } else {
                    visible.appendCodePoint(character);
                }
            }
        }
    }

    /** Index after the closing quote of the token at the position; -1 where it is not closed. */
    private int end(char quote, boolean backslashes) {
        for (int at = position + 1; at < text.length(); at++) {
            char character = text.charAt(at);
            if (backslashes && character == '\\') {
                at++;
            } else if (character == quote) {
                if (at + 1 == text.length() || text.charAt(at + 1) != quote) {
                    return at + 1;
                }
                at++;
            }
        }
        return -1;
    }

    private boolean followsUnicodePrefix() {
        return position > 1
                && text.charAt(position - 1) == '&'
                && isLetter('U', position - 2)
                && (position == 2 || !isWordPart(text.charAt(position - 3)));
    }

    private boolean followsPrefix(char letter) {
        return isLetter(letter, position - 1)
                && (position == 1 || !isWordPart(text.charAt(position - 2)));
    }

    private boolean isLetter(char letter, int at) {
        return at >= 0 && Character.toUpperCase(text.charAt(at)) == letter;
    }

    /** An apostrophe ({@code the role's}) or a dollar in a name begins no text. */
    private boolean followsWord() {
        return position > 0 && isWordPart(text.charAt(position - 1));
    }

    private static boolean isWordPart(char character) {
        return character == '_' || Character.isLetterOrDigit(character);
    }
}
