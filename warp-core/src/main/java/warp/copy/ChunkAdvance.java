package warp.copy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.copy.ChunkCopy.Copied;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.TableCopy.Advanced;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.SnapshotPoint;
import warp.model.TablePair;
import warp.postgres.Session;
import warp.postgres.wire.WireChannel.ByteMeter;
import warp.postgres.wire.WireSession;
import warp.sql.AdvanceStatements;
import warp.sql.AdvanceStatements.Staged;
import warp.sql.CopyStatements;

/**
 * Brings the finished chunks of a half-copied table from the snapshot that they were read under to
 * a later one, the earlier one being gone. For one worker's thread.
 *
 * <h2>Why it is exact</h2>
 *
 * <p>Let D be the rows of the finished chunks as the earlier snapshot S shows them: that is what
 * the destination's table holds, no more and no less. Wanted are the rows of the same chunks as the
 * later snapshot T shows them. What T shows there is of two kinds, told apart by {@code xmin} (see
 * {@link SnapshotPoint}):
 *
 * <ul>
 *   <li>Rows that are older than S. S shows each of them as well, and in the same chunk: neither
 *       its place nor its key has changed. So each is in D, the only one of its key there, as the
 *       key is unique. Their keys are fetched.
 *   <li>All others. They are fetched whole.
 * </ul>
 *
 * <p>One transaction deletes from D what has none of the keys and adds the rows of the second kind.
 * What remains and what is added have no key in common, since T shows no key twice. A row that is
 * taken for new though S shows it, since transactions that had committed before S are counted from
 * its oldest open one, is deleted and added.
 *
 * <p>It does not matter how often this is interrupted: until that transaction has committed the
 * table holds D, and after it the wanted rows, and {@code base_lsn} tells which. That a TRUNCATE or
 * a rewriting ALTER TABLE lies between the snapshots is seen by the table's file, and the table
 * starts again. The rest of the table's chunks are copied afterwards, under T, as ever: then all of
 * them are as of T.
 *
 * <p>And it is checked: there must be as many rows left of D as there are keys. Where not, somebody
 * else was at the table, and it is copied from the beginning.
 */
final class ChunkAdvance {

    private static final String WORK_MEMORY = "SET LOCAL work_mem = '64MB'";

    private final CopyRequest request;
    private final CopySessions sessions;

    ChunkAdvance(CopyRequest request, CopySessions sessions) {
        this.request = request;
        this.sessions = sessions;
    }

    /** Makes room for what is staged; before any chunk is. */
    static void prepare(CopyRequest request) {
        if (request.advance().base().isEmpty()) {
            return;
        }
        try (Session destination = request.destination().open()) {
            for (TablePair pair : request.tables()) {
                if (request.advance().base().containsKey(pair.name())) {
                    destination.run(AdvanceStatements.create(request.slot(), pair));
                }
            }
        }
    }

    /** Fetches keys and rows of a chunk. */
    Copied stage(CopyChunk job, ByteMeter meter, boolean again) {
        TablePair pair = job.table().pair();
        WireSession destination = sessions.destination();
        sessions.hold(List.of(pair.source()));
        if (again) {
            for (Staged what : Staged.values()) {
                destination.execute(
                        AdvanceStatements.removeStaged(
                                request.slot(), pair, what, job.chunk().number()));
            }
        }
        Advanced advanced =
                new Advanced(
                        fetch(job, Staged.KEYS, destination, meter),
                        fetch(job, Staged.ROWS, destination, meter));
        job.table().staged(job.chunk().number(), advanced);
        return new Copied(advanced.changed(), 0);
    }

    private long fetch(CopyChunk job, Staged what, WireSession destination, ByteMeter meter) {
        TablePair pair = job.table().pair();
        CopyStatements.Format format = job.table().format();
        return sessions.source()
                .copyTo(
                        destination,
                        AdvanceStatements.copyOut(
                                pair, job.chunk(), what, base(job.table()), now(), format),
                        AdvanceStatements.copyIn(request.slot(), pair, what, format),
                        meter);
    }

    private SnapshotPoint base(TableCopy table) {
        SnapshotPoint base = request.advance().base().get(table.name());
        if (base == null) {
            throw new IllegalStateException("not half copied: " + table.name());
        }
        return base;
    }

    private SnapshotPoint now() {
        return request.advance().now();
    }

    /** Takes over what is staged: all of it, in one transaction. */
    void takeOver(TableCopy table, boolean again) {
        WireSession destination = sessions.destination();
        TablePair pair = table.pair();
        if (again && isAdvanced(table, destination)) {
            return; // The connection broke while it committed.
        }
        destination.execute(AdvanceStatements.analyze(request.slot(), pair));
        destination.execute(CopyStatements.begin() + "; " + WORK_MEMORY);
        String locked =
                destination.execute(
                        AdvanceStatements.lock(
                                request.slot(), table.name(), base(table), now().position()));
        if (locked.equals("SELECT 0")) {
            throw new WarpException(
                            ErrorCode.STATE, "another Warp has taken over the copy of this table")
                    .at(Side.DESTINATION)
                    .hint("Let that one go on; this one has changed nothing since.");
        }
        Map<Integer, Long> rows = new HashMap<>();
        long unchanged = 0;
        long changed = 0;
        for (Map.Entry<Integer, Advanced> each : table.advanced().entrySet()) {
            rows.put(each.getKey(), each.getValue().rows());
            unchanged += each.getValue().unchanged();
            changed += each.getValue().changed();
        }
        requireStaged(destination, pair, Staged.KEYS, unchanged);
        requireStaged(destination, pair, Staged.ROWS, changed);
        destination.execute(AdvanceStatements.deleteChanged(request.slot(), pair));
        if (number(destination, AdvanceStatements.countRows(pair)) != unchanged) {
            giveUp(destination, table);
        }
        destination.execute(AdvanceStatements.insertChanged(request.slot(), pair));
        FaultPoint.CHUNKS_ADVANCED.before();
        destination.execute(
                AdvanceStatements.advanced(request.slot(), table.name(), now(), rows)
                        + "; "
                        + AdvanceStatements.drop(request.slot(), pair)
                        + "; COMMIT");
        FaultPoint.CHUNKS_ADVANCED.after();
    }

    private boolean isAdvanced(TableCopy table, WireSession destination) {
        return !destination
                .execute(
                        AdvanceStatements.isAdvanced(
                                request.slot(), table.name(), now().position()))
                .equals("SELECT 0");
    }

    /** A crash of the destination empties what is staged. */
    private void requireStaged(
            WireSession destination, TablePair pair, Staged what, long expected) {
        long found = number(destination, AdvanceStatements.count(request.slot(), pair, what));
        if (found != expected) {
            throw new WarpException(
                            ErrorCode.TRANSIENT,
                            "what had changed since the interruption was lost on the way")
                    .at(Side.DESTINATION);
        }
    }

    private void giveUp(WireSession destination, TableCopy table) {
        destination.execute(
                CopyStatements.rollback()
                        + "; "
                        + CopyStatements.begin()
                        + "; "
                        + AdvanceStatements.forget(request.slot(), table.name())
                        + "; COMMIT");
        throw new WarpException(
                        ErrorCode.TRANSIENT,
                        "the rows of %s are not those that the interrupted copy has left there: it is copied from the beginning"
                                .formatted(table.name()))
                .at(Side.DESTINATION);
    }

    private static long number(WireSession session, String query) {
        return Long.parseLong(session.queryText(query).orElseThrow());
    }
}
