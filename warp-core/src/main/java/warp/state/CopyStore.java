package warp.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.model.SnapshotPoint;
import warp.model.TableName;
import warp.plan.Chunk;
import warp.plan.Range;
import warp.postgres.Row;
import warp.postgres.Session;

/**
 * How far the copy of each table of one migration is: {@code warp.relation}, {@code warp.chunk} and
 * {@code warp.chunk_range}. For the session's thread; every method is one statement, or part of the
 * session's transaction where one is open.
 *
 * <p>Chunks are marked by whoever copies them; everything else may only be changed by whoever has
 * the migration's lock and no copy at work.
 */
public final class CopyStore {

    private final Session destination;
    private final String slot;

    public CopyStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /**
     * A table's copy as it stands.
     *
     * @param copiedAt the position as of which all of its rows are there; empty where they are not
     * @param chunks how many it has
     * @param marked how many of them are there
     * @param rows how many rows those have
     * @param base the snapshot that those are as of, as far as it was noted down; null for none
     * @param suspect whether nobody knows as of when its rows are
     */
    public record Standing(
            TableName table,
            boolean suspect,
            Optional<Lsn> copiedAt,
            int chunks,
            int marked,
            long rows,
            @Nullable SnapshotPoint base) {

        public boolean isCopied() {
            return copiedAt.isPresent();
        }
    }

    /** Every table, by name. */
    public Map<TableName, Standing> standing() {
        Map<TableName, Standing> found = new HashMap<>();
        destination
                .queryEach(
                        CopyStore::standing,
                        "SELECT r.schema_name, r.table_name, r.state = 'SUSPECT' AS suspect,"
                            + " r.chunks, r.base_lsn, r.base_xid, CASE WHEN r.state IN ('COPIED',"
                            + " 'READY') THEN r.copied_lsn END AS copied, coalesce(c.marked, 0) AS"
                            + " marked, coalesce(c.rows, 0) AS rows FROM warp.relation r LEFT JOIN"
                            + " (SELECT schema_name, table_name, count(*)::int4 AS marked,"
                            + " sum(rows)::int8 AS rows FROM warp.chunk WHERE slot = ? GROUP BY 1,"
                            + " 2) c USING (schema_name, table_name) WHERE r.slot = ?",
                        slot,
                        slot)
                .forEach(each -> found.put(each.table(), each));
        return found;
    }

    /**
     * The snapshot that what is missing was read under; empty where nothing is, or under several.
     */
    public Optional<Lsn> copying() {
        List<Lsn> positions =
                destination
                        .query(
                                "SELECT DISTINCT copying_lsn FROM warp.relation WHERE slot = ? AND"
                                        + " state IN ('PLANNED', 'COPYING') AND copying_lsn IS NOT"
                                        + " NULL",
                                slot)
                        .stream()
                        .map(row -> row.lsn("copying_lsn"))
                        .toList();
        return positions.size() == 1 ? Optional.of(positions.getFirst()) : Optional.empty();
    }

    private static Standing standing(Row row) {
        Optional<Long> oldest = row.optionalText("base_xid").map(Long::valueOf);
        return new Standing(
                name(row),
                row.flag("suspect"),
                row.optionalText("copied").map(Lsn::parse),
                row.integer("chunks"),
                row.integer("marked"),
                row.number("rows"),
                row.optionalText("base_lsn")
                        .flatMap(
                                at -> oldest.map(xid -> new SnapshotPoint(Lsn.parse(at), xid, xid)))
                        .orElse(null));
    }

    /**
     * Notes down tables that are to be copied, none of which is known yet.
     *
     * @param at the snapshot that is read
     * @param chunks every chunk of every table
     */
    public void plan(SnapshotPoint at, List<Chunk> chunks) {
        Map<TableName, Integer> counts = new HashMap<>();
        chunks.forEach(chunk -> counts.merge(chunk.table(), 1, Integer::sum));
        List<TableName> tables = List.copyOf(counts.keySet());
        destination.execute(
                "INSERT INTO warp.relation (slot, schema_name, table_name, chunks, state,"
                        + " copying_lsn, base_lsn, base_xid) SELECT ?, t.s, t.n, t.c::integer,"
                        + " 'PLANNED', ?::pg_lsn, ?::pg_lsn, ? FROM unnest(?::text[], ?::text[],"
                        + " ?::text[]) t (s, n, c)",
                slot,
                at.position(),
                at.position(),
                at.oldest(),
                schemas(tables),
                names(tables),
                tables.stream().map(table -> String.valueOf(counts.get(table))).toList());
        keepRanges(chunks.stream().filter(chunk -> !chunk.isWholeTable()).toList());
    }

