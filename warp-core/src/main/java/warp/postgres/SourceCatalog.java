package warp.postgres;

import java.util.List;
import java.util.Optional;
import warp.model.Lsn;
import warp.model.ServerVersion;
import warp.model.TableName;
import warp.sql.SourceStatements;

/**
 * Slots, publications and log positions of the source. Stateless but for the session; for that
 * session's thread.
 */
public final class SourceCatalog {

    /** Prefix of the messages that Warp writes into the source's log. */
    public static final String HEARTBEAT_PREFIX = "warp";

    private final Session source;

    public SourceCatalog(Session source) {
        this.source = source;
    }

    public Optional<ReplicationSlot> slot(String name) {
        ServerVersion version = source.version();
        String confirmed = version.atLeast(9, 6) ? "confirmed_flush_lsn" : "NULL::pg_lsn";
        String lost = version.atLeast(13) ? "coalesce(wal_status = 'lost', false)" : "false";
        String pid = version.atLeast(9, 5) ? "active_pid" : "NULL::int";
        return source.queryFirst(
                        "SELECT slot_name, coalesce(plugin, '') AS plugin,"
                                + " coalesce(database, '') AS database, "
                                + confirmed
                                + " AS confirmed, "
                                + lost
                                + " AS lost, "
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
                                row.flag("lost")));
    }

    public void dropSlot(String name) {
        source.query("SELECT pg_catalog.pg_drop_replication_slot(?)", name);
    }

    /**
     * Who uses a slot, for people: {@code pid 4711 (warp shop) from 10.0.0.5}; empty where nobody
     * does.
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
                            + " s.slot_name = ? AND s.active_pid IS NOT NULL",
                        name)
                .map(row -> row.text("who"));
    }

    /** Ends the session that uses the slot, if it carries this application name. */
    public void endSlotUser(String slot, String applicationName) {
        source.query(
                "SELECT pg_catalog.pg_terminate_backend(a.pid)"
                        + " FROM pg_catalog.pg_replication_slots s"
                        + " JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid"
                        + " WHERE s.slot_name = ? AND a.application_name = ?",
                slot,
                applicationName);
    }

    public boolean hasPublication(String name) {
        return source.version().atLeast(10)
                && source.queryFirst(
                                "SELECT 1 AS found FROM pg_catalog.pg_publication WHERE pubname ="
                                        + " ?",
                                name)
                        .isPresent();
    }

    public void createPublication(String name, List<TableName> tables) {
        source.run(SourceStatements.createPublication(name, tables));
    }

    public void dropPublication(String name) {
        if (source.version().atLeast(10)) {
            source.run(SourceStatements.dropPublication(name));
        }
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
