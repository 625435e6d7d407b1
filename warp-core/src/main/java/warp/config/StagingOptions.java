package warp.config;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for about reading, loading, and the files between the two.
 *
 * @param directory where rows go through files, as it was written; null for not at all
 * @param bytesMax what the files may take together; null for no limit
 * @param readers {@code --parallel-dump}; null to let Warp decide
 * @param writers {@code --parallel-restore}; null to let Warp decide
 * @param restoreOnly load what the directory holds and end
 */
public record StagingOptions(
        @Nullable String directory,
        @Nullable ByteSize bytesMax,
        @Nullable Integer readers,
        @Nullable Integer writers,
        boolean restoreOnly) {

    /** Nothing asked for. */
    public static final StagingOptions NONE = new StagingOptions(null, null, null, null, false);

    /** The least limit: some chunks have to fit in. */
    public static final ByteSize BYTES_MAX_LEAST = ByteSize.megabytes(1);

    public Optional<String> directoryAsked() {
        return Optional.ofNullable(directory);
    }

    /** The same with the directory by its whole name. */
    public StagingOptions in(Path workingDirectory) {
        return directory == null
                ? this
                : new StagingOptions(
                        workingDirectory.resolve(directory).toAbsolutePath().normalize().toString(),
                        bytesMax,
                        readers,
                        writers,
                        restoreOnly);
    }

    /** In bytes; {@link Long#MAX_VALUE} for no limit. */
    public long bytesAtMost() {
        return bytesMax == null ? Long.MAX_VALUE : bytesMax.bytes();
    }

    public Optional<Integer> readersAsked() {
        return Optional.ofNullable(readers);
    }

    public Optional<Integer> writersAsked() {
        return Optional.ofNullable(writers);
    }

    /** This, and where it says nothing the other: the command line over the file. */
    public StagingOptions over(StagingOptions other) {
        return new StagingOptions(
                directory != null ? directory : other.directory,
                bytesMax != null ? bytesMax : other.bytesMax,
                readers != null ? readers : other.readers,
                writers != null ? writers : other.writers,
                restoreOnly || other.restoreOnly);
    }
}
