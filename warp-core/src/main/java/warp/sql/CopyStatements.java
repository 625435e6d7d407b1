package warp.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import warp.model.Column;
import warp.model.Lsn;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.model.TablePair.ColumnPair;
import warp.plan.Chunk;
import warp.plan.Range;

/**
 * The statements that copy one chunk: COPY at both ends, the transactions around them, and the
 * marks in the schema {@code warp} ("COPY" and "SET TRANSACTION" in the manual). All are texts for
 * the simple protocol, without parameters.
 *
 * <p>Columns go as their pair says; generated ones are computed by the destination. Works with
 * every source and destination from 9.4 on.
 */
public final class CopyStatements {

    /** The highest block number a ctid can hold. */
    private static final long PAGE_MAX = 0xFFFF_FFFEL;

    private CopyStatements() {}

    /** How the rows of a table travel. */
    public enum Format {
        /** Understood by every type and every version. */
        TEXT,
        /** Cheaper for numbers and times, but only for types whose bytes mean the same. */
        BINARY
    }

    /**
     * The best format for a table: binary where every column that travels is {@link
     * Column#binarySafe} at both sides and has the same type there.
     *
     * @param sameBinary whether both servers print the same bytes for a value, which those built
     *     without {@code integer_datetimes} do not
     */
    public static Format format(TablePair pair, boolean sameBinary) {
        boolean binary =
                sameBinary && pair.columns().stream().allMatch(CopyStatements::travelsAsBytes);
        return binary ? Format.BINARY : Format.TEXT;
    }

    private static boolean travelsAsBytes(ColumnPair pair) {
        return pair.source().binarySafe()
                && pair.destination().binarySafe()
                && pair.source().typeOid() == pair.destination().typeOid();
    }

    /** Sends a chunk; in a transaction begun by {@link SourceStatements#beginLocked}. */
    public static String copyOut(TablePair pair, Optional<Range> range, Format format) {
        String what =
                range.isPresent() || pair.filter().isPresent()
                        ? "(" + select("", columnNames(pair, ColumnPair::source), pair, range) + ")"
                        : Identifiers.qualified(pair.source().name())
                                + columnList(
                                        pair.columns().stream()
                                                .map(it -> it.source().name())
                                                .toList());
        List<String> options = new ArrayList<>();
        addFormat(options, format);
        return "COPY " + what + " TO STDOUT" + with(options);
    }

    /**
     * Sends the first rows of a table, to see what they look like.
     *
     * @param rows at the most
     */
    public static String copyOutSome(TablePair pair, Format format, int rows) {
        List<String> options = new ArrayList<>();
        addFormat(options, format);
        return "COPY (SELECT %s FROM ONLY %s LIMIT %d) TO STDOUT%s"
                .formatted(
                        columnNames(pair, ColumnPair::source),
                        Identifiers.qualified(pair.source().name()),
                        rows,
                        with(options));
    }

