package warp.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.decode.HeldCodec;
import warp.model.HeldChange;
import warp.model.Hold;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.TableName;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.Identifiers;

/**
 * Held tables of one migration and what the source's tables were known as. For the session's
 * thread; every method is one transaction, or part of the session's where one is open.
 *
 * <p>Only whoever has the migration's lock, and no applier at work, may change a hold; the applier
 * alone adds changes.
 */
public final class HoldStore {

    private static final String KEY = " slot = ? AND schema_name = ? AND table_name = ?";

    private final Session destination;
    private final String slot;

    public HoldStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /**
     * A hold as it stands.
     *
     * @param since UTC, for people
     * @param changes how many are held
     * @param copiedAt consistent point of the copy made for it; NONE where none is complete
     */
    public record Standing(Hold hold, String since, long changes, Lsn copiedAt) {}

    /** Every held table, ordered by name. */
    public List<Standing> standing() {
        return destination
                .query(
                        "SELECT h.schema_name, h.table_name, h.reason, h.statements, h.needs_copy,"
                            + " pg_catalog.to_char(h.since, 'YYYY-MM-DD HH24:MI:SS') AS since,"
                            + " (SELECT count(*) FROM warp.held c WHERE c.slot = h.slot AND"
                            + " c.schema_name = h.schema_name AND c.table_name = h.table_name) AS"
                            + " changes, (SELECT r.copied_lsn FROM warp.relation r WHERE r.slot ="
                            + " h.slot AND r.schema_name = h.schema_name AND r.table_name ="
                            + " h.table_name AND r.state = 'COPIED' AND h.needs_copy) AS copied"
                            + " FROM warp.hold h WHERE h.slot = ? ORDER BY 1, 2",
                        slot)
                .stream()
                .map(row ->
                        new Standing(
                                new Hold(
                                        name(row),
                                        row.text("reason"),
                                        row.texts("statements"),
                                        row.flag("needs_copy")),
                                row.text("since"),
                                row.number("changes"),
                                row.optionalText("copied").map(Lsn::parse).orElse(Lsn.NONE)))
                .toList();
    }

    /** Holds a table, or says why it is held now. */
    public void place(Hold hold) {
        TableName table = hold.table();
        int changed =
                destination.execute(
                        "UPDATE warp.hold SET reason = ?, statements = ?::text[] WHERE" + KEY,
                        hold.reason(),
                        hold.statements(),
                        slot,
                        table.schema(),
                        table.name());
        if (changed == 0) {
            destination.execute(
                    "INSERT INTO warp.hold (slot, schema_name, table_name, reason, statements)"
                            + " VALUES (?, ?, ?, ?, ?::text[])",
                    slot,
                    table.schema(),
                    table.name(),
                    hold.reason(),
                    hold.statements());
        }
        if (hold.needsCopy()) {
            requireCopy(table);
        }
    }

    /** Holds tables that are copied, until the stream has come to where they were. */
    public void awaitCopied(Collection<TableName> tables) {
        destination.execute(
                "INSERT INTO warp.hold (slot, schema_name, table_name, reason, statements,"
                    + " needs_copy) SELECT ?, t.s, t.n, 'it is as of a later position', '{}', true"
                    + " FROM unnest(?::text[], ?::text[]) t (s, n)",
                slot,
                tables.stream().map(TableName::schema).toList(),
                tables.stream().map(TableName::name).toList());
    }

    /** A held table is to be copied again; whatever is copied of it does not count any more. */
    public void requireCopy(TableName table) {
        execute("UPDATE warp.hold SET needs_copy = true WHERE", table);
        execute("DELETE FROM warp.chunk WHERE", table);
        execute("DELETE FROM warp.chunk_range WHERE", table);
        int changed =
                execute(
                        "UPDATE warp.relation SET state = 'PLANNED', copied_lsn = NULL, copying_lsn"
                                + " = NULL, base_lsn = NULL WHERE",
                        table);
        if (changed == 0) {
            destination.execute(
                    "INSERT INTO warp.relation (slot, schema_name, table_name, state, chunks)"
                            + " VALUES (?, ?, ?, 'PLANNED', 1)",
                    slot,
                    table.schema(),
                    table.name());
        }
    }

    /** A copy of a held table begins, in so many chunks, as of the snapshot at a position. */
    public void beginCopy(TableName table, int chunks, Lsn snapshot) {
        requireCopy(table);
        destination.execute(
                "UPDATE warp.relation SET chunks = ?, copying_lsn = ?::pg_lsn WHERE" + KEY,
                chunks,
                snapshot,
                slot,
                table.schema(),
                table.name());
    }

    /** The copy has replaced what committed up to its position: that is dropped. */
    public void copied(TableName table, Lsn position) {
        destination.execute(
                "DELETE FROM warp.held WHERE" + KEY + " AND position <= ?::pg_lsn",
                slot,
                table.schema(),
                table.name(),
                position);
        execute("UPDATE warp.hold SET needs_copy = false WHERE", table);
    }

    /** Statements to be run at the destination when the table goes on. */
    public void finishLater(TableName table, List<String> statements) {
        destination.execute(
                "UPDATE warp.hold SET finishing = finishing || ?::text[] WHERE" + KEY,
                statements,
                slot,
                table.schema(),
                table.name());
    }

    /** What {@link #finishLater} has left. */
    public List<String> finishing(TableName table) {
        return destination
                .queryFirst(
                        "SELECT finishing FROM warp.hold WHERE" + KEY,
                        slot,
                        table.schema(),
                        table.name())
                .map(row -> row.texts("finishing"))
                .orElse(List.of());
    }

