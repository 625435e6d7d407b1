package warp.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whole folders: deleted, or put in their place in one step. */
final class FileTree {

    private static final Set<PosixFilePermission> READABLE =
            PosixFilePermissions.fromString("rwxr-xr-x");

    private FileTree() {}

    /** Deletes a folder with all it holds; files that vanish meanwhile are no error. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException problem)
                            throws IOException {
                        if (problem instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw problem;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException problem) throws IOException {
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** Fills an empty folder. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path folder) throws IOException;
    }

    /**
     * Makes a folder that is either complete or not there: filled under another name, then renamed.
     * Where another process was first, its folder stays and this one is deleted: both hold the
     * same.
     *
     * @param name the final name; nothing is done if it is there
     */
    static void make(Path name, Content content) throws IOException {
        if (Files.isDirectory(name)) {
            return;
        }
        Path parent = name.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the root cannot be made: " + name);
        }
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent);
            Files.setPosixFilePermissions(parent, READABLE);
        }
        Path folder = Files.createTempDirectory(parent, "unfinished-");
        try {
            Files.setPosixFilePermissions(folder, READABLE);
            content.writeTo(folder);
            Files.move(folder, name);
        } catch (IOException | RuntimeException e) {
            delete(folder);
            if (!Files.isDirectory(name)) {
                throw e;
            }
        }
    }
}
