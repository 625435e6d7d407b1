package warp.config;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
import java.util.regex.Pattern;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Files that only their owner may read, from the first byte on. */
public final class PrivateFile {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    /** What systems say of a full disk, or of a quota that is used up; Java has no type for it. */
    private static final Pattern FULL = Pattern.compile("No space left|[Qq]uota exceeded");

    private PrivateFile() {}

    /**
     * Writes the whole file, or leaves an older one as it was: the text goes to a new file beside
     * it, which then takes its place.
     */
    public static void write(Path file, String text) {
        String number = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        Path draft = file.resolveSibling(file.getFileName() + "." + number + ".tmp");
        try {
            try (OutputStream out = open(draft, StandardOpenOption.CREATE_NEW)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
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

    /**
     * Opens the file to write at its end.
     *
     * <p>In a folder that others may write to, somebody can have put a link or a file of that name
     * there. So a link is followed only where it is this user's own or root's, and a file that is
     * another user's is refused. What is neither a link nor a file, such as a terminal, is written
     * to as it is.
     *
     * @return with whether an older file was open to others until now; it is closed to them
     */
    public static Appending append(Path file) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                // Fails where somebody was quicker.
                OpenOption[] anew = {StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND};
                return new Appending(open(file, anew), false);
            }
            refuseForeignLink(file);
            if (!Files.isRegularFile(file)) {
                return new Appending(open(file, StandardOpenOption.APPEND), false);
            }
            Path real = file.toRealPath();
            if (!FileOwner.mayAppend(real)) {
                throw notOurs(file, "belongs to another user, who could read it");
            }
            boolean loose = PasswordFile.openToOthers(real);
            if (loose) {
                Files.setPosixFilePermissions(real, OWNER_ONLY);
            }
            OpenOption[] again = {StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS};
            return new Appending(open(real, again), loose);
        } catch (IOException problem) {
            throw cannotWrite(file, problem);
        }
    }

    /**
     * A file that is written at its end.
     *
     * @param wasOpenToOthers whether others may have read what stood there before
     */
    public record Appending(OutputStream out, boolean wasOpenToOthers) {}

    private static void refuseForeignLink(Path file) throws IOException {
        if (Files.isSymbolicLink(file) && !FileOwner.mayLead(file)) {
            throw notOurs(file, "is another user's link, to " + Files.readSymbolicLink(file));
        }
    }

    private static WarpException notOurs(Path file, String what) {
        return new WarpException(ErrorCode.FILE, file + " " + what)
                .hint("Look who put it there (ls -l " + file + "), and remove it.")
                .hint("Or write to another file or from another folder: --log=FILE");
    }

    private static OutputStream open(Path file, OpenOption... how) throws IOException {
        Set<OpenOption> options = new HashSet<>(List.of(how));
        options.add(StandardOpenOption.WRITE);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes =
                posix
                        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                        : new FileAttribute<?>[0];
        SeekableByteChannel channel = Files.newByteChannel(file, options, attributes);
        return Channels.newOutputStream(channel);
    }

    private static WarpException cannotWrite(Path file, IOException problem) {
        String reason = problem.getClass().getSimpleName() + ": " + problem.getMessage();
        if (FULL.matcher(reason).find()) {
            return new WarpException(
                            ErrorCode.OUT_OF_SPACE,
                            file + " cannot be written: the disk is full",
                            problem)
                    .hint("Make room, then run the same command again: df -h " + folderOf(file));
        }
        return new WarpException(
                ErrorCode.FILE, file + " cannot be written (" + reason + ")", problem);
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder;
    }
}