    private void keepRanges(List<Chunk> chunks) {
        if (chunks.isEmpty()) {
            return;
        }
        List<List<@Nullable String>> fields = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            fields.add(new ArrayList<>());
        }
        for (Chunk chunk : chunks) {
            @Nullable String[] values = fields(chunk);
            for (int i = 0; i < values.length; i++) {
                fields.get(i).add(values[i]);
            }
        }
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(slot);
        arguments.addAll(fields);
        destination.execute(
                "INSERT INTO warp.chunk_range (slot, schema_name, table_name, number, bytes,"
                    + " first_page, end_page, key_column, key_from, key_to) SELECT ?, t.s, t.n,"
                    + " t.i::integer, t.b::bigint, t.p1::bigint, t.p2::bigint, t.k, t.k1, t.k2 FROM"
                    + " unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
                    + " ?::text[], ?::text[], ?::text[]) t (s, n, i, b, p1, p2, k, k1, k2)",
                arguments.toArray());
    }

    private static @Nullable String[] fields(Chunk chunk) {
        @Nullable String[] fields = new String[9];
        fields[0] = chunk.table().schema();
        fields[1] = chunk.table().name();
        fields[2] = Integer.toString(chunk.number());
        fields[3] = Long.toString(chunk.bytesEstimated());
        switch (chunk.range().orElseThrow()) {
            case Range.Pages pages -> {
                fields[4] = Long.toString(pages.from());
                fields[5] = Long.toString(pages.to());
            }
            case Range.Keys keys -> {
                fields[6] = keys.column();
                fields[7] = keys.from();
                fields[8] = keys.to();
            }
        }
        return fields;
    }

    /** The chunks of every table that has several, in order. */
    public Map<TableName, List<Chunk>> ranges() {
        Map<TableName, List<Chunk>> chunks = new HashMap<>();
        destination
                .queryEach(
                        CopyStore::chunk,
                        "SELECT schema_name, table_name, number, bytes, first_page, end_page,"
                            + " key_column, key_from, key_to FROM warp.chunk_range WHERE slot = ?"
                            + " ORDER BY schema_name, table_name, number",
                        slot)
                .forEach(chunk ->
                        chunks.computeIfAbsent(chunk.table(), _ -> new ArrayList<>()).add(chunk));
        return chunks;
    }

    private static Chunk chunk(Row row) {
        Optional<String> column = row.optionalText("key_column");
        Range range =
                column.isPresent()
                        ? new Range.Keys(
                                column.get(),
                                row.optionalText("key_from").orElse(null),
                                row.optionalText("key_to").orElse(null))
                        : new Range.Pages(row.number("first_page"), row.number("end_page"));
        return new Chunk(name(row), row.integer("number"), Optional.of(range), row.number("bytes"));
    }

    /**
     * From now on no chunk that another snapshot shows can be marked: waits for those that are just
     * being marked, by whomever.
     */
    public void takeOver(Lsn snapshot) {
        destination.execute(
                "UPDATE warp.relation SET copying_lsn = ?::pg_lsn WHERE slot = ? AND state IN"
                        + " ('PLANNED', 'COPYING')",
                snapshot,
                slot);
    }

    /** Changes of the source are lost: of no table that has its rows it is known which ones. */
    public void suspectAll() {
        destination.execute(
                "UPDATE warp.relation SET state = 'SUSPECT', copied_lsn = NULL WHERE slot = ? AND"
                        + " state IN ('COPIED', 'READY')",
                slot);
    }

    /** Tables that were suspect have the rows that a snapshot shows. */
    public void clear(List<TableName> tables, Lsn snapshot) {
        destination.execute(
                "UPDATE warp.relation r SET state = 'COPIED', copied_lsn = ?::pg_lsn FROM"
                    + " unnest(?::text[], ?::text[]) t (schema_name, table_name) WHERE r.slot = ?"
                    + " AND r.schema_name = t.schema_name AND r.table_name = t.table_name AND"
                    + " r.state = 'SUSPECT'",
                snapshot,
                schemas(tables),
                names(tables),
                slot);
        destination.execute(
                "DELETE FROM warp.known_table k USING unnest(?::text[], ?::text[]) t"
                        + " (schema_name, table_name) WHERE k.slot = ? AND k.schema_name ="
                        + " t.schema_name AND k.table_name = t.table_name",
                schemas(tables),
                names(tables),
                slot);
    }

    /** What was copied of these tables, and how, does not count: nothing is known of them. */
    public void forget(List<TableName> tables) {
        for (String state : List.of("chunk", "chunk_range", "known_table", "relation")) {
            destination.execute(
                    "DELETE FROM warp."
                            + state
                            + " r USING unnest(?::text[], ?::text[]) t (schema_name, table_name)"
                            + " WHERE r.slot = ? AND r.schema_name = t.schema_name AND"
                            + " r.table_name = t.table_name",
                    schemas(tables),
                    names(tables),
                    slot);
        }
    }

    /**
     * The tables that are as of a later position than this: what committed before that is part of
     * their copy.
     */
    public Map<TableName, Lsn> copiedAfter(Lsn progress) {
        Map<TableName, Lsn> later = new HashMap<>();
        destination
                .query(
                        "SELECT schema_name, table_name, copied_lsn FROM warp.relation WHERE slot ="
                                + " ? AND state IN ('COPIED', 'READY') AND copied_lsn > ?::pg_lsn",
                        slot,
                        progress)
                .forEach(row -> later.put(name(row), row.lsn("copied_lsn")));
        return later;
    }

    private static List<String> schemas(List<TableName> tables) {
        return tables.stream().map(TableName::schema).toList();
    }

    private static List<String> names(List<TableName> tables) {
        return tables.stream().map(TableName::name).toList();
    }

    private static TableName name(Row row) {
        return new TableName(row.text("schema_name"), row.text("table_name"));
    }
}
