package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Phase;
import warp.model.status.MigrationState;
import warp.model.status.MigrationState.Applied;
import warp.model.status.MigrationState.Begun;
import warp.model.status.MigrationState.Copied;
import warp.model.status.MigrationState.Moment;
import warp.model.status.MigrationState.Refused;
import warp.model.status.MigrationState.Worker;
import warp.model.status.SlotStatus;

class NextStepTest {

    private static final Moment NOW = new Moment("2026-01-01T00:00:00Z", 0);
    private static final NextStep.Again AGAIN = new NextStep.Again("warp", "s");
    private static final Lsn APPLIED = Lsn.parse("1/0");

    @Test
    void aLostSlot_isRepairedByTheSameCommand() {
        NextStep step = step(state(Phase.REPLICATE, false), slot(SlotStatus.Kind.LOST, APPLIED));

        assertThat(step.what()).contains("repairs by comparing");
        assertThat(step.command()).isEqualTo("warp --slot=s");
    }

    @Test
    void aMissingSlot_isALossOnlyWhereThereWasOne() {
        MigrationState early = with(state(Phase.PREPARE, false), Optional.empty(), List.of());

        assertThat(step(early, slot(SlotStatus.Kind.MISSING, APPLIED)).what())
                .contains("go on with it");
        assertThat(step(state(Phase.COPY, true), slot(SlotStatus.Kind.MISSING, APPLIED)).what())
                .contains("repairs by comparing");
    }

    @Test
    void farBehind_isWaitedFor_andInStepIsCutOver() {
        MigrationState state = state(Phase.REPLICATE, true);

        assertThat(step(state, slot(SlotStatus.Kind.ACTIVE, Lsn.parse("2/0"))).command())
                .isEqualTo("warp --slot=s status --watch");
        assertThat(step(state, slot(SlotStatus.Kind.ACTIVE, APPLIED)).command())
                .isEqualTo("warp --slot=s --until caught-up");
    }

    @Test
    void whatWasRefused_isToBeMended() {
        MigrationState state =
                with(
                        state(Phase.REPLICATE, true),
                        Optional.of(new Applied(APPLIED, NOW, 1)),
                        List.of(new Refused("VIEW v", "CREATE VIEW v", "42P01", "no table")));

        assertThat(step(state, slot(SlotStatus.Kind.ACTIVE, APPLIED)).what())
                .startsWith("mend why these could not be made");
    }

    @Test
    void aSourceThatIsSilent_isLookedInto() {
        WarpException trouble = new WarpException(ErrorCode.CONNECTION, "nothing listens there");
        MigrationStatus status =
                new MigrationStatus(
                        "warp",
                        "s",
                        "old:5432/a",
                        "new:5432/a",
                        Optional.of(state(Phase.REPLICATE, true)),
                        List.of(),
                        Optional.empty(),
                        Optional.of(trouble),
                        Optional.empty());

        assertThat(NextStep.of(status, AGAIN).what()).contains("Warp tries again by itself");
        assertThat(status.lagBytes()).isEmpty();
        assertThat(status.troubles()).containsExactly(trouble);
    }

    private static NextStep step(MigrationState state, SlotStatus slot) {
        return NextStep.of(
                new MigrationStatus(
                        "warp",
                        "s",
                        "old:5432/a",
                        "new:5432/a",
                        Optional.of(state),
                        List.of(),
                        Optional.of(slot),
                        Optional.empty(),
                        Optional.empty()),
                AGAIN);
    }

    private static SlotStatus slot(SlotStatus.Kind kind, Lsn position) {
        return new SlotStatus(position, kind, APPLIED, APPLIED, Optional.empty(), Optional.empty());
    }

    private static MigrationState state(Phase phase, boolean worked) {
        return new MigrationState(
                phase,
                new Begun("old:5432", "a", "pgoutput", "1", NOW),
                NOW,
                worked ? Optional.of(new Worker("127.0.0.1", NOW)) : Optional.empty(),
                new Copied(1, 1, 0, 1, 1, 1, 1, 0, List.of()),
                Optional.of(new Applied(APPLIED, NOW, 1)),
                List.of(),
                List.of(),
                List.of(),
                0,
                Optional.empty());
    }

    private static MigrationState with(
            MigrationState of, Optional<Applied> progress, List<Refused> refused) {
        return new MigrationState(
                of.phase(),
                of.begun(),
                of.since(),
                of.worker(),
                of.copied(),
                progress,
                of.held(),
                of.owed(),
                refused,
                of.identities(),
                of.spool());
    }
}
