package warp.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import warp.model.Column;
import warp.model.Lsn;
import warp.model.SnapshotPoint;
import warp.model.TableName;
import warp.model.TablePair;
import warp.model.TablePair.ColumnPair;
import warp.plan.Chunk;
import warp.sql.CopyStatements.Format;

/**
 * The statements that bring chunks of one snapshot to a later one: what has not changed since is
 * told by its key, what has comes whole, both into tables of their own in schema {@code warp}; one
 * transaction then deletes what is not among the keys and adds what came. {@code
 * warp.copy.ChunkAdvance} tells why that is exact.
 *
 * <p>Texts for the simple protocol. From 9.4 on.
 */
public final class AdvanceStatements {

    /** Beside the values: the chunk that they are of. */
    private static final String CHUNK = "c0";

    private AdvanceStatements() {}

    /** A table that holds what came until it is taken over; unlogged, as it is never trusted. */
    public enum Staged {
        /** Keys of rows that have not changed. */
        KEYS,
        /** Rows that have. */
        ROWS;

        String suffix() {
            return this == KEYS ? "_keys" : "_rows";
        }
    }

    /** What the names of all such tables of a migration begin with. */
    public static String prefix(String slot) {
        return "advance_" + Integer.toHexString(slot.hashCode()) + "_";
    }

    private static String name(String slot, TablePair pair, Staged what) {
        return Identifiers.qualified(
                new TableName(
                        "warp",
                        prefix(slot)
                                + Integer.toUnsignedString(pair.destination().oid())
                                + what.suffix()));
    }

    /** Whether chunks of a table can be brought to a later snapshot. */
    public static boolean canAdvance(TablePair pair) {
        List<ColumnPair> keys = keys(pair);
        return !keys.isEmpty()
                && keys.size() == pair.source().keyColumns().size()
                && keys.size() < pair.columns().size()
                && keys.stream().allMatch(key -> key.destination().equalitySchema().isPresent())
                && !pair.shared()
                && !pair.destination().partitioned()
                && pair.source().distribution() == null
                && pair.destination().distribution() == null;
    }

    private static List<ColumnPair> keys(TablePair pair) {
        return pair.columns().stream()
                .filter(column -> pair.source().keyColumns().contains(column.source().name()))
                .toList();
    }

    private static List<ColumnPair> columns(TablePair pair, Staged what) {
        return what == Staged.KEYS ? keys(pair) : pair.columns();
    }

    /** Makes both tables, anew where an interrupted run has left some. */
    public static String create(String slot, TablePair pair) {
        List<String> statements = new ArrayList<>();
        for (Staged what : Staged.values()) {
            String name = name(slot, pair, what);
            List<ColumnPair> columns = columns(pair, what);
            statements.add("DROP TABLE IF EXISTS " + name);
            statements.add(
                    "CREATE UNLOGGED TABLE %s AS SELECT 0::pg_catalog.int4 AS %s, %s FROM ONLY %s t WITH NO DATA"
                            .formatted(
                                    name,
                                    CHUNK,
                                    IntStream.range(0, columns.size())
                                            .mapToObj(i ->
                                                    "t.%s AS %s"
                                                            .formatted(
                                                                    quoted(
                                                                            columns.get(i)
                                                                                    .destination()),
                                                                    staged(i)))
                                            .collect(Collectors.joining(", ")),
                                    Identifiers.qualified(pair.destination().name())));
        }
        return String.join("; ", statements);
    }

    private static String staged(int column) {
        return "c" + (column + 1);
    }

    private static String quoted(Column column) {
        return Identifiers.quote(column.name());
    }

    /** Sends what of a chunk has changed since a snapshot, or the keys of what has not. */
    public static String copyOut(
            TablePair pair,
            Chunk chunk,
            Staged what,
            SnapshotPoint base,
            SnapshotPoint now,
            Format format) {
        String columns =
                chunk.number()
                        + "::pg_catalog.int4, "
                        + columns(pair, what).stream()
                                .map(column -> quoted(column.source()))
                                .collect(Collectors.joining(", "));
        String changed = changedSince(base, now);
        String condition = what == Staged.KEYS ? "NOT (" + changed + ")" : changed;
        List<String> options = new ArrayList<>();
        CopyStatements.addFormat(options, format);
        return "COPY ("
                + CopyStatements.select(condition, columns, pair, chunk.range())
                + ") TO STDOUT"
                + CopyStatements.with(options);
    }

    /**
     * Whether a row that the later snapshot shows may have come into being after the earlier one. A
     * row carries the low half of its transaction's number, so that it is counted around the
     * circle; a frozen one of another round that is taken for new does no harm.
     */
    static String changedSince(SnapshotPoint base, SnapshotPoint now) {
        return "((xmin::pg_catalog.text::pg_catalog.int8 - %d) & 4294967295) < %d"
                .formatted(base.oldest(), now.next() - base.oldest());
    }

