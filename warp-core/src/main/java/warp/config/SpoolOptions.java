package warp.config;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether changes are kept on this machine's disk while the tables are copied.
 *
 * @param folder where; null for nowhere
 * @param max how much at most; null to let Warp decide
 */
public record SpoolOptions(@Nullable String folder, @Nullable ByteSize max) {

    /** Nothing asked for. */
    public static final SpoolOptions NONE = new SpoolOptions(null, null);

    /** Below it, a spool is hardly more than its files' heads. */
    public static final ByteSize LEAST = ByteSize.megabytes(1);

    /** This, and where it says nothing the other: the command line over the file. */
    public SpoolOptions over(SpoolOptions other) {
        return new SpoolOptions(
                folder != null ? folder : other.folder, max != null ? max : other.max);
    }

    /** The same with the folder by its whole name. */
    public SpoolOptions in(Path workingDirectory) {
        return folder == null
                ? this
                : new SpoolOptions(
                        workingDirectory.resolve(folder).toAbsolutePath().normalize().toString(),
                        max);
    }

    public Optional<String> folderAsked() {
        return Optional.ofNullable(folder);
    }

    public Optional<ByteSize> maxAsked() {
        return Optional.ofNullable(max);
    }
}
