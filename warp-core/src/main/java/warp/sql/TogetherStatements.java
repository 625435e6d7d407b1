package warp.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import warp.model.Lsn;
import warp.model.Table;
import warp.model.TableName;
import warp.plan.Chunk;

/**
 * The statements that copy several small tables in one transaction of the destination; see {@link
 * CopyStatements} for one. Texts for the simple protocol.
 */
public final class TogetherStatements {

    private TogetherStatements() {}

    /** What was copied of a chunk. */
    public record Took(Chunk chunk, long rows, long bytes) {}

    /**
     * Begins a transaction that has some tables for itself and only writes to others. Whoever has
     * locked one of them is not waited for (SQLSTATE 55P03): he may be waiting for another.
     *
     * @param alone kept from everybody else until the end
     * @param others locked as a COPY does
     * @return with a query at the end that gives a row where one of those that are alone is not
     *     known to be empty
     */
    public static String begin(List<Table> alone, List<Table> others) {
        List<String> statements = new ArrayList<>();
        statements.add(CopyStatements.begin());
        if (!alone.isEmpty()) {
            statements.add(lock(alone, "ACCESS EXCLUSIVE"));
        }
        if (!others.isEmpty()) {
            statements.add(lock(others, "ROW EXCLUSIVE"));
        }
        statements.add(
                "SELECT 1 FROM pg_catalog.unnest('{"
                        + alone.stream()
                                .map(table -> Integer.toUnsignedString(table.oid()))
                                .collect(Collectors.joining(","))
                        + "}'::pg_catalog.oid[]) t (oid) WHERE pg_catalog.pg_relation_size(t.oid)"
                        + " IS DISTINCT FROM 0 LIMIT 1");
        return String.join("; ", statements);
    }

    private static String lock(List<Table> tables, String mode) {
        return "LOCK TABLE "
                + tables.stream()
                        .map(table -> "ONLY " + Identifiers.qualified(table.name()))
                        .collect(Collectors.joining(", "))
                + " IN "
                + mode
                + " MODE NOWAIT";
    }

    /**
     * Marks chunks as copied, and tables of which these are the last, and commits; all that is said
     * of {@link CopyStatements#finish} holds.
     */
    public static String finish(String slot, List<Took> all, Lsn copiedLsn) {
        String ours = Identifiers.literal(slot);
        String at = Identifiers.literal(copiedLsn.toString());
        String names = "(VALUES " + tables(all) + ") t (s, n)";
        String same = "r.slot = %s AND r.schema_name = t.s AND r.table_name = t.n".formatted(ours);
        String lock =
                "SELECT 1 FROM warp.relation r JOIN %s ON %s ORDER BY t.s, t.n FOR UPDATE OF r"
                        .formatted(names, same);
        String took =
                all.stream()
                        .map(it ->
                                "(%s, %d, %d, %d)"
                                        .formatted(
                                                name(it.chunk().table()),
                                                it.chunk().number(),
                                                it.rows(),
                                                it.bytes()))
                        .collect(Collectors.joining(", "));
        String mark =
                "INSERT INTO warp.chunk (slot, schema_name, table_name, number, rows, bytes) SELECT"
                        + " %s, t.s, t.n, (SELECT t.i FROM warp.relation r WHERE %s AND r.copying_lsn = %s), t.r, t.b FROM (VALUES %s) t (s, n, i, r, b)"
                                .formatted(ours, same, at, took);
        String copied =
                "UPDATE warp.relation r SET state = 'COPIED', copied_lsn = %s FROM %s WHERE %s AND r.state IN ('PLANNED', 'COPYING') AND r.chunks = (SELECT pg_catalog.count(*) FROM warp.chunk c WHERE c.slot = %s AND c.schema_name = r.schema_name AND c.table_name = r.table_name)"
                        .formatted(at, names, same, ours);
        return String.join("; ", lock, mark, copied, CopyStatements.commit());
    }

    private static String tables(List<Took> all) {
        return all.stream()
                .map(it -> "(" + name(it.chunk().table()) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String name(TableName table) {
        return Identifiers.literal(table.schema()) + ", " + Identifiers.literal(table.name());
    }
}
