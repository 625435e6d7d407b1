package warp.state;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.Phase;

/**
 * A row of {@code warp.migration}.
 *
 * @param sourceSystem the source cluster's system identifier, which tells it from every other
 *     cluster
 * @param sourceAddress {@code host:port}, for people
 * @param rules what {@code warp.plan.TableRules#text} gave when it began; empty for none
 * @param snapshot the consistent point of the slot; null before the slot is made
 */
public record MigrationRecord(
        String slot,
        String sourceSystem,
        String sourceDatabase,
        String sourceAddress,
        OutputPlugin plugin,
        Phase phase,
        String rules,
        @Nullable Lsn snapshot) {

    public Optional<Lsn> snapshotLsn() {
        return Optional.ofNullable(snapshot);
    }

    /** The same in another phase. */
    public MigrationRecord in(Phase other) {
        return new MigrationRecord(
                slot, sourceSystem, sourceDatabase, sourceAddress, plugin, other, rules, snapshot);
    }

    /** Whether another record tells of the same database of the same cluster. */
    public boolean sameSource(String system, String database) {
        return sourceSystem.equals(system) && sourceDatabase.equals(database);
    }
}
