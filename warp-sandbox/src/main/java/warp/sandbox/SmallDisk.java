package warp.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file system of a fixed small size, in memory: for what happens when a disk is full. A server's
 * data can stand in it (see {@link PostgresServer.Builder#folder}), or files of the program under
 * test. Only root on Linux can have one; see {@link #missing}.
 *
 * <p>{@link #close} unmounts it, and so does the end of the JVM, however it ends. Any thread may
 * use it, one at a time.
 */
public final class SmallDisk implements AutoCloseable {

    private static final String BALLAST = ".ballast";
    private static final int BLOCK_BYTES = 4096;

    /** Runs until the pipe from this JVM ends; then whoever still writes there is in the way. */
    private static final String SCRIPT =
            """
            read -r _
            sleep 1
            umount "$1" 2>/dev/null || umount -l "$1"
            rmdir -- "$1"
            """;

    private final Path folder;
    private final Process watchdog;

    private SmallDisk(Path folder, Process watchdog) {
        this.folder = folder;
        this.watchdog = watchdog;
    }

    /** Why there cannot be one here, for a test that is left out then; empty where there can. */
    public static Optional<String> missing() {
        if (!Files.isDirectory(Path.of("/proc/self")) || !ServerAccount.isRoot()) {
            return Optional.of("a small disk can only be mounted by root, on Linux");
        }
        try (SmallDisk _ = mount(1 << 20)) {
            return Optional.empty();
        } catch (SandboxException refused) {
            return Optional.of("a small disk cannot be mounted here: " + refused.getMessage());
        }
    }

    /**
     * Mounts an empty one.
     *
     * @param bytes its size, rounded up to whole pages
     * @throws SandboxException where that is not possible
     */
    public static SmallDisk mount(long bytes) {
        try {
            Path folder = Files.createTempDirectory("warp-disk-");
            String options = "size=" + bytes + ",mode=0777";
            try {
                ChildCommand.run(
                        List.of("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()),
                        Path.of("/"));
            } catch (SandboxException | UncheckedIOException refused) {
                Files.delete(folder);
                throw refused;
            }
            return new SmallDisk(folder, watch(folder));
        } catch (IOException problem) {
            throw new SandboxException("cannot mount a small disk", problem);
        }
    }

    private static Process watch(Path folder) throws IOException {
        List<String> command = List.of("setsid", "sh", "-c", SCRIPT, "watchdog", folder.toString());
        return ChildCommand.builder(command, Path.of("/"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Its root: anybody may write there. */
    public Path path() {
        return folder;
    }

    /** How much still goes in. */
    public long bytesFree() {
        return folder.toFile().getUsableSpace();
    }

    /**
     * Puts a file there that leaves so much free, or takes it away again where there is less than
     * that without it.
     */
    public void leaveFree(long bytes) {
        Path ballast = folder.resolve(BALLAST);
        try {
            Files.deleteIfExists(ballast);
            byte[] block = new byte[BLOCK_BYTES];
            try (OutputStream out = Files.newOutputStream(ballast)) {
                for (long left = bytesFree() - bytes; left >= BLOCK_BYTES; left -= BLOCK_BYTES) {
                    out.write(block);
                }
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Takes away what {@link #leaveFree} has put there. */
    public void relieve() {
        try {
            Files.deleteIfExists(folder.resolve(BALLAST));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Unmounts it; what is in it is gone. Doing it twice does no harm. */
    @Override
    public void close() {
        @Nullable SandboxException refused = null;
        if (Files.isDirectory(folder)) {
            try {
                ChildCommand.run(List.of("umount", folder.toString()), Path.of("/"));
            } catch (SandboxException busy) {
                // Somebody has a file open there: it goes when they do.
                ChildCommand.run(List.of("umount", "-l", folder.toString()), Path.of("/"));
                refused = busy;
            }
            try {
                Files.delete(folder);
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }
        watchdog.destroyForcibly();
        watchdog.onExit().join();
        if (refused != null) {
            throw new SandboxException("a small disk was still in use", refused);
        }
    }
}
