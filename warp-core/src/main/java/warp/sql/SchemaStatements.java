package warp.sql;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import warp.model.Table;
import warp.model.TableName;

/**
 * Statements that take indexes, constraints and triggers of a table away and put them back. Names
 * are given as they stand in the catalog; definitions as {@code pg_get_indexdef} and {@code
 * pg_get_constraintdef} print them under an empty search path.
 */
public final class SchemaStatements {

    /** Keeps ordinary triggers and foreign keys from firing until the transaction ends. */
    public static final String LOCAL_REPLICA_ROLE = "SET LOCAL session_replication_role = replica";

    /** Makes the server print every name in quotes until the transaction ends. */
    public static final String LOCAL_QUOTE_ALL = "SET LOCAL quote_all_identifiers = on";

    /** Lets functions be made before what they use, until the transaction ends. */
    public static final String LOCAL_UNCHECKED_FUNCTIONS = "SET LOCAL check_function_bodies = off";

    /** What the server's sort keeps of each run that it merges. */
    private static final long MERGED_RUN_BYTES = 264 * 1024;

    private SchemaStatements() {}

    /**
     * Drops an object and what depends on it, where it is there.
     *
     * @param type as {@code pg_identify_object} names it, such as {@code materialized view}
     * @param identity as that function prints it
     */
    public static String dropCascade(String type, String identity) {
        String kind =
                switch (type) {
                    case "composite type" -> "TYPE";
                    case "statistics object" -> "STATISTICS";
                    case "foreign-data wrapper" -> "FOREIGN DATA WRAPPER";
                    default -> type.toUpperCase(Locale.ROOT);
                };
        return "DROP " + kind + " IF EXISTS " + identity + " CASCADE";
    }

    public static String refresh(TableName view) {
        return "REFRESH MATERIALIZED VIEW " + Identifiers.qualified(view);
    }

    /** An index lives in its table's schema. */
    public static String dropIndex(TableName table, String index) {
        return "DROP INDEX " + inSchemaOf(table, index);
    }

    public static String dropConstraint(TableName table, String constraint) {
        return alterOnly(table) + "DROP CONSTRAINT " + Identifiers.quote(constraint);
    }

    /** Makes a constraint of the unique index that bears its name. */
    public static String addKeyUsingIndex(
            TableName table, String constraint, KeyKind kind, KeyTiming timing) {
        String name = Identifiers.quote(constraint);
        return alterOnly(table)
                + "ADD CONSTRAINT "
                + name
                + switch (kind) {
                    case PRIMARY_KEY -> " PRIMARY KEY";
                    case UNIQUE -> " UNIQUE";
                }
                + " USING INDEX "
                + name
                + switch (timing) {
                    case IMMEDIATE -> "";
                    case DEFERRABLE -> " DEFERRABLE";
                    case DEFERRED -> " DEFERRABLE INITIALLY DEFERRED";
                };
    }

    /** What a key made of an index is. */
    public enum KeyKind {
        PRIMARY_KEY,
        UNIQUE
    }

    /** When a key is checked ("SET CONSTRAINTS" in the manual). */
    public enum KeyTiming {
        IMMEDIATE,
        DEFERRABLE,
        DEFERRED
    }

    /** {@code ALTER TABLE … ADD CONSTRAINT name definition}, for what inherits from it too. */
    public static String addInheritedConstraint(TableName table, String name, String definition) {
        return alter(table) + "ADD CONSTRAINT " + Identifiers.quote(name) + " " + definition;
    }

    /** Takes it from what inherits it too. */
    public static String dropInheritedConstraint(TableName table, String name) {
        return alter(table) + "DROP CONSTRAINT " + Identifiers.quote(name);
    }

    /** {@code ALTER TABLE ONLY … ADD CONSTRAINT name definition}. */
    public static String addConstraint(TableName table, String constraint, String definition) {
        return alterOnly(table)
                + "ADD CONSTRAINT "
                + Identifiers.quote(constraint)
                + " "
                + definition;
    }

    public static String validateConstraint(TableName table, String constraint) {
        return alterOnly(table) + "VALIDATE CONSTRAINT " + Identifiers.quote(constraint);
    }

