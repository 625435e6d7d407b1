package warp.copy.staging;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.progress.Progress;

/**
 * The folder of one migration below {@code --tmp-dir}: it has the slot's name, belongs to the user
 * that runs Warp alone, and holds the files of one snapshot at a time. Whoever has it open has it
 * locked.
 *
 * <p><b>What a crash leaves.</b> The manifest is there before the first file and goes after the
 * last. A file under its own name is whole and on disk; one that was being written ends in {@code
 * .part} and is removed by whoever comes next. So what is there is either usable or gone.
 */
public final class StagingDirectory implements AutoCloseable {

    private static final String MANIFEST = "manifest";
    private static final String LOCK = "lock";
    private static final String DRAFT = ".part";
    private static final String OURS = "(manifest|\\d+\\.\\d+\\.rows)(\\.part)?|lock";

    private final Path folder;
    private final FileChannel lock;

    private StagingDirectory(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Makes the folder where it is missing, and locks it.
     *
     * @param tmpDir may be missing as well
     * @throws WarpException FILE where it cannot be used, OUT_OF_SPACE, STATE where it holds what
     *     is not Warp's or another Warp has it
     */
    public static StagingDirectory open(Path tmpDir, String slot) {
        Path folder = tmpDir.resolve(slot);
        HostFiles.makeFolder(folder);
        requireOurs(folder);
        FileChannel lock = HostFiles.create(folder.resolve(LOCK));
        boolean locked = false;
        try {
            requireOwn(folder);
            lock(folder, lock);
            locked = true;
            return new StagingDirectory(folder, lock);
        } finally {
            if (!locked) {
                closeQuietly(lock);
            }
        }
    }

    /** Whether there is anything to open. */
    public static boolean exists(Path tmpDir, String slot) {
        return Files.isDirectory(tmpDir.resolve(slot));
    }

    private static void requireOurs(Path folder) {
        List<String> others =
                names(folder).filter(name -> !name.matches(OURS)).sorted().limit(5).toList();
        if (!others.isEmpty()) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "%s holds what is not Warp's: %s"
                                    .formatted(folder, String.join(", ", others)))
                    .hint("Give another directory: --tmp-dir=DIR");
        }
    }

    /** Below /tmp, somebody else may have made it to read along: what is made there tells. */
    private static void requireOwn(Path folder) {
        try {
            if (!Files.getOwner(folder).equals(Files.getOwner(folder.resolve(LOCK)))) {
                throw new WarpException(
                                ErrorCode.FILE,
                                "%s belongs to %s: the rows would be theirs to read"
                                        .formatted(folder, Files.getOwner(folder)))
                        .hint("Give another directory: --tmp-dir=DIR");
            }
        } catch (UnsupportedOperationException noOwners) {
            // Nor then anybody to hide from.
        } catch (IOException problem) {
            throw HostFiles.failure(folder, "cannot be used", problem);
        }
    }

    private static void lock(Path folder, FileChannel file) {
        boolean free;
        try {
            free = file.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            free = false;
        } catch (IOException problem) {
            throw HostFiles.failure(folder, "cannot be locked", problem);
        }
        if (!free) {
            throw new WarpException(ErrorCode.STATE, "another Warp is at work in " + folder)
                    .hint("Wait for it, or give another directory: --tmp-dir=DIR");
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // Nothing was written.
        }
    }

    public Path folder() {
        return folder;
    }

    /**
     * What the files are; empty where there is none yet, or only what a crash left of the
     * beginning.
     *
     * @param migration whose they may be
     * @throws WarpException STATE where they are another's, or nobody can tell
     */
    public Optional<Manifest> manifest(StagedMigration migration) {
        Optional<Manifest> manifest = manifest();
        manifest.filter(found -> !found.migration().equals(migration))
                .ifPresent(found -> {
                    throw new WarpException(
                                    ErrorCode.STATE,
                                    "%s holds the rows of another migration: %s"
                                            .formatted(folder, found.migration()))
                            .hint("Give another directory: --tmp-dir=DIR")
                            .hint("Or, if nobody needs them any more: rm -r " + folder);
                });
        return manifest;
    }

    /** What the files are, whosever. */
    public Optional<Manifest> manifest() {
        Optional<Manifest> manifest = Manifest.read(folder);
        if (manifest.isEmpty() && names(folder).anyMatch(name -> name.endsWith(".rows"))) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "%s has lost its manifest: nobody knows what its files are"
                                    .formatted(folder))
                    .hint("If they are not needed: rm -r " + folder);
        }
        return manifest;
    }

    /**
     * Begins anew: whatever is there is removed.
     *
     * @param bytesMax what the files may take together
     */
    public StagedFiles begin(Manifest manifest, long bytesMax, Progress progress) {
        clear();
        manifest.write(folder);
        return new StagedFiles(folder, manifest, new StagingSpace(bytesMax, progress));
    }

    /** Goes on with what is there. */
    public StagedFiles resume(Manifest manifest, long bytesMax, Progress progress) {
        removeAll(name -> name.endsWith(DRAFT));
        StagedFiles files = new StagedFiles(folder, manifest, new StagingSpace(bytesMax, progress));
        files.takeStock();
        return files;
    }

    /** Removes the files and, last, the manifest. */
    public void clear() {
        removeAll(name -> !name.equals(MANIFEST) && !name.equals(LOCK));
        HostFiles.remove(manifestOf(folder));
    }

    /** Removes everything, the folder too. It is not to be used any more. */
    public void discard() {
        clear();
        HostFiles.remove(folder.resolve(LOCK));
        HostFiles.remove(folder);
    }

    private void removeAll(Predicate<String> choice) {
        names(folder).filter(choice).forEach(name -> HostFiles.remove(folder.resolve(name)));
    }

    static Stream<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList().stream();
        } catch (IOException problem) {
            throw HostFiles.failure(folder, "cannot be read", problem);
        }
    }

    static Path draftOf(Path file) {
        return file.resolveSibling(file.getFileName() + DRAFT);
    }

    static Path manifestOf(Path folder) {
        return folder.resolve(MANIFEST);
    }

    /** Lets others use it. What is in it stays. */
    @Override
    public void close() {
        closeQuietly(lock);
    }
}
