package warp.copy;

import org.jspecify.annotations.Nullable;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.staging.ChunkFileReader;
import warp.copy.staging.StagedFiles;
import warp.postgres.wire.WireChannel.ByteMeter;
import warp.postgres.wire.WireSession;
import warp.sql.CopyStatements;

/**
 * Rows from files of this machine; what the head of a file says decides how they are loaded. A file
 * goes once its rows are committed and flushed at the destination: a server that dies then has
 * them, or neither them nor the mark, and the chunk is read again. For one worker.
 */
final class FileFeed implements RowFeed, AutoCloseable {

    private final StagedFiles files;
    private @Nullable ChunkFileReader reader;

    FileFeed(StagedFiles files) {
        this.files = files;
    }

    /**
     * Opens the file.
     *
     * @throws warp.copy.staging.DamagedFile also from {@link #send}
     */
    @Override
    public void open(CopyChunk job) {
        close();
        reader = files.read(job.chunk().table(), job.chunk().number());
    }

    @Override
    public long send(CopyChunk job, WireSession destination, boolean freeze, ByteMeter meter) {
        ChunkFileReader rows = reader;
        if (rows == null) {
            throw new IllegalStateException("not open: " + job.chunk());
        }
        return destination.copyIn(
                CopyStatements.copyIn(
                        job.table().pair().destination(),
                        rows.header().columns(),
                        rows.header().format(),
                        freeze),
                sink -> {
                    for (int length = rows.next(); length >= 0; length = rows.next()) {
                        sink.write(rows.bytes(), 0, length);
                        meter.passed(length);
                    }
                });
    }

    @Override
    public String beforeCommit() {
        return CopyStatements.FLUSHED_COMMIT + "; ";
    }

    @Override
    public void committed(CopyChunk job) {
        close();
        files.remove(job.chunk().table(), job.chunk().number());
    }

    /** Lets go of a file that is open. */
    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
