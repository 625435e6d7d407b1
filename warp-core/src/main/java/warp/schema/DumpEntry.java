package warp.schema;

import java.util.List;

/**
 * One entry of pg_dump's table of contents.
 *
 * @param type in pg_dump's words: {@code TABLE}, {@code FK CONSTRAINT}, {@code COMMENT}; empty for
 *     the settings before the first entry
 * @param name as pg_dump shows it, on one line; for people
 * @param schema {@code -} where it has none
 * @param statements in order, each without its semicolon
 */
record DumpEntry(String type, String name, String schema, List<String> statements) {

    DumpEntry {
        statements = List.copyOf(statements);
    }

    /** Whether its options may hold a password for another server. */
    boolean logsInElsewhere() {
        return type.equals("USER MAPPING") || type.equals("SERVER");
    }

    /** {@code TABLE shop.orders}. */
    String label() {
        boolean bare = schema.isEmpty() || schema.equals("-");
        return type + " " + (bare ? name : schema + "." + name);
    }
}
