package warp.copy;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.wire.WireSession;
import warp.sql.CopyStatements;
import warp.sql.SourceStatements;

/**
 * The two sessions of one worker, opened when they are first needed. For the worker's thread, but
 * for {@link #abort}, which any thread may call.
 */
final class CopySessions implements AutoCloseable {

    /** A quarter of what a server with default settings has room for (64 × 100). */
    private static final long LOCKS_AT_ONCE_MAX = 1600;

    private final CopyRequest request;
    private final boolean replicaRole;
    private @Nullable WireSession source;
    private @Nullable WireSession destination;
    private boolean aborted;

    CopySessions(CopyRequest request, boolean replicaRole) {
        this.request = request;
        this.replicaRole = replicaRole;
    }

    WireSession source() {
        WireSession open = source;
        if (open == null) {
            open = request.source().openWire();
            synchronized (this) {
                source = open;
            }
            abortIfLate(open);
            open.execute(SourceStatements.beginLocked(request.snapshot(), lockedAtOnce()));
        }
        return open;
    }

    /**
     * Once and for all chunks: a lock taken later may wait behind a TRUNCATE that in turn waits for
     * the other sessions, and then the copy has to start again. With very many tables that must be
     * risked: the server's room for locks is shared by all its sessions.
     */
    private List<TableName> lockedAtOnce() {
        boolean fits = (long) request.tables().size() * request.workers() <= LOCKS_AT_ONCE_MAX;
        return fits ? request.tables().stream().map(TablePair::name).toList() : List.of();
    }

    WireSession destination() {
        WireSession open = destination;
        if (open == null) {
            open = request.destination().openWire();
            synchronized (this) {
                destination = open;
            }
            abortIfLate(open);
            open.execute(CopyStatements.destinationSettings(replicaRole));
        }
        return open;
    }

    /** A session that was being opened while {@link #abort} came by must not survive it. */
    private synchronized void abortIfLate(WireSession open) {
        if (aborted) {
            open.abort();
        }
    }

    /**
     * Stops whatever runs, for good: the statements by a cancel request, since a server that scans
     * or waits for a lock does not look at its socket, then the connections.
     */
    void abort() {
        List<WireSession> open;
        synchronized (this) {
            aborted = true;
            open = Stream.of(source, destination).filter(Objects::nonNull).toList();
        }
        try {
            open.forEach(WireSession::cancel);
        } finally {
            open.forEach(WireSession::abort);
        }
    }

    /** Closes both; the next use opens new ones. */
    @Override
    public void close() {
        WireSession first;
        WireSession second;
        synchronized (this) {
            first = source;
            second = destination;
            source = null;
            destination = null;
        }
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
    }
}
