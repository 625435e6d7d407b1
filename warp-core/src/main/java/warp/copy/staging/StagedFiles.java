package warp.copy.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import warp.copy.staging.Manifest.StagedTable;
import warp.error.FaultPoint;
import warp.model.Lsn;
import warp.model.TableName;
import warp.sql.CopyStatements.Format;

/** The files of one snapshot, one a chunk. For any number of threads. */
public final class StagedFiles {

    /** A file from this size on is worth a synchronisation of its folder for itself. */
    private static final long LARGE_BYTES = 1 << 20;

    private final Path folder;
    private final StagingSpace space;
    private final Map<TableName, Integer> numbers = new HashMap<>();

    /** Whole files and their sizes. */
    private final Map<Path, Long> whole = new ConcurrentHashMap<>();

    private volatile Manifest manifest;

    StagedFiles(Path folder, Manifest manifest, StagingSpace space) {
        this.folder = folder;
        this.manifest = manifest;
        this.space = space;
        for (StagedTable table : manifest.tables()) {
            numbers.put(table.name(), numbers.size());
        }
    }

    void takeStock() {
        Set<String> known = ConcurrentHashMap.newKeySet();
        for (StagedTable table : manifest.tables()) {
            for (int number = 0; number < table.chunks(); number++) {
                known.add(String.valueOf(file(table.name(), number).getFileName()));
            }
        }
        StagingDirectory.names(folder)
                .filter(known::contains)
                .map(folder::resolve)
                .forEach(this::found);
    }

    private void found(Path file) {
        try {
            long bytes = Files.size(file);
            whole.put(file, bytes);
            space.found(bytes);
        } catch (IOException problem) {
            throw HostFiles.failure(file, "cannot be read", problem);
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    public Path folder() {
        return folder;
    }

    /** Where a chunk's rows are, or would be. */
    public Path file(TableName table, int chunk) {
        Integer number = numbers.get(table);
        if (number == null) {
            throw new IllegalArgumentException("not in the manifest: " + table);
        }
        return folder.resolve(number + "." + chunk + ".rows");
    }

    /** Whether a chunk's file was finished and not removed since. It may be damaged. */
    public boolean has(TableName table, int chunk) {
        return whole.containsKey(file(table, chunk));
    }

    /** How the rows of a file are to be loaded. */
    public ChunkHeader header(
            TableName table, int chunk, Format format, java.util.List<String> columns) {
        return new ChunkHeader(
                manifest.migration(), manifest.snapshot(), table, chunk, format, columns);
    }

    /**
     * Begins the file of a chunk; waits until there is room.
     *
     * @param sourceBytes what the rows take at the source
     */
    public ChunkFileWriter write(ChunkHeader header, long sourceBytes) {
        Path file = file(header.table(), header.number());
        StagingSpace.Share share = space.begin(sourceBytes);
        boolean begun = false;
        try {
            ChunkFileWriter writer = new ChunkFileWriter(this, share, file, header);
            begun = true;
            return writer;
        } finally {
            if (!begun) {
                share.giveUp();
            }
        }
    }

    /** A file that was written and synchronised gets its name. */
    void keep(Path draft, Path file, StagingSpace.Share share) {
        FaultPoint.FILE_STAGED.before();
        HostFiles.rename(draft, file);
        long bytes = share.keep();
        Long replaced = whole.put(file, bytes);
        if (replaced != null) {
            space.free(replaced);
        }
        FaultPoint.FILE_STAGED.after();
        if (bytes >= LARGE_BYTES) {
            HostFiles.syncFolder(folder);
        }
    }

    /**
     * Opens the file of a chunk.
     *
     * @throws DamagedFile where it is missing, damaged at its beginning, or another's
     */
    public ChunkFileReader read(TableName table, int chunk) {
        Path file = file(table, chunk);
        ChunkFileReader reader = new ChunkFileReader(file);
        ChunkHeader header = reader.header();
        boolean right =
                header.migration().equals(manifest.migration())
                        && header.snapshot().equals(manifest.snapshot())
                        && header.table().equals(table)
                        && header.number() == chunk;
        if (!right) {
            reader.close();
            throw new DamagedFile(
                    file,
                    "holds chunk %d of %s as of %s"
                            .formatted(header.number(), header.table(), header.snapshot()));
        }
        return reader;
    }

    /** Removes the file of a chunk, whole or not, and gives its room back. */
    public void remove(TableName table, int chunk) {
        Path file = file(table, chunk);
        FaultPoint.FILE_REMOVED.before();
        HostFiles.remove(file);
        FaultPoint.FILE_REMOVED.after();
        Long bytes = whole.remove(file);
        if (bytes != null) {
            space.free(bytes);
        }
    }

    /** All rows are read, and every file survives a loss of power: the source may forget them. */
    public void complete() {
        HostFiles.syncFolder(folder);
        Manifest completed = manifest.completed();
        completed.write(folder);
        manifest = completed;
    }

    /** The position as of which the rows were read. */
    public Lsn snapshot() {
        return manifest.snapshot();
    }

    /** Nobody waits for room any more. */
    public void halt() {
        space.close();
    }
}
