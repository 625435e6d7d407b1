package warp.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * The tables that {@link WriteLoad} writes to, in schema {@code load}: what is hard for logical
 * replication, as far as a version has it.
 *
 * @param major the source's major version; it decides for both sides
 */
record LoadSchema(double major) {

    static final String QUOTED = "load.\"Größe \"\"quoted\"\" 表\"";

    static LoadSchema of(String major) {
        return new LoadSchema(Double.parseDouble(major));
    }

    boolean hasPartitions() {
        return major >= 10;
    }

    boolean movesRowsBetweenPartitions() {
        return major >= 11;
    }

    boolean replicatesTruncate() {
        return major >= 11;
    }

    /** The statements that create it. */
    List<String> create() {
        List<String> statements =
                new ArrayList<>(List.of("CREATE SCHEMA load", "CREATE SEQUENCE load.ids"));
        statements.addAll(accounts());
        statements.addAll(withoutKey());
        statements.addAll(measures());
        statements.addAll(oddities());
        return statements;
    }

    /** A foreign key, secondary indexes, a composite key, wide values kept out of line. */
    private List<String> accounts() {
        return List.of(
                "CREATE TABLE load.account (id bigint "
                        + identity("BY DEFAULT")
                        + " PRIMARY KEY, name text NOT NULL, balance numeric(14,2) NOT NULL DEFAULT"
                        + " 0, note text, updated timestamptz)",
                "CREATE INDEX account_name ON load.account (name)",
                "CREATE INDEX account_updated ON load.account (updated DESC) WHERE note IS NOT"
                        + " NULL",
                "CREATE TABLE load.entry (account_id bigint NOT NULL REFERENCES load.account ON"
                        + " DELETE CASCADE, number int NOT NULL, amount numeric, tags text[],"
                        + " payload text, PRIMARY KEY (account_id, number))",
                "ALTER TABLE load.entry ALTER payload SET STORAGE EXTERNAL",
                "CREATE INDEX entry_tags ON load.entry USING gin (tags)");
    }

    /** Equal rows, and types that have no equality. */
    private static List<String> withoutKey() {
        return List.of(
                "CREATE TABLE load.event (kind text, place point, body json, weight float8, at"
                        + " timestamp)",
                "ALTER TABLE load.event REPLICA IDENTITY FULL");
    }

    private List<String> measures() {
        String columns = "(id bigint NOT NULL, day date NOT NULL, reading float8, unit text)";
        if (!hasPartitions()) {
            return List.of(
                    "CREATE TABLE load.measure " + columns,
                    "ALTER TABLE load.measure ADD PRIMARY KEY (id, day)");
        }
        return List.of(
                "CREATE TABLE load.measure " + columns + " PARTITION BY RANGE (day)",
                "CREATE TABLE load.measure_2024 PARTITION OF load.measure (PRIMARY KEY (id, day))"
                        + " FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
                "CREATE TABLE load.measure_2025 PARTITION OF load.measure (PRIMARY KEY (id, day))"
                        + " FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
    }

    private List<String> oddities() {
        return List.of(
                "CREATE TABLE "
                        + QUOTED
                        + " (\"sélect\" uuid PRIMARY KEY, \"größe 単位\" text, \"from\" bytea)",
                "CREATE TABLE load.shape (id bigint "
                        + identity("ALWAYS")
                        + " PRIMARY KEY, width int, height int"
                        + (major >= 12
                                ? ", area bigint GENERATED ALWAYS AS (width::bigint * height)"
                                        + " STORED)"
                                : ")"),
                "CREATE TABLE load.token (code text NOT NULL, owner int, hits int DEFAULT 0)",
                "CREATE UNIQUE INDEX token_code ON load.token (code)",
                "ALTER TABLE load.token REPLICA IDENTITY USING INDEX token_code",
                "CREATE TABLE load.bulk (id bigint PRIMARY KEY, state text, filler text)");
    }

    private String identity(String when) {
        return major >= 10 ? "GENERATED " + when + " AS IDENTITY" : "DEFAULT nextval('load.ids')";
    }
}
