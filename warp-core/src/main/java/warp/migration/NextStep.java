package warp.migration;

import java.util.List;
import java.util.Optional;
import warp.model.status.MigrationState;
import warp.model.status.MigrationState.Held;
import warp.model.status.SlotStatus;

/**
 * What a person does next about a migration, as far as its status tells. Pure.
 *
 * @param what one sentence without a full stop
 * @param command can be pasted into a shell or, for {@link Where#DESTINATION}, be run there
 */
public record NextStep(String what, Where where, String command) {

    /** A lag that nobody would notice: one file of the log. */
    private static final long IN_STEP_BYTES = 16L << 20;

    /** Where the command is run. */
    public enum Where {
        SHELL,
        DESTINATION
    }

    /**
     * The command that runs or resumes the migration.
     *
     * @param words all but the slot
     */
    public record Again(String words, String slot) {

        String line() {
            return words + " --slot=" + slot;
        }

        String with(String more) {
            return line() + " " + more;
        }

        Again at(String otherSlot) {
            return new Again(words, otherSlot);
        }
    }

    /** The most pressing thing. */
    public static NextStep of(MigrationStatus status, Again again) {
        if (status.destinationTrouble().isPresent()) {
            return shell("see that the destination answers", again.with("--testing"));
        }
        return status.state()
                .map(state -> of(status, state, again))
                .orElseGet(() -> begin(status, again));
    }

    private static NextStep begin(MigrationStatus status, Again again) {
        return status.others().isEmpty()
                ? shell("see whether a migration can begin", again.with("--testing"))
                : shell(
                        "look at one of the destination's other migrations",
                        again.at(status.others().getFirst()).with("status"));
    }

    private static NextStep of(MigrationStatus status, MigrationState state, Again again) {
        if (status.sourceTrouble().isPresent()) {
            return shell(
                    state.isWorkedOn()
                            ? "see that the source answers; Warp tries again by itself"
                            : "see that the source answers",
                    again.with("--testing"));
        }
        Optional<SlotStatus.Kind> slot = status.slotState().map(SlotStatus::kind);
        if (slot.equals(Optional.of(SlotStatus.Kind.LOST))
                || (slot.equals(Optional.of(SlotStatus.Kind.MISSING))
                        && state.progress().isPresent())) {
            return shell(
                    "the slot cannot give every change any more: run it, Warp asks and then repairs"
                            + " by comparing",
                    again.line());
        }
        if (!state.heldForGood().isEmpty()) {
            return held(state.heldForGood(), state, again);
        }
        if (!state.isWorkedOn()) {
            return shell("no Warp works on it: go on with it", again.line());
        }
        if (!state.refused().isEmpty()) {
            return shell(
                    "mend why these could not be made; each run tries them again: stop Warp, then"
                            + " run it",
                    again.line());
        }
        return follow(status, state, again);
    }

    private static NextStep held(List<Held> held, MigrationState state, Again again) {
        Held first = held.getFirst();
        if (!first.statements().isEmpty()) {
            return new NextStep(
                    "run at the destination what brings table "
                            + first.table()
                            + " back"
                            + (state.isWorkedOn() ? "" : ", then run Warp again"),
                    Where.DESTINATION,
                    first.statements().getFirst());
        }
        return shell(
                "mend why table "
                        + first.table()
                        + " is held"
                        + (state.isWorkedOn() ? "; it comes back by itself" : ", then go on"),
                state.isWorkedOn() ? watch(again) : again.line());
    }

    private static NextStep follow(MigrationStatus status, MigrationState state, Again again) {
        return switch (state.phase()) {
            case PREPARE, SCHEMA, COPY, INDEX -> shell("wait; watch it", watch(again));
            case REPLICATE -> {
                boolean inStep = status.lagBytes().filter(lag -> lag <= IN_STEP_BYTES).isPresent();
                yield inStep
                        ? shell(
                                "in step. To cut over: stop what writes to the source, stop Warp"
                                        + " and run",
                                again.with("--until caught-up"))
                        : shell("wait until the lag is gone; watch it", watch(again));
            }
        };
    }

    private static String watch(Again again) {
        return again.with("status --watch");
    }

    private static NextStep shell(String what, String command) {
        return new NextStep(what, Where.SHELL, command);
    }
}