    /**
     * A column of a foreign key, the column that it refers to, and the operator that compares them.
     */
    public record Reference(
            String column, String referenced, String operatorSchema, String operator) {

        private String comparison() {
            return "p.%s OPERATOR(%s.%s) r.%s"
                    .formatted(
                            Identifiers.quote(referenced),
                            Identifiers.quote(operatorSchema),
                            operator,
                            Identifiers.quote(column));
        }
    }

    /** Selects from the rows of a table, as {@code r}, that refer to no row of the other. */
    public static String orphans(
            String what, TableName table, TableName referenced, List<Reference> references) {
        return "SELECT %s FROM ONLY %s r WHERE %s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)"
                .formatted(
                        what,
                        Identifiers.qualified(table),
                        references.stream()
                                .map(each ->
                                        "r." + Identifiers.quote(each.column()) + " IS NOT NULL")
                                .collect(Collectors.joining(" AND ")),
                        Identifiers.qualified(referenced),
                        references.stream()
                                .map(Reference::comparison)
                                .collect(Collectors.joining(" AND ")));
    }

    public static String commentOnIndex(TableName table, String index, String comment) {
        return "COMMENT ON INDEX "
                + inSchemaOf(table, index)
                + " IS "
                + Identifiers.literal(comment);
    }

    public static String commentOnConstraint(TableName table, String constraint, String comment) {
        return "COMMENT ON CONSTRAINT "
                + Identifiers.quote(constraint)
                + " ON "
                + Identifiers.qualified(table)
                + " IS "
                + Identifiers.literal(comment);
    }

    public static String clusterOn(TableName table, String index) {
        return alterOnly(table) + "CLUSTER ON " + Identifiers.quote(index);
    }

    public static String replicaIdentityUsingIndex(TableName table, String index) {
        return alterOnly(table) + "REPLICA IDENTITY USING INDEX " + Identifiers.quote(index);
    }

    public static String replicaIdentityFull(TableName table) {
        return "ALTER TABLE " + Identifiers.qualified(table) + " REPLICA IDENTITY FULL";
    }

    /**
     * How closely ANALYZE looks at a column of an index (11+).
     *
     * @param column position in the index, from 1
     */
    public static String indexStatistics(TableName table, String index, int column, int target) {
        return "ALTER INDEX %s ALTER COLUMN %d SET STATISTICS %d"
                .formatted(inSchemaOf(table, index), column, target);
    }

    public static String disableTrigger(TableName table, String trigger) {
        return alterOnly(table) + "DISABLE TRIGGER " + Identifiers.quote(trigger);
    }

    /** As triggers are made. */
    public static String enableOrdinaryTrigger(TableName table, String trigger) {
        return alterOnly(table) + "ENABLE TRIGGER " + Identifiers.quote(trigger);
    }

    public static String disableRule(TableName table, String rule) {
        return alterOnly(table) + "DISABLE RULE " + Identifiers.quote(rule);
    }

    /** As rules are made, or {@code ENABLE ALWAYS}. */
    public static String enableRule(TableName table, String rule, boolean always) {
        return alterOnly(table)
                + (always ? "ENABLE ALWAYS RULE " : "ENABLE RULE ")
                + Identifiers.quote(rule);
    }

    /** A foreign key, of a partitioned table with those of its partitions. */
    public static String addReference(TableName table, String constraint, String definition) {
        return "ALTER TABLE "
                + Identifiers.qualified(table)
                + " ADD CONSTRAINT "
                + Identifiers.quote(constraint)
                + " "
                + definition;
    }

    /** A foreign key, of a partitioned table with those of its partitions. */
    public static String dropReference(TableName table, String constraint) {
        return "ALTER TABLE "
                + Identifiers.qualified(table)
                + " DROP CONSTRAINT "
                + Identifiers.quote(constraint);
    }

    /** {@code ENABLE ALWAYS} or {@code ENABLE REPLICA}. */
    public static String enableTrigger(TableName table, String trigger, boolean always) {
        return alterOnly(table)
                + (always ? "ENABLE ALWAYS TRIGGER " : "ENABLE REPLICA TRIGGER ")
                + Identifiers.quote(trigger);
    }

