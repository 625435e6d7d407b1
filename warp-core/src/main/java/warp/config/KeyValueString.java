package warp.config;

import java.util.Optional;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * Reads {@code host=localhost password='it\'s'} as libpq does ("Keyword/Value Connection Strings"
 * in the manual).
 *
 * <p>A password with a blank that was not quoted spills into what follows, so no error repeats a
 * word that could be its rest.
 */
final class KeyValueString {

    private static final String ORIGIN = "in the connection string";
    private static final String QUOTE =
            "put a value with blanks into single quotes, and write ' as \\' and \\ as \\\\ in it";

    private final String text;
    private final ConnectionParameters parameters = new ConnectionParameters();
    private int position;

    private KeyValueString(String text) {
        this.text = text;
    }

    static ConnectionParameters parse(String text) {
        KeyValueString string = new KeyValueString(text);
        string.skipBlanks();
        boolean secretMayFollow = false;
        while (string.position < text.length()) {
            Keyword keyword = string.keyword(secretMayFollow);
            boolean quoted =
                    string.position < text.length() && text.charAt(string.position) == '\'';
            String value = quoted ? string.quoted(keyword) : string.bare();
            string.parameters.set(keyword, value, ORIGIN);
            boolean secret = keyword == Keyword.PASSWORD || keyword == Keyword.SSLPASSWORD;
            secretMayFollow = secret && !quoted;
            string.skipBlanks();
        }
        return string.parameters;
    }

    private Keyword keyword(boolean mayBeSecret) {
        int start = position;
        while (position < text.length() && text.charAt(position) != '=' && !blank()) {
            position++;
        }
        String name = text.substring(start, position);
        skipBlanks();
        if (position == text.length() || text.charAt(position) != '=') {
            throw malformed("the connection string has a word without = in it").hint(QUOTE);
        }
        position++;
        skipBlanks();
        return Keyword.named(name).orElseThrow(() -> unknown(name, mayBeSecret));
    }

    private static WarpException unknown(String name, boolean mayBeSecret) {
        Optional<String> suggestion = Keyword.suggestion(name);
        WarpException unknown =
                mayBeSecret
                        ? malformed("the key after the password is unknown").hint(QUOTE)
                        : malformed("the connection string has an unknown key \"" + name + "\"");
        return suggestion.map(unknown::hint).orElse(unknown);
    }

    private String bare() {
        StringBuilder value = new StringBuilder();
        while (position < text.length() && !blank()) {
            if (text.charAt(position) == '\\' && ++position == text.length()) {
                break;
            }
            value.append(text.charAt(position++));
        }
        return value.toString();
    }

    private String quoted(Keyword keyword) {
        StringBuilder value = new StringBuilder();
        for (position++; position < text.length(); position++) {
            char character = text.charAt(position);
            if (character == '\'') {
                position++;
                return value.toString();
            }
            if (character == '\\' && ++position == text.length()) {
                break;
            }
            value.append(text.charAt(position));
        }
        throw malformed("the connection string's " + keyword.text() + " has no closing quote")
                .hint(QUOTE);
    }

    private void skipBlanks() {
        while (position < text.length() && blank()) {
            position++;
        }
    }

    private boolean blank() {
        return " \t\n\r\f\u000b".indexOf(text.charAt(position)) >= 0;
    }

    private static WarpException malformed(String what) {
        return new WarpException(ErrorCode.CONFIG, what);
    }
}
