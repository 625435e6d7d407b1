package warp.state;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.error.FaultPoint;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.Phase;
import warp.model.SnapshotPoint;
import warp.model.TableName;
import warp.plan.Chunk;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.AdvanceStatements;
import warp.sql.Identifiers;

/**
 * The schema {@code warp} at the destination, for one migration. For the session's thread. Every
 * method is one transaction, or part of the session's where one is open.
 */
public final class MigrationStore {

    /** What is forgotten when a copy begins anew. */
    private static final List<String> COPY_TABLES =
            List.of(
                    "relation",
                    "chunk",
                    "chunk_range",
                    "progress",
                    "known_table",
                    "hold",
                    "held",
                    "held_shape",
                    "spool");

    private final Session destination;
    private final String slot;

    public MigrationStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /**
     * Whether the destination has Warp's tables.
     *
     * @throws warp.error.WarpException STATE where they are somebody else's
     */
    public boolean isInstalled() {
        List<String> there =
                new StateSchema(destination)
                        .requireOwn().stream().map(row -> row.text("object_name")).toList();
        there.forEach(name -> destination.noteLasting("warp." + name));
        return there.contains("migration");
    }

    /**
     * Makes schema and tables where they are missing, closed to all but their owner.
     *
     * @throws warp.error.WarpException STATE where the schema is somebody else's
     */
    public void install() {
        new StateSchema(destination).install();
    }

    /** What is known of this migration; empty where it was never begun or was cleaned. */
    public Optional<MigrationRecord> find() {
        Optional<MigrationRecord> known = isInstalled() ? read() : Optional.empty();
        if (known.isEmpty()) {
            // Others keep the schema in place, and it goes with the last of them.
            destination.forgetLasting();
        }
        return known;
    }

    private Optional<MigrationRecord> read() {
        return destination
                .queryFirst(
                        "SELECT source_system, source_database, source_address, plugin,"
                                + " phase, rules, snapshot_lsn::text FROM warp.migration"
                                + " WHERE slot = ?",
                        slot)
                .map(this::record);
    }

    private MigrationRecord record(Row row) {
        return new MigrationRecord(
                slot,
                row.text("source_system"),
                row.text("source_database"),
                row.text("source_address"),
                OutputPlugin.named(row.text("plugin")),
                Phase.valueOf(row.text("phase")),
                row.text("rules"),
                row.optionalText("snapshot_lsn").map(Lsn::parse).orElse(null));
    }

    /**
     * Notes down a migration that begins, or begins again: whatever was known of its copy is
     * forgotten.
     *
     * @param timeline of the source, now
     */
    public void begin(MigrationRecord record, String warpVersion, int timeline) {
        FaultPoint.MIGRATION_BEGUN.before();
        List<TableName> staged = staged();
        if (staged.isEmpty()) {
            destination.together(() -> forgetAndNote(record, warpVersion, timeline));
        } else {
            destination.transaction(() -> {
                drop(staged);
                forgetAndNote(record, warpVersion, timeline);
            });
        }
        FaultPoint.MIGRATION_BEGUN.after();
    }

    private void forgetAndNote(MigrationRecord record, String warpVersion, int timeline) {
        forget(COPY_TABLES);
        forget(List.of("migration"));
        destination.execute(
                "INSERT INTO warp.migration (slot, source_system, source_database, source_address,"
                        + " plugin, phase, rules, warp_version, source_timeline)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                slot,
                record.sourceSystem(),
                record.sourceDatabase(),
                record.sourceAddress(),
                record.plugin().toString(),
                record.phase().name(),
                record.rules(),
                warpVersion,
                timeline);
    }

    /**
     * The slot is there: the copy of what its snapshot shows may begin, and changes count from its
     * position on.
     *
     * @param chunks every chunk of every table
     */
    public void beginCopy(SnapshotPoint snapshot, List<Chunk> chunks) {
        FaultPoint.COPY_BEGUN.before();
        destination.together(() -> {
            beginAt(snapshot.position(), Phase.COPY);
            new CopyStore(destination, slot).plan(snapshot, chunks);
        });
        FaultPoint.COPY_BEGUN.after();
    }

