package warp.postgres;

import java.util.List;
import java.util.Optional;
import java.util.stream.Gatherers;
import warp.config.SlotNames;
import warp.error.FaultPoint;
import warp.model.Lsn;
import warp.model.ServerVersion;
import warp.model.TableName;
import warp.sql.DefinitionStatements;
import warp.sql.SourceStatements;

/**
 * Slots, publications and log positions of the source. Stateless but for the session; for that
 * session's thread.
 */
public final class SourceCatalog {

    /** Prefix of the messages that Warp writes into the source's log. */
    public static final String HEARTBEAT_PREFIX = "warp";

    /** Tables of a publication named by one statement. */
    private static final int TABLES_AT_ONCE = 200;

    private final Session source;

    public SourceCatalog(Session source) {
        this.source = source;
    }

    public Optional<ReplicationSlot> slot(String name) {
        ServerVersion version = source.version();
        String confirmed = version.atLeast(9, 6) ? "confirmed_flush_lsn" : "NULL::pg_lsn";
        String loss =
                "coalesce(NULL::text"
                        + (version.atLeast(17) ? ", invalidation_reason" : "")
                        + (version.atLeast(16) ? ", CASE WHEN conflicting THEN 'conflict' END" : "")
                        + (version.atLeast(13)
                                ? ", CASE WHEN wal_status = 'lost' THEN 'wal_removed' END"
                                : "")
                        + ")";
        String pid = version.atLeast(9, 5) ? "active_pid" : "NULL::int";
        return source.queryFirst(
                        "SELECT slot_name, coalesce(plugin, '') AS plugin,"
                                + " coalesce(database, '') AS database, "
                                + confirmed
                                + " AS confirmed, "
                                + loss
                                + " AS loss, "
                                + pid
                                + " AS pid FROM pg_catalog.pg_replication_slots WHERE slot_name ="
                                + " ?",
                        name)
                .map(row ->
                        new ReplicationSlot(
                                row.text("slot_name"),
                                row.text("plugin"),
                                row.text("database"),
                                row.optionalText("pid").map(Integer::valueOf),
                                row.optionalText("confirmed").map(Lsn::parse).orElse(Lsn.NONE),
                                row.optionalText("loss")));
    }

    public void dropSlot(String name) {
        FaultPoint.SLOT_DROPPED.before();
        source.query("SELECT pg_catalog.pg_drop_replication_slot(?)", name);
        FaultPoint.SLOT_DROPPED.after();
    }

    /**
     * Who uses a slot, or reads it by its copy, for people: {@code pid 4711 (warp shop) from
     * 10.0.0.5}; empty where nobody does.
     */
    public Optional<String> slotUser(String name) {
        if (!source.version().atLeast(9, 5)) {
            return Optional.empty();
        }
        return source.queryFirst(
                        "SELECT 'pid ' || s.active_pid || coalesce(' (' ||"
                            + " nullif(a.application_name, '') || ')', '') || coalesce(' from ' ||"
                            + " host(a.client_addr), '') AS who FROM"
                            + " pg_catalog.pg_replication_slots s LEFT JOIN"
                            + " pg_catalog.pg_stat_activity a ON a.pid = s.active_pid WHERE"
                            + " s.slot_name IN (?, ?) AND s.active_pid IS NOT NULL",
                        name,
                        SlotNames.bulk(name))
                .map(row -> row.text("who"));
    }

    /** Ends what uses the slot, or reads it by its copy, if it carries this application name. */
    public void endSlotUser(String slot, String applicationName) {
        source.query(
                "SELECT pg_catalog.pg_terminate_backend(a.pid)"
                        + " FROM pg_catalog.pg_replication_slots s"
                        + " JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid"
                        + " WHERE s.slot_name IN (?, ?) AND a.application_name = ?",
                slot,
                SlotNames.bulk(slot),
                applicationName);
    }

    /** Those of these publications that are there. */
    public List<String> publicationsAmong(List<String> names) {
        return source.version().atLeast(10)
                ? source.queryEach(
                        row -> row.text("name"),
                        "SELECT pubname AS name FROM pg_catalog.pg_publication WHERE pubname = ANY"
                                + " (?::text[])",
                        names)
                : List.of();
    }

