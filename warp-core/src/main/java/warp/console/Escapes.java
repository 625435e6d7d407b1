package warp.console;

/** Makes text of unknown origin safe to print: a table's name must not steer the terminal. */
final class Escapes {

    private Escapes() {}

    /**
     * The text with control characters (C0, C1, DEL), line and paragraph separators and the marks
     * that turn the direction of writing shown as {@code \n}, {@code \t}, {@code \}u001b.
     */
    static String visible(String text) {
        if (text.codePoints().noneMatch(Escapes::isUnsafe)) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> append(visible, character));
        return visible.toString();
    }

    private static void append(StringBuilder visible, int character) {
        switch (character) {
            case '\n' -> visible.append("\\n");
            case '\r' -> visible.append("\\r");
            case '\t' -> visible.append("\\t");
            default -> {
                if (isUnsafe(character)) {
                    visible.append("\\u").append(String.format("%04x", character));
                } else {
                    visible.appendCodePoint(character);
                }
            }
        }
    }

    private static boolean isUnsafe(int character) {
        return Character.isISOControl(character)
                || character == 0x2028
                || character == 0x2029
                || (character >= 0x202a && character <= 0x202e)
                || (character >= 0x2066 && character <= 0x2069)
                || (character >= 0xd800 && character <= 0xdfff);
    }
}