    /** The table goes on: nothing of it is held any more. */
    public void release(TableName table) {
        execute("DELETE FROM warp.hold WHERE", table);
        execute("UPDATE warp.relation SET state = 'READY' WHERE", table);
        dropUnusedShapes();
    }

    /** What was held of a table that does not take part after all. */
    public void discard(TableName table) {
        execute("DELETE FROM warp.held WHERE", table);
        execute("DELETE FROM warp.hold WHERE", table);
        dropUnusedShapes();
    }

    private void dropUnusedShapes() {
        destination.execute(
                "DELETE FROM warp.held_shape s WHERE s.slot = ? AND NOT EXISTS (SELECT FROM"
                        + " warp.held h WHERE h.slot = s.slot AND h.shape = s.shape)",
                slot);
    }

    /** A table goes by another name from now on, in everything that is known of it. */
    public void rename(TableName from, TableName to) {
        for (String table :
                List.of("relation", "chunk", "chunk_range", "known_table", "hold", "held")) {
            destination.execute(
                    "UPDATE warp." + table + " SET schema_name = ?, table_name = ? WHERE" + KEY,
                    to.schema(),
                    to.name(),
                    slot,
                    from.schema(),
                    from.name());
        }
    }

    /** Changes held under one name are those of another table. */
    public void moveChanges(TableName from, TableName to) {
        destination.execute(
                "UPDATE warp.held SET schema_name = ?, table_name = ? WHERE" + KEY,
                to.schema(),
                to.name(),
                slot,
                from.schema(),
                from.name());
    }

    /** The oldest held changes of a table after a number. */
    public List<HeldChange> changes(TableName table, long after, int most) {
        Map<Long, Relation> shapes = new HashMap<>();
        List<HeldChange> changes = new ArrayList<>();
        for (Row row :
                destination.query(
                        "SELECT h.number, h.shape, encode(h.change, 'hex') AS change,"
                                + " encode(s.relation, 'hex') AS relation FROM warp.held h JOIN"
                                + " warp.held_shape s USING (slot, shape) WHERE"
                                + KEY
                                + " AND h.number > ? ORDER BY h.number LIMIT ?",
                        slot,
                        table.schema(),
                        table.name(),
                        after,
                        most)) {
            Relation relation =
                    shapes.computeIfAbsent(
                            row.number("shape"),
                            _ -> HeldCodec.relation(HexFormat.of().parseHex(row.text("relation"))));
            changes.add(
                    new HeldChange(
                            row.number("number"),
                            HeldCodec.change(
                                    HexFormat.of().parseHex(row.text("change")), relation)));
        }
        return changes;
    }

    /** What every table of the source was known as, by the migration's names. */
    public Map<TableName, KnownTable> known() {
        Map<TableName, KnownTable> known = new HashMap<>();
        destination
                .queryEach(
                        row ->
                                new KnownTable(
                                        name(row),
                                        row.oid("source_oid"),
                                        row.oid("file_node"),
                                        row.integer("last_number"),
                                        row.texts("columns").stream()
                                                .map(KnownColumn::parse)
                                                .toList(),
                                        row.texts("gone")),
                        "SELECT schema_name, table_name, source_oid, file_node, last_number,"
                                + " columns, gone FROM"
                                + " warp.known_table WHERE slot = ?",
                        slot)
                .forEach(table -> known.put(table.name(), table));
        return known;
    }

    /** The table fits as it is now. */
    public void know(KnownTable table) {
        TableName name = table.name();
        execute("DELETE FROM warp.known_table WHERE", name);
        destination.execute(
                "INSERT INTO warp.known_table (slot, schema_name, table_name, source_oid,"
                        + " file_node, last_number, columns, gone) VALUES (?, ?, ?, ?, ?,"
                        + " ?, ?::text[], ?::text[])",
                slot,
                name.schema(),
                name.name(),
                Integer.toUnsignedLong(table.oid()),
                Integer.toUnsignedLong(table.fileNode()),
                table.lastNumber(),
                packed(table),
                table.gone());
    }

    /** As {@link #know}, of tables of which nothing is known yet, so that none of it is gone. */
    public void knowAll(List<KnownTable> tables) {
        destination.execute(
                "INSERT INTO warp.known_table (slot, schema_name, table_name, source_oid,"
                        + " file_node, last_number, columns) SELECT ?, t.s, t.n, t.o::bigint,"
                        + " t.f::bigint, t.l::integer, t.c::text[] FROM unnest(?::text[],"
                        + " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) t (s, n, o, f,"
                        + " l, c)",
                slot,
                tables.stream().map(table -> table.name().schema()).toList(),
                tables.stream().map(table -> table.name().name()).toList(),
                tables.stream().map(table -> Integer.toUnsignedString(table.oid())).toList(),
                tables.stream().map(table -> Integer.toUnsignedString(table.fileNode())).toList(),
                tables.stream().map(table -> Integer.toString(table.lastNumber())).toList(),
                tables.stream().map(table -> Identifiers.arrayText(packed(table))).toList());
    }

    private static List<String> packed(KnownTable table) {
        return table.columns().stream().map(KnownColumn::packed).toList();
    }

    private int execute(String statement, TableName table) {
        return destination.execute(statement + KEY, slot, table.schema(), table.name());
    }

    private static TableName name(Row row) {
        return new TableName(row.text("schema_name"), row.text("table_name"));
    }

    /** The hold of a table, if it is held. */
    public Optional<Standing> find(TableName table) {
        return standing().stream().filter(each -> each.hold().table().equals(table)).findFirst();
    }
}