    public boolean hasPublication(String name) {
        return source.version().atLeast(10)
                && source.queryFirst(
                                "SELECT 1 AS found FROM pg_catalog.pg_publication WHERE pubname ="
                                        + " ?",
                                name)
                        .isPresent();
    }

    /**
     * Makes a publication of these tables, some hundreds to a transaction: a server compares each
     * table of a statement with all others of it, and keeps a lock for each until the end. One that
     * is cut short has too few tables; it must be dropped and made again.
     */
    public void createPublication(String name, List<TableName> tables) {
        List<List<TableName>> portions = portions(tables);
        List<TableName> first = portions.isEmpty() ? List.of() : portions.getFirst();
        source.run(SourceStatements.createPublication(name, first));
        add(name, portions);
    }

    /** Adds those tables to a publication that it does not have yet. */
    public void addToPublication(String name, List<TableName> tables) {
        for (TableName table : tables) {
            boolean there =
                    source.queryFirst(
                                    "SELECT 1 AS found FROM pg_catalog.pg_publication_tables WHERE"
                                            + " pubname = ? AND schemaname = ? AND tablename = ?",
                                    name,
                                    table.schema(),
                                    table.name())
                            .isPresent();
            if (!there) {
                source.run(DefinitionStatements.addToPublication(name, table));
            }
        }
    }

    /** As above, of what is inserted into tables without a key; at least one. */
    public void createInsertsPublication(String name, List<TableName> tables) {
        List<List<TableName>> portions = portions(tables);
        source.run(
                SourceStatements.createInsertsPublication(
                        name, portions.getFirst(), source.version()));
        add(name, portions);
    }

    private void add(String name, List<List<TableName>> portions) {
        portions.stream()
                .skip(1)
                .forEach(some -> source.run(SourceStatements.addToPublication(name, some)));
    }

    /** Drops it where it is there, its tables first where they are many. */
    public void dropPublication(String name) {
        if (!source.version().atLeast(10)) {
            return;
        }
        List<List<TableName>> portions = portions(published(name));
        portions.stream()
                .skip(1)
                .forEach(some -> source.run(SourceStatements.dropFromPublication(name, some)));
        FaultPoint.PUBLICATION_DROPPED.before();
        source.run(SourceStatements.dropPublication(name));
        FaultPoint.PUBLICATION_DROPPED.after();
    }

    private List<TableName> published(String name) {
        return source.queryEach(
                row -> new TableName(row.text("schema_name"), row.text("table_name")),
                "SELECT n.nspname AS schema_name, c.relname AS table_name FROM"
                    + " pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_rel r ON"
                    + " r.prpubid = p.oid JOIN pg_catalog.pg_class c ON c.oid = r.prrelid JOIN"
                    + " pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE p.pubname = ?",
                name);
    }

    private static List<List<TableName>> portions(List<TableName> tables) {
        return tables.stream().gather(Gatherers.windowFixed(TABLES_AT_ONCE)).toList();
    }

    /** Where the source writes now: every transaction that has committed ended before it. */
    public Lsn currentPosition() {
        String function =
                source.version().atLeast(10)
                        ? "pg_current_wal_insert_lsn"
                        : "pg_current_xlog_insert_location";
        return source.queryOne("SELECT pg_catalog." + function + "() AS lsn").lsn("lsn");
    }

    /**
     * Commits a transaction that changes nothing, so that the log moves: an idle database's slot
     * can then be advanced, and a position that lies on a page boundary is passed. Needs no table
     * and no privilege.
     */
    public void heartbeat() {
        if (source.version().atLeast(9, 6)) {
            source.query(
                    "SELECT pg_catalog.pg_logical_emit_message(true, ?, '')::text",
                    HEARTBEAT_PREFIX);
        } else {
            source.query("SELECT pg_catalog.txid_current()");
        }
    }

    /**
     * What a slot being created has to wait for: transactions that were open before it, oldest
     * first.
     */
    public List<String> openTransactions() {
        return source
                .query(
                        "SELECT 'pid ' || pid || ' (' || coalesce(usename, '') || ', ' ||"
                            + " coalesce(application_name, '') || ') since ' || to_char(xact_start,"
                            + " 'HH24:MI:SS') || ' UTC' AS who FROM pg_catalog.pg_stat_activity"
                            + " WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY"
                            + " xact_start LIMIT 5")
                .stream()
                .map(row -> row.text("who"))
                .toList();
    }
}
