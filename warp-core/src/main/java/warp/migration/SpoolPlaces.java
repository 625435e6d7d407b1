package warp.migration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Where spools are on this machine. */
final class SpoolPlaces {

    private SpoolPlaces() {}

    /** This machine's name, for people. */
    static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "unknown";
        }
    }

    /**
     * Sees that the folder is there, or can be made, and can be written to.
     *
     * @throws WarpException FILE
     */
    static void requireUsable(Path parent) {
        try {
            Files.createDirectories(parent);
            Files.delete(Files.createTempFile(parent, "warp", ".tmp"));
        } catch (IOException problem) {
            String why = problem.getMessage();
            throw new WarpException(
                            ErrorCode.FILE,
                            "nothing can be written to the spool's folder "
                                    + parent
                                    + (why == null || why.startsWith(parent.toString())
                                            ? ""
                                            : ": " + why),
                            problem)
                    .hint("Give another one by --spool-dir, or mend its permissions.");
        }
    }

    /** Four fifths of what is free there, and of what is held already. */
    static long usualBytesMax(Path parent, long held) {
        try {
            return held + Files.getFileStore(parent).getUsableSpace() / 5 * 4;
        } catch (IOException problem) {
            throw new WarpException(
                    ErrorCode.FILE,
                    "the free space of " + parent + " cannot be told: " + problem.getMessage(),
                    problem);
        }
    }
}
