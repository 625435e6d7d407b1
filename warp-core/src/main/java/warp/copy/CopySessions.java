package warp.copy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.postgres.Opening;
import warp.postgres.wire.WireSession;
import warp.sql.CitusStatements;
import warp.sql.CopyStatements;
import warp.sql.SourceStatements;

/**
 * The two sessions of one worker, opened when they are first needed, or begun before. For the
 * worker's thread, but for {@link #abort}, which any thread may call.
 */
final class CopySessions implements AutoCloseable {

    /** A quarter of what a server with default settings has room for (64 × 100). */
    private static final long LOCKS_AT_ONCE_MAX = 1600;

    private final CopyRequest request;
    private final boolean replicaRole;
    private final int readers;
    private final List<TableName> read;
    private @Nullable Opening<WireSession> openingSource;
    private @Nullable Opening<WireSession> openingDestination;
    private @Nullable WireSession source;
    private @Nullable WireSession destination;
    private boolean aborted;

    /**
     * @param readers how many of the like read from the source side by side
     * @param begun its logins, where they are under way; null where they begin when they are needed
     */
    CopySessions(
            CopyRequest request,
            boolean replicaRole,
            int readers,
            CopyLogins.@Nullable Both begun) {
        this.openingSource = begun == null ? null : begun.source();
        this.openingDestination = begun == null ? null : begun.destination();
        this.request = request;
        this.replicaRole = replicaRole;
        this.readers = readers;
        this.read = request.read();
    }

    WireSession source() {
        WireSession open = source;
        if (open == null) {
            Opening<WireSession> begun = begunSource();
            open = begun == null ? request.source().openWire() : begun.take();
            synchronized (this) {
                source = open;
            }
            abortIfLate(open);
            open.execute(
                    SourceStatements.beginLocked(
                            request.snapshot(), locksAtOnce() ? read : List.of()));
            if (!locksAtOnce()) {
                open.execute(SourceStatements.SAVEPOINT);
            }
        }
        return open;
    }

    /**
     * Whether all tables are locked once and for all chunks: a lock taken later may wait behind a
     * TRUNCATE that in turn waits for the other sessions, and then the copy has to start again.
     * With very many tables that must be risked: the server's room for locks is shared by all its
     * sessions.
     */
    private boolean locksAtOnce() {
        return (long) read.size() * readers <= LOCKS_AT_ONCE_MAX;
    }

    /**
     * Makes sure that what the snapshot shows of the tables can be read until the next call.
     *
     * @throws WarpException TRANSIENT where one was truncated or rewritten since
     */
    void hold(List<Table> tables) {
        WireSession open = source();
        if (locksAtOnce()) {
            return;
        }
        Optional<String> rewritten =
                open.queryText(
                        SourceStatements.lockNext(tables.stream().map(Table::name).toList())
                                + "; "
                                + SourceStatements.rewritten(
                                        tables.stream().map(Table::oid).toList()));
        if (rewritten.isPresent()) {
            throw new WarpException(
                            ErrorCode.TRANSIENT,
                            "truncated or rewritten since the snapshot: " + rewritten.get())
                    .at(Side.SOURCE);
        }
    }

    WireSession destination() {
        WireSession open = destination;
        if (open == null) {
            Opening<WireSession> begun = begunDestination();
            open = begun == null ? request.destination().openWire() : begun.take();
            synchronized (this) {
                destination = open;
            }
            abortIfLate(open);
            open.execute(CopyStatements.destinationSettings(replicaRole));
            if (request.tables().stream().anyMatch(it -> it.destination().distribution() != null)) {
                open.execute(CitusStatements.SESSION);
            }
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
        closeOpenings();
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

    private synchronized @Nullable Opening<WireSession> begunSource() {
        Opening<WireSession> begun = openingSource;
        openingSource = null;
        return begun;
    }

    private synchronized @Nullable Opening<WireSession> begunDestination() {
        Opening<WireSession> begun = openingDestination;
        openingDestination = null;
        return begun;
    }

    private void closeOpenings() {
        Stream.of(begunSource(), begunDestination())
                .filter(Objects::nonNull)
                .forEach(Opening::close);
    }

    /** Lets go of the source until the next use. */
    void closeSource() {
        WireSession open;
        synchronized (this) {
            open = source;
            source = null;
        }
        if (open != null) {
            open.close();
        }
    }

    /** Closes both; the next use opens new ones. */
    @Override
    public void close() {
        closeOpenings();
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
