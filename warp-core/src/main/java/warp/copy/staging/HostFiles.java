package warp.copy.staging;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * Files and folders of this machine that only their owner may use, and what goes wrong with them.
 */
final class HostFiles {

    private static final String FOLDER = "rwx------";
    private static final String FILE = "rw-------";

    /** Less than this is left where the disk is full. */
    private static final long FULL_BYTES = 2L << 20;

    private HostFiles() {}

    /** Makes a folder with those above it, or takes one that is there for its owner alone. */
    static void makeFolder(Path folder) {
        try {
            if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(folder, attributes(folder, FOLDER));
            } else if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new WarpException(ErrorCode.FILE, folder + " is not a directory")
                        .hint("Give another directory: --tmp-dir=DIR");
            } else if (isPosix(folder)) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(FOLDER));
            }
        } catch (IOException problem) {
            throw failure(folder, "cannot be used", problem);
        }
    }

    /** A new, empty file; one that is there is overwritten. */
    static FileChannel create(Path file) {
        Set<OpenOption> options =
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try {
            return FileChannel.open(file, options, attributes(file, FILE));
        } catch (IOException problem) {
            throw failure(file, "cannot be written", problem);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Gives a file that is whole its name, at once or not at all. */
    static void rename(Path draft, Path file) {
        try {
            Files.move(
                    draft,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException impossible) {
            throw new IllegalStateException("both are in one folder", impossible);
        } catch (IOException problem) {
            throw failure(file, "cannot be written", problem);
        }
    }

    /** What was renamed or removed in a folder survives a loss of power from now on. */
    static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException problem) {
            throw failure(folder, "cannot be written", problem);
        }
    }

    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException problem) {
            throw failure(file, "cannot be removed", problem);
        }
    }

    /** As {@link #remove}, on the way out of a failure that is to be told first. */
    static void removeIfThere(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException ignored) {
            // The next run finds the draft and removes it.
        }
    }

    /** What to tell a person; a full disk is told from everything else. */
    static WarpException failure(Path path, String what, IOException problem) {
        String reason =
                problem instanceof FileSystemException known && known.getReason() != null
                        ? known.getReason()
                        : problem instanceof FileSystemException
                                ? problem.getClass().getSimpleName().replace("Exception", "")
                                : String.valueOf(problem.getMessage());
        if (isFull(path, reason)) {
            return new WarpException(
                            ErrorCode.OUT_OF_SPACE,
                            "%s %s: the disk of this machine is full (%s)"
                                    .formatted(path, what, reason),
                            problem)
                    .hint("See what takes the room: df -h " + path.toAbsolutePath().getParent())
                    .hint(
                            "Make room, or give less to the files by --tmp-dir-max=SIZE; then run"
                                    + " the same command again: it goes on.");
        }
        return new WarpException(
                        ErrorCode.FILE, "%s %s (%s)".formatted(path, what, reason), problem)
                .hint("The user that runs Warp must be able to write there: --tmp-dir=DIR");
    }

    /** The system's words come in its own language, so the file system is asked as well. */
    private static boolean isFull(Path path, String reason) {
        if (reason.contains("No space left") || reason.contains("quota exceeded")) {
            return true;
        }
        try {
            Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
            return folder != null && Files.getFileStore(folder).getUsableSpace() < FULL_BYTES;
        } catch (IOException unknown) {
            return false;
        }
    }
}
