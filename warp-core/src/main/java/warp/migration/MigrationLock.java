package warp.migration;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.sql.ApplyStatements;

/**
 * At most one Warp works on a migration at a time: an advisory lock at the destination, held by a
 * session for as long as it lives ("Advisory Locks" in the manual). A process that is killed loses
 * it as soon as the server sees its connection closed.
 */
final class MigrationLock {

    /** First key of every lock of Warp: {@code WARP} in ASCII. */
    static final int LOCK_CLASS = 0x57415250;

    /** A killed predecessor's session is gone after this, unless its machine died with it. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final Duration BEFORE_A_WORD = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final String slot;
    private final EventLog log;
    private final StopSignal stop;
    private @Nullable Holder own;
    private @Nullable Session holding;

    /** The server's process for a session; its number may be given out again. */
    private record Holder(int pid, String since) {}

    /** The second key of a migration's lock, as {@code pg_locks} shows it. */
    static long lockObject(String slot) {
        return Integer.toUnsignedLong(slot.hashCode());
    }

    /** The lock of a process that takes it again and again, for each attempt. */
    MigrationLock(String slot, EventLog log, StopSignal stop) {
        this.slot = slot;
        this.log = log;
        this.stop = stop;
    }

    /**
     * Takes the lock; the session holds it until it is closed. The session of an earlier attempt of
     * this process may live on at the server, which does not know that its connection is lost: it
     * is ended, and so is one that applied changes, as nobody but who holds the lock may do that.
     * The session that holds it already goes on holding it.
     *
     * @throws WarpException STATE where another process holds it, naming that
     */
    void acquire(Session destination) throws InterruptedException {
        Holder before = own;
        boolean held = destination.equals(holding);
        if (before != null && !held) {
            destination.query(
                    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
                            + " WHERE pid = ? AND backend_start::text = ?",
                    before.pid(),
                    before.since());
        }
        if (!held) {
            Row taken = taken(destination, slot, log, stop);
            own = new Holder(taken.integer("pid"), taken.text("since"));
            holding = destination;
        }
        if (before != null) {
            destination.query(ApplyStatements.endHolder(slot));
        }
    }

    /**
     * Takes the lock for the slot; the session holds it until it is closed.
     *
     * @throws WarpException STATE where another process holds it, naming that
     */
    static void acquire(Session destination, String slot, EventLog log, StopSignal stop)
            throws InterruptedException {
        taken(destination, slot, log, stop);
    }

    private static Row taken(Session destination, String slot, EventLog log, StopSignal stop)
            throws InterruptedException {
        long start = System.nanoTime();
        long deadline = start + PATIENCE.toNanos();
        boolean said = false;
        Row row = tryAcquire(destination, slot);
        while (!row.flag("taken")) {
            if (stop.requested()) {
                throw new WarpException(
                        ErrorCode.INTERRUPTED, "stopped while another Warp works on slot " + slot);
            }
            if (System.nanoTime() > deadline) {
                throw held(destination, slot);
            }
            if (!said && System.nanoTime() - start > BEFORE_A_WORD.toNanos()) {
                said = true;
                log.info("Another Warp works on slot " + slot + ": waiting whether it ends...");
            }
            Thread.sleep(PAUSE);
            row = tryAcquire(destination, slot);
        }
        return row;
    }

    private static Row tryAcquire(Session destination, String slot) {
        return destination.queryOne(
                "SELECT pg_catalog.pg_try_advisory_lock(?, ?) AS taken, pid, backend_start::text"
                        + " AS since FROM pg_catalog.pg_stat_activity"
                        + " WHERE pid = pg_catalog.pg_backend_pid()",
                LOCK_CLASS,
                slot.hashCode());
    }

    private static WarpException held(Session destination, String slot) {
        Optional<Row> holder =
                destination.queryFirst(
                        "SELECT a.pid, a.application_name, coalesce(host(a.client_addr), 'a local"
                                + " socket') AS address, to_char(a.backend_start, 'YYYY-MM-DD"
                                + " HH24:MI:SS') AS since FROM pg_catalog.pg_locks l JOIN"
                                + " pg_catalog.pg_stat_activity a USING (pid) WHERE l.locktype ="
                                + " 'advisory' AND l.granted AND l.classid::bigint = ? AND"
                                + " l.objid::bigint = ? AND l.database = (SELECT oid FROM"
                                + " pg_catalog.pg_database WHERE datname = current_database())",
                        (long) LOCK_CLASS,
                        lockObject(slot));
        String who =
                holder.map(row ->
                                " by a process at %s, since %s UTC (pid %s at the destination)"
                                        .formatted(
                                                row.text("address"),
                                                row.text("since"),
                                                row.text("pid")))
                        .orElse("");
        WarpException refusal =
                new WarpException(
                                ErrorCode.STATE,
                                "another Warp works on slot " + slot + " already" + who)
                        .at(destination.side())
                        .hint("Let it go on, or stop it there first (Ctrl-C, or SIGTERM).");
        holder.ifPresent(row ->
                refusal.hint(
                        "If its machine is gone for good, run at the destination: SELECT"
                                + " pg_terminate_backend("
                                + row.text("pid")
                                + ");"));
        return refusal;
    }
}
