package warp.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.config.ByteSize;
import warp.config.MigrationSettings;
import warp.copy.Staged;
import warp.copy.staging.Manifest;
import warp.copy.staging.Manifest.StagedTable;
import warp.copy.staging.StagedFiles;
import warp.copy.staging.StagedMigration;
import warp.copy.staging.StagingDirectory;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Phase;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Chunk;
import warp.plan.ChunkPlanner;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.progress.Prompt;
import warp.state.MigrationRecord;

/**
 * The directory that rows go through where {@code --tmp-dir} asks for it; where not, nothing is
 * done here.
 *
 * <p>Its files are of use to this migration alone, and only as long as tables are copied as of the
 * snapshot that they were read from. So they are loaded before another snapshot is taken; what is
 * left then is removed. Files that the destination knows nothing of are another story's, and are
 * not touched.
 */
final class Staging implements AutoCloseable {

    /** So many files of the largest chunk fit into the limit. */
    private static final int FILES_AT_LEAST = 4;

    private final MigrationSettings settings;
    private final Progress progress;
    private final EventLog log;
    private @Nullable StagingDirectory directory;
    private @Nullable StagedMigration migration;
    private @Nullable Manifest left;
    private Runnable letGo = () -> {};

    Staging(MigrationSettings settings, Progress progress, EventLog log) {
        this.settings = settings;
        this.progress = progress;
        this.log = log;
    }

    /** Whether rows go through files. */
    boolean isAsked() {
        return settings.options().staging().directoryAsked().isPresent();
    }

    /** What a chunk may have: some files must fit in beside each other. */
    long chunkBytesMax() {
        return Math.min(
                ChunkPlanner.CHUNK_BYTES_MAX,
                settings.options().staging().bytesAtMost() / FILES_AT_LEAST);
    }

