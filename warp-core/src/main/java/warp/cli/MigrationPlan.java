package warp.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.config.MigrationSettings;

/**
 * One migration to run.
 *
 * @param config the file it was read from; null where it came from URLs
 * @param log where a log file goes
 * @param logged whether to write one; a defect is written there in any case
 */
record MigrationPlan(MigrationSettings settings, @Nullable Path config, Path log, boolean logged) {

    Optional<Path> configFile() {
        return Optional.ofNullable(config);
    }
}
