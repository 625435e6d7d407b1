package warp.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Which Warp this is. */
public final class Release {

    private Release() {}

    /**
     * The version that the build wrote into {@code release.txt}, such as {@code 0.1.0-SNAPSHOT}.
     */
    public static String version() {
        try (InputStream text = Release.class.getResourceAsStream("release.txt")) {
            if (text == null) {
                throw new IllegalStateException("release.txt is not on the class path");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
