package warp.config;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Whose a file is, where the file system knows owners; elsewhere every file is trusted. */
final class FileOwner {

    private static final int ROOT = 0;

    private FileOwner() {}

    /** Whether a link may be followed: this user or root made it. */
    static boolean mayLead(Path link) throws IOException {
        return isTrusted(link);
    }

    /** Whether this user's lines may go to the file; root's may go to anybody's. */
    static boolean mayAppend(Path file) throws IOException {
        return !hasOwners(file) || me() == ROOT || owner(file) == me();
    }

    /**
     * Whether nobody but this user and root can have written what stands in the file, as far as its
     * own owner and mode tell.
     */
    static boolean isOnlyOursToWrite(Path file) throws IOException {
        if (!hasOwners(file)) {
            return true;
        }
        Path real = file.toRealPath();
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(real);
        return isTrusted(file)
                && isTrusted(real)
                && !mode.contains(PosixFilePermission.GROUP_WRITE)
                && !mode.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static boolean isTrusted(Path file) throws IOException {
        return !hasOwners(file) || owner(file) == ROOT || owner(file) == me();
    }

    private static boolean hasOwners(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private static int owner(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    /** Asked each time: nothing is shared, and it costs a system call. */
    private static int me() {
        return Math.toIntExact(new UnixSystem().getUid());
    }
}
