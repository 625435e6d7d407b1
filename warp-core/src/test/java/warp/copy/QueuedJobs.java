package warp.copy;

import java.util.List;
import java.util.Optional;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.CopyJob.RunFollowUp;
import warp.model.ReplicaIdentity;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.plan.Range;
import warp.sql.CopyStatements.Format;

/** Jobs of tables that are nowhere, for a queue that does not look into them. */
final class QueuedJobs {

    static final long MB = 1L << 20;

    private QueuedJobs() {}

    static TableCopy table(String name, long bytes) {
        Table table =
                new Table(
                        1,
                        new TableName("public", name),
                        List.of(),
                        ReplicaIdentity.DEFAULT,
                        List.of(),
                        bytes,
                        1,
                        -1,
                        false,
                        false,
                        false,
                        false);
        return new TableCopy(new TablePair(table, table), Format.TEXT, false);
    }

    /** A table in one chunk. */
    static CopyChunk whole(String name, long bytes) {
        TableCopy table = table(name, bytes);
        return new CopyChunk(table, new Chunk(table.name(), 0, Optional.empty(), bytes), false);
    }

    static CopyChunk piece(TableCopy of, int number, long bytes) {
        Range range = new Range.Pages(number, number + 1L);
        return new CopyChunk(of, new Chunk(of.name(), number, Optional.of(range), bytes), false);
    }

    static RunFollowUp followUp(TableCopy table) {
        return new RunFollowUp(table, () -> {});
    }
}
