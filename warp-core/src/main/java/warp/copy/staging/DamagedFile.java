package warp.copy.staging;

import java.nio.file.Path;

/**
 * A chunk's file that is not what was written: bytes have changed, its end is missing, or all of
 * it. Not an operating error yet: as long as the rows can be read again, nothing is lost.
 */
public final class DamagedFile extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;

    DamagedFile(Path file, String reason) {
        super(file + " " + reason);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
