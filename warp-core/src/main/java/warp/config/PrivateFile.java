package warp.config;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Files that only their owner may read, from the first byte on. */
public final class PrivateFile {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    private PrivateFile() {}

    /**
     * Writes the whole file, or leaves an older one as it was: the text goes to a new file beside
     * it, which then takes its place.
     */
    public static void write(Path file, String text) {
        String number = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        Path draft = file.resolveSibling(file.getFileName() + "." + number + ".tmp");
        try {
            try (Writer writer = open(draft, StandardOpenOption.CREATE_NEW)) {
                writer.write(text);
            }
            Files.move(
                    draft,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException problem) {
            WarpException failure = cannotWrite(file, problem);
            try {
                Files.deleteIfExists(draft);
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    /** Opens the file to write at its end; an older file is closed to others first. */
    public static Writer append(Path file) {
        try {
            if (Files.exists(file) && PasswordFile.openToOthers(file)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
            return open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException problem) {
            throw cannotWrite(file, problem);
        }
    }

    private static Writer open(Path file, StandardOpenOption... how) throws IOException {
        Set<OpenOption> options = new HashSet<>(List.of(how));
        options.add(StandardOpenOption.WRITE);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes =
                posix
                        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                        : new FileAttribute<?>[0];
        SeekableByteChannel channel = Files.newByteChannel(file, options, attributes);
        return new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
    }

    private static WarpException cannotWrite(Path file, IOException problem) {
        String reason = problem.getClass().getSimpleName() + ": " + problem.getMessage();
        return new WarpException(
                ErrorCode.FILE, file + " cannot be written (" + reason + ")", problem);
    }
}