    /** The source's timeline when it was last looked at. */
    public Optional<Integer> sourceTimeline() {
        return destination
                .queryFirst(
                        "SELECT source_timeline FROM warp.migration WHERE slot = ? AND"
                                + " source_timeline IS NOT NULL",
                        slot)
                .map(row -> row.integer("source_timeline"));
    }

    public void sourceTimeline(int timeline) {
        destination.execute(
                "UPDATE warp.migration SET source_timeline = ? WHERE slot = ?", timeline, slot);
    }

    /** Everything of the source up to here is at the destination, by its rows or by changes. */
    public Lsn newest() {
        return destination
                .queryFirst(
                        "SELECT greatest((SELECT max(lsn) FROM warp.progress WHERE slot = ?),"
                                + " (SELECT max(copied_lsn) FROM warp.relation WHERE slot = ?)) AS"
                                + " newest",
                        slot,
                        slot)
                .flatMap(row -> row.optionalText("newest"))
                .map(Lsn::parse)
                .orElse(Lsn.NONE);
    }

    /**
     * The slot cannot give every change any more: what is applied is unknown, what is held is worth
     * nothing, and the tables are suspect.
     */
    public void loseSlot() {
        FaultPoint.SLOT_LOSS_NOTED.before();
        destination.transaction(() -> {
            new CopyStore(destination, slot).suspectAll();
            forget(List.of("progress", "hold", "held", "held_shape", "spool"));
            destination.execute(
                    "UPDATE warp.migration SET snapshot_lsn = NULL, phase = ?, phase_since ="
                            + " pg_catalog.now() WHERE slot = ?",
                    Phase.COPY.name(),
                    slot);
        });
        FaultPoint.SLOT_LOSS_NOTED.after();
    }

    /** There is another slot: changes count from its position on. */
    public void countFrom(Lsn position) {
        FaultPoint.SLOT_REPLACED.before();
        destination.together(() -> beginAt(position, Phase.COPY));
        FaultPoint.SLOT_REPLACED.after();
    }

    /** Changes count from this position on, without a copy. */
    public void beginReplication(Lsn from, List<TableName> tables) {
        destination.together(() -> {
            beginAt(from, Phase.REPLICATE);
            addReady(tables, from);
        });
    }

    private void addReady(List<TableName> tables, Lsn from) {
        destination.execute(
                "INSERT INTO warp.relation (slot, schema_name, table_name, chunks, state,"
                    + " copied_lsn) SELECT ?, t.schema_name, t.table_name, 0, 'READY', ?::pg_lsn"
                    + " FROM unnest(?::text[], ?::text[]) t (schema_name, table_name)",
                slot,
                from,
                tables.stream().map(TableName::schema).toList(),
                tables.stream().map(TableName::name).toList());
    }

    /**
     * Notes down tables that are copied because there is nothing in them.
     *
     * @param chunks every chunk of theirs, as number by name
     * @param snapshot the position as of which they are empty
     */
    public void markEmpty(Collection<Map.Entry<TableName, Integer>> chunks, Lsn snapshot) {
        List<String> schemas = chunks.stream().map(chunk -> chunk.getKey().schema()).toList();
        List<String> names = chunks.stream().map(chunk -> chunk.getKey().name()).toList();
        List<String> numbers = chunks.stream().map(chunk -> chunk.getValue().toString()).toList();
        FaultPoint.EMPTY_TABLES_MARKED.before();
        destination.together(() -> {
            destination.execute(
                    "INSERT INTO warp.chunk (slot, schema_name, table_name, number, rows, bytes)"
                            + " SELECT ?, t.schema_name, t.table_name, t.number::integer, 0, 0 FROM"
                            + " unnest(?::text[], ?::text[], ?::text[]) t (schema_name, table_name,"
                            + " number)",
                    slot,
                    schemas,
                    names,
                    numbers);
            destination.execute(
                    "UPDATE warp.relation r SET state = 'COPIED', copied_lsn = ?::pg_lsn FROM"
                        + " unnest(?::text[], ?::text[]) t (schema_name, table_name) WHERE r.slot ="
                        + " ? AND r.schema_name = t.schema_name AND r.table_name = t.table_name",
                    snapshot,
                    schemas,
                    names,
                    slot);
        });
        FaultPoint.EMPTY_TABLES_MARKED.after();
    }

