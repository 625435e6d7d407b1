package warp.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Reads a small UTF-8 file whole; what goes wrong names the file. */
final class TextFile {

    private static final long BYTES_MAX = 16L << 20;

    private TextFile() {}

    static String read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new WarpException(ErrorCode.FILE, file + " is larger than 16 MB");
            }
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new WarpException(ErrorCode.CONFIG, file + " does not exist", missing);
        } catch (MalformedInputException notUtf8) {
            throw new WarpException(ErrorCode.CONFIG, file + " is not UTF-8 text", notUtf8);
        } catch (IOException problem) {
            throw new WarpException(
                    ErrorCode.FILE, file + " cannot be read: " + problem.getMessage(), problem);
        }
    }
}
