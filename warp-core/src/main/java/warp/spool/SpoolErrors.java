package warp.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** What may go wrong with files of a spool, in words for people. */
final class SpoolErrors {

    private static final long ALMOST_NOTHING_BYTES = 64 * 1024;

    private SpoolErrors() {}

    /** A file of it cannot be written. */
    static WarpException cannotWrite(Path file, IOException problem) {
        if (isFull(file, problem)) {
            return new WarpException(
                    ErrorCode.OUT_OF_SPACE,
                    "the disk of " + file.getParent() + " is full",
                    problem);
        }
        return new WarpException(
                ErrorCode.FILE, file + " cannot be written: " + messageOf(problem), problem);
    }

    /** A file of it cannot be read. */
    static WarpException cannotRead(Path file, IOException problem) {
        return new WarpException(
                ErrorCode.FILE, file + " cannot be read: " + messageOf(problem), problem);
    }

    /** A file of it does not hold what was written. */
    static WarpException damaged(Path file, long offset) {
        return new WarpException(
                        ErrorCode.STATE,
                        "file "
                                + file
                                + " of the spool is damaged at byte "
                                + offset
                                + " (checksum)")
                .hint("Bring an undamaged copy of it back, then run the same command again.")
                .hint(
                        "If there is none, start over: the same command with --clean, then"
                                + " without; its changes are nowhere else.");
    }

    /** The bound of {@code --spool-max}. */
    static WarpException limitReached(long bytesMax) {
        return new WarpException(
                ErrorCode.OUT_OF_SPACE,
                String.format(
                        Locale.ROOT, "the spool has reached its limit of %,d MB", bytesMax >> 20));
    }

    /** Java tells it only in words, maybe in another language: so the disk is asked as well. */
    private static boolean isFull(Path file, IOException problem) {
        String message = messageOf(problem).toLowerCase(Locale.ROOT);
        if (message.contains("no space left") || message.contains("quota exceeded")) {
            return true;
        }
        try {
            return Files.getFileStore(file).getUsableSpace() < ALMOST_NOTHING_BYTES;
        } catch (IOException unknown) {
            return false;
        }
    }

    private static String messageOf(IOException problem) {
        String message = problem.getMessage();
        return message == null ? problem.getClass().getSimpleName() : message;
    }
}