    private void beginAt(Lsn position, Phase phase) {
        destination.execute(
                "UPDATE warp.migration SET snapshot_lsn = ?::pg_lsn, phase = ?, phase_since ="
                        + " pg_catalog.now() WHERE slot = ?",
                position,
                phase.name(),
                slot);
        destination.execute(
                "INSERT INTO warp.progress (slot, lane, lsn) VALUES (?, 0, ?::pg_lsn)",
                slot,
                position);
    }

    public void enter(Phase phase) {
        FaultPoint.PHASE_ENTERED.before();
        destination.execute(
                "UPDATE warp.migration SET phase = ?, phase_since = pg_catalog.now() WHERE slot ="
                        + " ?",
                phase.name(),
                slot);
        FaultPoint.PHASE_ENTERED.after();
    }

    /**
     * Everything that ended at or before this is applied; empty where no slot has been made yet.
     */
    public Optional<Lsn> progress() {
        return destination
                .queryFirst("SELECT lsn::text FROM warp.progress WHERE slot = ? AND lane = 0", slot)
                .map(row -> row.lsn("lsn"));
    }

    /** The tables this migration moves. */
    public List<TableName> tables() {
        return destination
                .query(
                        "SELECT schema_name, table_name FROM warp.relation WHERE slot = ?"
                                + " ORDER BY schema_name, table_name",
                        slot)
                .stream()
                .map(row -> new TableName(row.text("schema_name"), row.text("table_name")))
                .toList();
    }

    /** Those of them whose rows are not all there. */
    public List<TableName> uncopied() {
        return destination
                .query(
                        "SELECT schema_name, table_name FROM warp.relation WHERE slot = ? AND state"
                                + " IN ('PLANNED', 'COPYING') ORDER BY schema_name, table_name",
                        slot)
                .stream()
                .map(row -> new TableName(row.text("schema_name"), row.text("table_name")))
                .toList();
    }

    /** What tables of schema {@code warp} have of this migration. */
    private void forget(List<String> tables) {
        destination.executeAll(
                tables.stream()
                        .map(table -> "DELETE FROM warp." + table + " WHERE slot = ?")
                        .toList(),
                slot);
    }

    /** What an interrupted copy had fetched to bring finished chunks to a later snapshot. */
    private List<TableName> staged() {
        return destination
                .query(
                        "SELECT c.relname AS table_name FROM pg_catalog.pg_class c JOIN"
                            + " pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname"
                            + " = 'warp' AND c.relkind = 'r' AND pg_catalog.strpos(c.relname, ?) ="
                            + " 1",
                        AdvanceStatements.prefix(slot))
                .stream()
                .map(row -> new TableName("warp", row.text("table_name")))
                .toList();
    }

    private void drop(List<TableName> tables) {
        tables.forEach(table -> destination.run("DROP TABLE " + Identifiers.qualified(table)));
    }

    /** Forgets this migration, and drops the schema when it was the last. */
    public void forget() {
        FaultPoint.STATE_FORGOTTEN.before();
        destination.transaction(() -> {
            drop(staged());
            forget(COPY_TABLES);
            forget(List.of("removed", "failure", "large_object", "migration"));
            boolean last =
                    destination
                            .queryOne("SELECT NOT EXISTS (SELECT 1 FROM warp.migration) AS last")
                            .flag("last");
            if (last) {
                destination.run("DROP SCHEMA warp CASCADE");
            }
        });
        destination.forgetLasting();
        FaultPoint.STATE_FORGOTTEN.after();
    }
}