    /**
     * Opens the directory.
     *
     * @param here this migration, as its source says
     * @param known whether the destination knows it
     * @throws WarpException STATE where the directory holds what is not this migration's; FILE,
     *     OUT_OF_SPACE
     */
    void open(MigrationRecord here, boolean known) {
        Optional<Path> asked = settings.options().staging().directoryAsked().map(Path::of);
        if (asked.isEmpty() || directory != null) {
            return;
        }
        StagingDirectory opened = StagingDirectory.open(asked.get(), settings.slot());
        directory = opened;
        migration = new StagedMigration(here.sourceSystem(), here.sourceDatabase(), here.slot());
        left = opened.manifest(migration).orElse(null);
        if (left != null && !known) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "%s holds the rows of an earlier copy, as of %s, of which the"
                                            .formatted(opened.folder(), left.snapshot())
                                    + " destination knows nothing")
                    .hint("Give another directory: --tmp-dir=DIR")
                    .hint("Or, if they are not needed any more: rm -r " + opened.folder());
        }
    }

    /** Opens it where a copy is to go on; removes what an ended one could not remove. */
    void goOn(MigrationRecord known) {
        if (known.phase().compareTo(Phase.COPY) <= 0) {
            open(known, true);
            return;
        }
        Path asked = settings.options().staging().directoryAsked().map(Path::of).orElse(null);
        if (asked != null && StagingDirectory.exists(asked, settings.slot())) {
            open(known, true);
            end();
        }
    }

    /**
     * Looks whether {@link #open} will do, and changes nothing.
     *
     * @param here this migration, as its source says
     */
    void inspect(MigrationRecord here, boolean known) {
        Path asked = settings.options().staging().directoryAsked().map(Path::of).orElse(null);
        if (asked == null) {
            return;
        }
        if (StagingDirectory.exists(asked, settings.slot())) {
            open(here, known);
            return;
        }
        Path nearest = asked;
        while (nearest != null && Files.notExists(nearest)) {
            nearest = nearest.getParent();
        }
        if (nearest == null || !Files.isDirectory(nearest) || !Files.isWritable(nearest)) {
            throw new WarpException(
                            ErrorCode.FILE,
                            "%s cannot be made: %s is not a directory that may be written to"
                                    .formatted(asked, nearest))
                    .hint("Give another directory: --tmp-dir=DIR");
        }
    }

    /** What of the files to tell somebody who cleans up; empty where there are none. */
    static Optional<Path> leftBehind(MigrationSettings settings) {
        return settings.options()
                .staging()
                .directoryAsked()
                .map(Path::of)
                .filter(asked -> StagingDirectory.exists(asked, settings.slot()))
                .map(asked -> asked.resolve(settings.slot()));
    }

    /** Removes the files, whatever they are of, after a yes. */
    static void remove(MigrationSettings settings, Prompt prompt, EventLog log) {
        Path asked = settings.options().staging().directoryAsked().map(Path::of).orElse(null);
        if (asked == null || !StagingDirectory.exists(asked, settings.slot())) {
            return;
        }
        try (StagingDirectory directory = StagingDirectory.open(asked, settings.slot())) {
            Path folder = directory.folder();
            if (settings.assumeYes() || prompt.confirm("Remove " + folder + "?")) {
                directory.discard();
                log.info("Removed " + folder);
            } else {
                log.info("Kept " + folder);
            }
        }
    }

    /** What an earlier run has left as of that snapshot, ready to be loaded. */
    Optional<StagedFiles> left(Optional<Lsn> snapshot) {
        if (directory == null || left == null || !snapshot.equals(Optional.of(left.snapshot()))) {
            return Optional.empty();
        }
        return Optional.of(
                directory.resume(left, settings.options().staging().bytesAtMost(), progress));
    }

    /** What is let go of at the source as soon as all rows are in files. */
    void whenAllIsRead(TableLocks locks) {
        letGo =
                () -> {
                    locks.letGo();
                    locks.snapshot().letGo();
                };
    }

    /**
     * Begins the files of a snapshot; what is left of another one is removed.
     *
     * @param tables those that have rows
     * @return null where rows do not go through files
     */
    @Nullable Staged begin(Lsn snapshot, List<TablePair> tables, List<Chunk> chunks) {
        StagingDirectory opened = directory;
        StagedMigration whose = migration;
        if (opened == null || whose == null) {
            return null;
        }
        warnOfSpace(opened.folder(), tables);
        List<StagedTable> staged =
                tables.stream()
                        .map(pair ->
                                new StagedTable(
                                        pair.name(),
                                        pair.destination().name(),
                                        pair.shared(),
                                        pair.source().bytes(),
                                        count(chunks, pair.name())))
                        .toList();
        StagedFiles files =
                opened.begin(
                        new Manifest(whose, snapshot, false, staged),
                        settings.options().staging().bytesAtMost(),
                        progress);
        left = files.manifest();
        return new Staged(files, settings.readers(), this::allRead);
    }

    private static int count(List<Chunk> chunks, TableName table) {
        return (int) chunks.stream().filter(chunk -> chunk.table().equals(table)).count();
    }

    private void allRead() {
        letGo.run();
        log.info("All rows are read: the source's snapshot is let go. Loading goes on...");
    }

    /** Rows are packed to a third or so, but nobody knows before. */
    private void warnOfSpace(Path folder, List<TablePair> tables) {
        long needed = tables.stream().mapToLong(pair -> pair.source().bytes()).sum();
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (Math.min(needed, settings.options().staging().bytesAtMost()) > free) {
                log.warn(
                        "The tables take %s and %s has %s left: the disk may get full"
                                .formatted(
                                        new ByteSize(needed).rounded(),
                                        folder,
                                        new ByteSize(free).rounded()),
                        List.of(
                                "--tmp-dir-max=%s keeps the files below that: reading waits for"
                                                .formatted(ByteSize.megabytes((free / 2) >> 20))
                                        + " loading then."));
            }
        } catch (IOException unknown) {
            log.detail("How much room %s has is not known: %s".formatted(folder, unknown));
        }
    }

    /** Everything is loaded: removes the directory. */
    void end() {
        if (directory != null) {
            directory.discard();
            left = null;
            close();
        }
    }

    @Override
    public void close() {
        if (directory != null) {
            directory.close();
            directory = null;
        }
    }
}