    public static String disableEventTrigger(String trigger) {
        return "ALTER EVENT TRIGGER " + Identifiers.quote(trigger) + " DISABLE";
    }

    public static String enableEventTrigger(String trigger) {
        return "ALTER EVENT TRIGGER " + Identifiers.quote(trigger) + " ENABLE";
    }

    /**
     * Where the transaction's new indexes go.
     *
     * @param tablespace empty for the database's default
     */
    public static String localTablespace(String tablespace) {
        return "SET LOCAL default_tablespace = "
                + (tablespace.isEmpty() ? "''" : Identifiers.quote(tablespace));
    }

    /**
     * How much memory the transaction may use to build an index.
     *
     * @param memoryBytes at least 1 MB; given to the server in whole kB
     */
    public static String localMaintenanceMemory(long memoryBytes) {
        return "SET LOCAL maintenance_work_mem = '%dkB'".formatted(memoryBytes / 1024);
    }

    /**
     * How much memory the transaction may use to build an index that is sorted. Once all runs are
     * merged at once, more is no faster, and slower where memory is dear to touch: so a sort gets
     * as much as lets all of a table be merged at once ("tuplesort.c": 264 kB for each run), and no
     * more. A table without pages may be a partitioned one, of which nothing is known.
     *
     * @param floorBytes given at least
     * @param mostBytes given at most, and where nothing is known; at least 1 MB
     * @param processes that sort a part each
     */
    public static String localSortingMemory(
            TableName table, long floorBytes, long mostBytes, int processes) {
        long bytesOfRuns = 2L * processes * MERGED_RUN_BYTES;
        return "SELECT pg_catalog.set_config('maintenance_work_mem', (CASE WHEN t.bytes = 0 THEN"
                + " %2$d ELSE least(%2$d, greatest(%1$d, pg_catalog.sqrt(t.bytes::float8 *"
                        .formatted(floorBytes / 1024, mostBytes / 1024)
                + " %d) / 1024))::int8 END)::text || 'kB', true) FROM (SELECT"
                        .formatted(bytesOfRuns)
                + " coalesce(pg_catalog.pg_relation_size(pg_catalog.to_regclass("
                + Identifiers.literal(Identifiers.qualified(table))
                + ")), 0) AS bytes) t";
    }

    /** From 11 on. */
    public static String localMaintenanceWorkers(int workers) {
        return "SET LOCAL max_parallel_maintenance_workers = " + workers;
    }

    /** Of several tables from 11 on. */
    public static String analyze(List<TableName> tables) {
        return "ANALYZE "
                + tables.stream().map(Identifiers::qualified).collect(Collectors.joining(", "));
    }

    /** Of partitioned tables as wholes: from 18 on. */
    public static String analyzeWithoutPartitions(List<TableName> tables) {
        return tables.stream()
                .map(Identifiers::qualified)
                .collect(Collectors.joining(", ONLY ", "ANALYZE ONLY ", ""));
    }

    /**
     * The positions, from 0, of the tables that hold any row: not in a child, but in a partition.
     */
    public static String withRows(List<Table> tables) {
        return positions(tables.stream().map(Identifiers::itself).toList());
    }

    /**
     * As {@link #withRows}, without partitions.
     *
     * @param identities as {@code pg_identify_object} prints them
     */
    public static String withRowsOf(List<String> identities) {
        return positions(identities.stream().map(identity -> "ONLY " + identity).toList());
    }

    private static String positions(List<String> relations) {
        return IntStream.range(0, relations.size())
                .mapToObj(i ->
                        "SELECT %d AS position WHERE EXISTS (SELECT 1 FROM %s)"
                                .formatted(i, relations.get(i)))
                .collect(Collectors.joining(" UNION ALL "));
    }

    private static String alter(TableName table) {
        return "ALTER TABLE " + Identifiers.qualified(table) + " ";
    }

    private static String alterOnly(TableName table) {
        return "ALTER TABLE ONLY " + Identifiers.qualified(table) + " ";
    }

    private static String inSchemaOf(TableName table, String index) {
        return Identifiers.quote(table.schema()) + "." + Identifiers.quote(index);
    }
}
