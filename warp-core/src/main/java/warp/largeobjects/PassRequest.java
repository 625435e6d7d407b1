package warp.largeobjects;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.postgres.Connector;
import warp.postgres.PgDump.Access;
import warp.progress.Patience;

/**
 * What to do about large objects.
 *
 * @param slot names the migration in {@code warp.large_object}
 * @param snapshotName of an exported snapshot; null for the state of now
 * @param workers sessions at either side, from 1
 * @param access whether owners and privileges are brought along
 * @param replacing whether objects of somebody else at the destination make way
 * @param patience with passing failures
 */
public record PassRequest(
        Connector source,
        Connector destination,
        String slot,
        @Nullable String snapshotName,
        int workers,
        Access access,
        boolean replacing,
        Patience patience) {

    public PassRequest {
        if (workers < 1) {
            throw new IllegalArgumentException("a pass needs a worker");
        }
    }

    Optional<String> snapshot() {
        return Optional.ofNullable(snapshotName);
    }
}
