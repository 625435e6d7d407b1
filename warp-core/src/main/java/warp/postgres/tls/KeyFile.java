package warp.postgres.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** libpq's rule about who may read a private key's file ("Client Certificates" in the manual). */
final class KeyFile {

    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    private KeyFile() {}

    /**
     * Whether others than its owner can get at the file; a group may read what root owns. False
     * where the file system knows no such permissions.
     */
    static boolean isExposed(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return false;
        }
        Set<PosixFilePermission> allowed =
                EnumSet.copyOf(Files.readAttributes(file, PosixFileAttributes.class).permissions());
        boolean root = Files.getAttribute(file, "unix:uid").equals(0);
        return isExposed(allowed, root);
    }

    static boolean isExposed(Set<PosixFilePermission> allowed, boolean ownedByRoot) {
        Set<PosixFilePermission> exposing = EnumSet.copyOf(OTHERS);
        if (ownedByRoot) {
            exposing.remove(PosixFilePermission.GROUP_READ);
        }
        return allowed.stream().anyMatch(exposing::contains);
    }
}