    /** What of a chunk meets a condition; an empty one is none. */
    static String select(String condition, String columns, TablePair pair, Optional<Range> range) {
        List<String> conditions = new ArrayList<>();
        range.ifPresent(part -> addBounds(conditions, pair.source(), part));
        pair.filter().map(Filters::bracketed).ifPresent(conditions::add);
        if (!condition.isEmpty()) {
            conditions.add(condition);
        }
        return "SELECT "
                + columns
                + " FROM ONLY "
                + Identifiers.qualified(pair.source().name())
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    private static void addBounds(List<String> bounds, Table table, Range range) {
        switch (range) {
            case Range.Pages pages -> {
                if (pages.from() > 0) {
                    bounds.add("ctid >= '(%d,0)'".formatted(pages.from()));
                }
                if (pages.to() <= PAGE_MAX) {
                    bounds.add("ctid < '(%d,0)'".formatted(pages.to()));
                }
            }
            case Range.Keys keys -> addKeyBounds(bounds, table, keys);
        }
    }

    private static void addKeyBounds(List<String> bounds, Table table, Range.Keys keys) {
        String column = Identifiers.quote(keys.column());
        boolean nullable = table.column(keys.column()).map(it -> !it.notNull()).orElse(true);
        String from = keys.from();
        String to = keys.to();
        if (from != null) {
            bounds.add(column + " >= " + Identifiers.literal(from));
        }
        if (to != null) {
            String below = column + " < " + Identifiers.literal(to);
            // NULLs lie in no range: they travel with the lowest one.
            boolean withNulls = from == null && nullable;
            bounds.add(withNulls ? "(" + below + " OR " + column + " IS NULL)" : below);
        }
    }

    /**
     * Receives a chunk.
     *
     * @param truncate empties the table first, in the same statement text, and writes the rows
     *     frozen: they need no hint bits, no vacuum and, with {@code wal_level = minimal}, no WAL
     */
    public static String copyIn(TablePair pair, Format format, boolean truncate) {
        List<String> columns = pair.columns().stream().map(it -> it.destination().name()).toList();
        return copyIn(pair.destination(), columns, format, truncate);
    }

    /**
     * The same for values of columns by name.
     *
     * @param columns of the table, in the order of the values
     */
    public static String copyIn(
            Table table, List<String> columns, Format format, boolean truncate) {
        String name = Identifiers.qualified(table.name());
        List<String> options = new ArrayList<>();
        addFormat(options, format);
        if (truncate) {
            options.add("FREEZE");
        }
        return (truncate ? truncate(table) + "; " : "")
                + "COPY "
                + name
                + columnList(columns)
                + " FROM STDIN"
                + with(options);
    }

    static void addFormat(List<String> options, Format format) {
        if (format == Format.BINARY) {
            options.add("FORMAT " + format.name().toLowerCase(Locale.ROOT));
        }
    }

    static String with(List<String> options) {
        return options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ")";
    }

    /** Empty for a table without columns: an empty list in brackets is no SQL. */
    private static String columnList(List<String> columns) {
        return columns.isEmpty()
                ? ""
                : columns.stream()
                        .map(Identifiers::quote)
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String columnNames(TablePair pair, Function<ColumnPair, Column> side) {
        return pair.columns().stream()
                .map(side)
                .map(column -> Identifiers.quote(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** Settings of a destination session. A crash there loses marks together with their rows. */
    public static String destinationSettings(boolean replicaRole) {
        return "SET synchronous_commit = off"
                + (replicaRole ? "; SET session_replication_role = replica" : "");
    }

    /** Asks whether triggers and foreign keys can be kept from firing; leaves no trace. */
    public static String trySetReplicaRole() {
        return "SET session_replication_role = replica; RESET session_replication_role";
    }

    /** What an administrator runs so that it can be kept from firing; from 15 on. */
    public static String grantReplicaRole(String role) {
        return "GRANT SET ON PARAMETER session_replication_role TO " + Identifiers.quote(role);
    }

    /** Lets the next commit return only when it is on the destination's own disk. */
    public static final String FLUSHED_COMMIT = "SET LOCAL synchronous_commit = local";

    /** Begins a chunk's transaction: READ COMMITTED, which {@link #finish} depends on. */
    public static String begin() {
        return "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    }

    /** Records, in a transaction of its own, that the copying of a table has begun. */
    public static String markCopying(String slot, TableName table) {
        return begin()
                + "; UPDATE warp.relation SET state = 'COPYING' WHERE "
                + key(slot, table)
                + " AND state = 'PLANNED'; COMMIT";
    }

    /** Keeps everybody else away from a table until the transaction ends. */
    public static String lock(Table destination) {
        return "LOCK TABLE ONLY "
                + Identifiers.qualified(destination.name())
                + " IN ACCESS EXCLUSIVE MODE";
    }

    /** Empties a table; advice for a person. */
    public static String truncate(Table destination) {
        return "TRUNCATE ONLY " + Identifiers.qualified(destination.name());
    }

    public static String commit() {
        return "COMMIT";
    }

    public static String rollback() {
        return "ROLLBACK";
    }

    /** One row where the table has any, none where it is empty. */
    public static String anyRow(Table destination) {
        return "SELECT 1 FROM ONLY " + Identifiers.qualified(destination.name()) + " LIMIT 1";
    }

    /** One row where the chunk is copied, none where not. */
    public static String mark(String slot, Chunk chunk) {
        return "SELECT 1 FROM warp.chunk WHERE "
                + key(slot, chunk.table())
                + " AND number = "
                + chunk.number();
    }

    /**
     * Marks a chunk as copied, the table too if it is the last one, and commits.
     *
     * <p>Invariant: a table is COPIED exactly when as many chunks are marked as it has. Each
     * transaction counts the marks while it holds the row lock of the relation, which it takes
     * first and keeps until it has committed, and the count is a statement of its own with a fresh
     * snapshot: whoever gets the lock last sees the marks of all others.
     *
     * <p>And no chunk of an earlier snapshot is marked once a later one is noted down: its number
     * is NULL then, which the table refuses (23502), and the transaction is undone with its rows.
     *
     * @param rows rows that the destination took
     * @param bytes what travelled for them
     * @param copiedLsn the position of the snapshot
     */
    public static String finish(String slot, Chunk chunk, long rows, long bytes, Lsn copiedLsn) {
        String key = key(slot, chunk.table());
        String at = Identifiers.literal(copiedLsn.toString());
        String lock = "SELECT 1 FROM warp.relation WHERE " + key + " FOR UPDATE";
        String mark =
                "INSERT INTO warp.chunk (slot, schema_name, table_name, number, rows, bytes)"
                        + " VALUES (%s, %s, %s, (SELECT %d FROM warp.relation WHERE %s AND copying_lsn = %s), %d, %d)"
                                .formatted(
                                        Identifiers.literal(slot),
                                        Identifiers.literal(chunk.table().schema()),
                                        Identifiers.literal(chunk.table().name()),
                                        chunk.number(),
                                        key,
                                        at,
                                        rows,
                                        bytes);
        String copied =
                "UPDATE warp.relation SET state = 'COPIED', copied_lsn = "
                        + at
                        + " WHERE "
                        + key
                        + " AND state IN ('PLANNED', 'COPYING') AND chunks = (SELECT"
                        + " pg_catalog.count(*) FROM warp.chunk WHERE "
                        + key
                        + ")";
        return String.join("; ", lock, mark, copied, "COMMIT");
    }

    /** One row where a table is being copied as of that snapshot. */
    public static String copiedBy(String slot, TableName table, Lsn snapshot) {
        return "SELECT 1 FROM warp.relation WHERE %s AND copying_lsn = '%s'"
                .formatted(key(slot, table), snapshot);
    }

    static String key(String slot, TableName table) {
        return "slot = %s AND schema_name = %s AND table_name = %s"
                .formatted(
                        Identifiers.literal(slot),
                        Identifiers.literal(table.schema()),
                        Identifiers.literal(table.name()));
    }

    /** Schema, name and number of each chunk that is marked; takes the slot. */
    public static String marks() {
        return "SELECT schema_name, table_name, number FROM warp.chunk WHERE slot = ?";
    }

    /**
     * Schema and name of the tables that TRUNCATE would accept alone: no other table refers to them
     * and the role may.
     */
    public static String truncatable() {
        return """
        SELECT n.nspname AS schema_name, c.relname AS table_name
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r'
           AND pg_catalog.has_table_privilege(c.oid, 'TRUNCATE')
           AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint f
                            WHERE f.contype = 'f' AND f.confrelid = c.oid
                              AND f.conrelid <> c.oid)\
        """;
    }
}