    /** Receives what {@link #copyOut} sends. */
    public static String copyIn(String slot, TablePair pair, Staged what, Format format) {
        List<String> options = new ArrayList<>();
        CopyStatements.addFormat(options, format);
        return "COPY " + name(slot, pair, what) + " FROM STDIN" + CopyStatements.with(options);
    }

    /** What an attempt that failed may have left of a chunk. */
    public static String removeStaged(String slot, TablePair pair, Staged what, int chunk) {
        return "DELETE FROM %s WHERE %s = %d".formatted(name(slot, pair, what), CHUNK, chunk);
    }

    /** How many rows there are. */
    public static String count(String slot, TablePair pair, Staged what) {
        return "SELECT pg_catalog.count(*) FROM " + name(slot, pair, what);
    }

    /** Lets the planner know how many there are. */
    public static String analyze(String slot, TablePair pair) {
        return "ANALYZE " + name(slot, pair, Staged.KEYS);
    }

    /**
     * Locks the table's state; one row where it is still to be brought from one snapshot to the
     * other.
     */
    public static String lock(String slot, TableName table, SnapshotPoint base, Lsn now) {
        return "SELECT 1 FROM warp.relation WHERE %s AND base_lsn = '%s' AND copying_lsn = '%s' FOR UPDATE"
                .formatted(CopyStatements.key(slot, table), base.position(), now);
    }

    /** One row where the table has been brought to a snapshot. */
    public static String isAdvanced(String slot, TableName table, Lsn now) {
        return "SELECT 1 FROM warp.relation WHERE %s AND base_lsn = '%s'"
                .formatted(CopyStatements.key(slot, table), now);
    }

    /** How many rows the destination's table has. */
    public static String countRows(TablePair pair) {
        return "SELECT pg_catalog.count(*) FROM " + Identifiers.itself(pair.destination());
    }

    /** Deletes every row whose key is not among those that have not changed. */
    public static String deleteChanged(String slot, TablePair pair) {
        List<ColumnPair> keys = keys(pair);
        String same =
                IntStream.range(0, keys.size())
                        .mapToObj(i -> {
                            Column column = keys.get(i).destination();
                            return "s.%s %s d.%s"
                                    .formatted(
                                            staged(i),
                                            RowStatements.operator(
                                                    column.equalitySchema().orElseThrow()),
                                            quoted(column));
                        })
                        .collect(Collectors.joining(" AND "));
        return "DELETE FROM %s d WHERE NOT EXISTS (SELECT 1 FROM %s s WHERE %s)"
                .formatted(
                        Identifiers.itself(pair.destination()),
                        name(slot, pair, Staged.KEYS),
                        same);
    }

    /** Adds every row that has changed. */
    public static String insertChanged(String slot, TablePair pair) {
        List<Column> columns = pair.columns().stream().map(ColumnPair::destination).toList();
        return "INSERT INTO "
                + Identifiers.qualified(pair.destination().name())
                + RowStatements.names(columns)
                + RowStatements.overriding(pair.destination())
                + IntStream.range(0, columns.size())
                        .mapToObj(AdvanceStatements::staged)
                        .collect(
                                Collectors.joining(
                                        ", ",
                                        " SELECT ",
                                        " FROM " + name(slot, pair, Staged.ROWS)));
    }

    /**
     * Notes down that the marked chunks are as of another snapshot, and how many rows they have.
     */
    public static String advanced(
            String slot, TableName table, SnapshotPoint now, Map<Integer, Long> rows) {
        String key = CopyStatements.key(slot, table);
        String values =
                rows.entrySet().stream()
                        .map(each -> "(%d, %d)".formatted(each.getKey(), each.getValue()))
                        .collect(Collectors.joining(", "));
        return "UPDATE warp.chunk c SET rows = v.rows FROM (VALUES "
                + values
                + ") v (number, rows) WHERE "
                + key
                + " AND c.number = v.number; UPDATE warp.relation SET base_lsn = '"
                + now.position()
                + "', base_xid = "
                + now.oldest()
                + " WHERE "
                + key;
    }

    /** Drops both tables. */
    public static String drop(String slot, TablePair pair) {
        return "DROP TABLE IF EXISTS "
                + name(slot, pair, Staged.KEYS)
                + ", "
                + name(slot, pair, Staged.ROWS);
    }

    /** What was copied of a table does not count any more. */
    public static String forget(String slot, TableName table) {
        String key = CopyStatements.key(slot, table);
        return "DELETE FROM warp.chunk WHERE "
                + key
                + "; UPDATE warp.relation SET state = 'PLANNED', base_lsn = NULL WHERE "
                + key;
    }
}
