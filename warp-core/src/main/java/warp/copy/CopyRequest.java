package warp.copy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import warp.config.Jobs;
import warp.model.Lsn;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.postgres.Connector;

/**
 * What a {@link Copier} is to copy.
 *
 * @param slot names the migration in the schema {@code warp}; its tables stand in {@code
 *     warp.relation} already, PLANNED, with their number of chunks
 * @param snapshot as {@code pg_export_snapshot} or the creation of a slot named it; whoever
 *     exported it keeps it until the copy is done
 * @param copiedLsn the position of the snapshot, written to each table that is complete
 * @param tables every table concerned. One whose chunks are all marked already only gets its
 *     follow-up
 * @param chunks every chunk of the tables, done or not: done is what {@code warp.chunk} marks
 * @param jobs how many chunks or follow-ups run at once, and how many of the chunks may be large;
 *     each worker has one session at either side
 * @param throttle holds up the workers; of this copy alone
 * @param replicaRole whether the destination's sessions set {@code session_replication_role}; where
 *     not, nothing must be left there that acts on rows
 * @param far whether a server is so far away that what travels should be short
 * @param advance tables whose marked chunks are of an earlier snapshot
 */
public record CopyRequest(
        Connector source,
        Connector destination,
        String slot,
        String snapshot,
        Lsn copiedLsn,
        List<TablePair> tables,
        List<Chunk> chunks,
        Jobs jobs,
        FollowUp followUp,
        CopyThrottle throttle,
        boolean replicaRole,
        boolean far,
        Advance advance) {

    public CopyRequest {
        tables = List.copyOf(tables);
        chunks = List.copyOf(chunks);
        Set<TableName> names = new HashSet<>();
        tables.forEach(table -> names.add(table.name()));
        for (Chunk chunk : chunks) {
            if (!names.contains(chunk.table())) {
                throw new IllegalArgumentException("a chunk of a table not asked for: " + chunk);
            }
        }
    }

    /** The tables of which something is to be read. */
    List<TableName> read() {
        return chunks.stream().map(Chunk::table).distinct().toList();
    }
}
