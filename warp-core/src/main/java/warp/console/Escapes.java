package warp.console;

import warp.sql.VisibleText;

/**
 * The one door to terminal and log file: whatever a line is made of, no character of it steers the
 * terminal, ends the line or turns its direction.
 */
final class Escapes {

    private Escapes() {}

    /** See {@link VisibleText}. */
    static String visible(String text) {
        return VisibleText.of(text);
    }
}
