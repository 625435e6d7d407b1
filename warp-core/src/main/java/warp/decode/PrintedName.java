package warp.decode;

import java.util.Arrays;

/** Names as the server's quote_identifier and format_type print them, scanned as bytes. */
final class PrintedName {

    private PrintedName() {}

    /** Skips one identifier: bare (lower case letters, digits, underscore) or in double quotes. */
    static void skip(MessageReader in) {
        int from = in.position();
        if (in.peek() == '"') {
            skipQuoted(in);
            if (in.position() - from == 2) {
                throw in.malformed("an empty name");
            }
            return;
        }
        while (isBare(in.peek())) {
            in.advance(1);
        }
        if (in.position() == from) {
            throw in.malformed("expected a name");
        }
    }

    /**
     * Skips a type in brackets. Brackets nest only as pairs of an array type; in double quotes
     * anything may stand.
     */
    static void skipType(MessageReader in) {
        in.expect("[");
        int from = in.position();
        int open = 1;
        while (open > 0) {
            switch (in.peek()) {
                case -1 -> throw in.malformed("a type does not end");
                case '"' -> skipQuoted(in);
                case '[' -> {
                    open++;
                    in.advance(1);
                }
                case ']' -> {
                    open--;
                    in.advance(1);
                }
                default -> in.advance(1);
            }
        }
        if (in.position() - from == 1) {
            throw in.malformed("an empty type");
        }
    }

    /** The identifier at an index: without its quotes, doubled quotes as one. */
    static String read(MessageReader in, int from, int length) {
        String printed = in.utf8(from, length);
        return printed.charAt(0) == '"'
                ? printed.substring(1, printed.length() - 1).replace("\"\"", "\"")
                : printed;
    }

    /** A copy in which each doubled {@code quote} is one. */
    static byte[] undoubled(byte[] data, int from, int length, char quote) {
        byte[] copy = new byte[length];
        int used = 0;
        for (int i = from; i < from + length; i++) {
            copy[used++] = data[i];
            if (data[i] == quote) {
                i++;
            }
        }
        return used == length ? copy : Arrays.copyOf(copy, used);
    }

    private static void skipQuoted(MessageReader in) {
        in.advance(1);
        while (true) {
            if (in.atEnd()) {
                throw in.malformed("a quoted name does not end");
            }
            if (in.uint8() == '"') {
                if (in.peek() != '"') {
                    return;
                }
                in.advance(1);
            }
        }
    }

    private static boolean isBare(int letter) {
        return (letter >= 'a' && letter <= 'z')
                || (letter >= '0' && letter <= '9')
                || letter == '_';
    }
}
