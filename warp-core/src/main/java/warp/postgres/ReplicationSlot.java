package warp.postgres;

import java.util.Optional;
import warp.model.Lsn;

/**
 * A row of {@code pg_replication_slots}.
 *
 * @param activePid the walsender that uses it now
 * @param confirmed {@code confirmed_flush_lsn}: what the consumer said is durable; {@link Lsn#NONE}
 *     before 9.6, which does not tell
 * @param loss why the server has given it up, in its own word, as it has removed what the slot
 *     needs (13+)
 */
public record ReplicationSlot(
        String name,
        String plugin,
        String database,
        Optional<Integer> activePid,
        Lsn confirmed,
        Optional<String> loss) {}
