package warp.migration;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import warp.error.WarpException;
import warp.model.status.MigrationState;
import warp.model.status.SlotStatus;

/**
 * One migration as both sides tell of it. Neither side need answer: what the other knows is there.
 *
 * @param name what distinguishes it from its siblings: the config file's name, or {@code warp}
 * @param slot the slot's name, which is the migration's
 * @param source {@code host:port/database}, for people
 * @param destination the same
 * @param state what the destination has written down; empty where it knows no such migration, or
 *     does not answer
 * @param others slots of other migrations that the destination knows
 * @param slotState the source's slot; empty where the source does not answer
 * @param sourceTrouble why the source does not answer
 * @param destinationTrouble why the destination does not
 */
public record MigrationStatus(
        String name,
        String slot,
        String source,
        String destination,
        Optional<MigrationState> state,
        List<String> others,
        Optional<SlotStatus> slotState,
        Optional<WarpException> sourceTrouble,
        Optional<WarpException> destinationTrouble) {

    public MigrationStatus {
        others = List.copyOf(others);
    }

    /** Bytes of the source's log that are not applied; empty where a side did not tell. */
    public Optional<Long> lagBytes() {
        return state.flatMap(MigrationState::progress)
                .flatMap(applied ->
                        slotState.map(slot -> slot.position().bytesSince(applied.lsn())));
    }

    /** Whatever stands in the way of a full answer: the destination's first. */
    public List<WarpException> troubles() {
        return Stream.of(destinationTrouble, sourceTrouble).flatMap(Optional::stream).toList();
    }
}
