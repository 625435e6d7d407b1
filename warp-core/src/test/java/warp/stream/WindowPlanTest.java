package warp.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import warp.model.Lsn;
import warp.stream.WindowPlan.Reach;

class WindowPlanTest {

    private static final long MB = 1 << 20;
    private static final WindowPlan PLAN =
            new WindowPlan(
                    16 * MB,
                    128 * MB,
                    2 * MB,
                    0.5,
                    512 * MB,
                    32 * MB,
                    4000 * MB,
                    64 * MB,
                    Duration.ofSeconds(1));

    private static Reach reach(long read, long restart, long end) {
        return reach(read, restart, end, read);
    }

    private static Reach reach(long read, long restart, long end, long given) {
        return new Reach(lsn(read), lsn(restart), lsn(end), lsn(given), true);
    }

    /** A window as long as can be has not been tried. */
    private static Reach untried(long read, long restart, long end, long given) {
        return new Reach(lsn(read), lsn(restart), lsn(end), lsn(given), false);
    }

    private static Lsn lsn(long megabytes) {
        return new Lsn((1000 + megabytes) * MB);
    }

    private static WindowPlan.Window window(long upTo) {
        return new WindowPlan.Window(lsn(upTo), false);
    }

    @Test
    void theFirstWindow_isSmall_soThatApplyingBegins() {
        assertThat(PLAN.next(reach(0, 0, 1000), false)).isEqualTo(window(16));
    }

    @Test
    void aWindow_isLarger_thanWhatIsDecodedAgainForIt() {
        assertThat(PLAN.next(reach(100, 95, 1000), false)).isEqualTo(window(116));
        assertThat(PLAN.next(reach(100, 80, 1000), false)).isEqualTo(window(140));
        assertThat(PLAN.next(reach(100, 0, 1000), false)).isEqualTo(window(228));
    }

    @Test
    void aWindow_endsWithinTheLog() {
        assertThat(PLAN.next(reach(100, 90, 110), false)).isEqualTo(window(110));
    }

    @Test
    void whereALongTransactionHoldsTheRestartPosition_theWalsenderReads() {
        assertThat(PLAN.next(reach(600, 88, 5000), false)).isEqualTo(window(728));
        assertThat(PLAN.next(reach(601, 88, 5000), false)).isEqualTo(new WindowPlan.Live());
    }

    @Test
    void whereWindowsGiveNothing_theWalsenderReads() {
        assertThat(PLAN.next(reach(131, 100, 5000, 100), false)).isEqualTo(window(193));
        assertThat(PLAN.next(reach(132, 100, 5000, 100), false)).isEqualTo(new WindowPlan.Live());
        assertThat(PLAN.next(reach(140, 110, 5000, 100), false)).isEqualTo(window(200));
        assertThat(PLAN.next(reach(140, 100, 5000, 110), false)).isEqualTo(window(220));
    }

    @Test
    void whereWindowsGiveNothing_oneAsLongAsCanBeIsTried() {
        assertThat(PLAN.next(untried(131, 100, 5000, 100), false)).isEqualTo(window(193));
        assertThat(PLAN.next(untried(132, 100, 5000, 100), false))
                .isEqualTo(new WindowPlan.Window(lsn(4132), true));
        assertThat(PLAN.next(untried(132, 100, 300, 100), false))
                .isEqualTo(new WindowPlan.Window(lsn(300), true));
        // Not for the little that is left, nor where much would be decoded again.
        assertThat(PLAN.next(untried(132, 100, 133, 100), true)).isEqualTo(new WindowPlan.Live());
        assertThat(PLAN.next(untried(713, 200, 5000, 200), false)).isEqualTo(new WindowPlan.Live());
    }

    @Test
    void whatIsLeftAtTheEnd_theWalsenderReads_onceEverythingIsApplied() {
        assertThat(PLAN.next(reach(100, 100, 102), true)).isEqualTo(window(102));
        assertThat(PLAN.next(reach(100, 100, 101), true)).isEqualTo(new WindowPlan.Live());
        assertThat(PLAN.next(reach(100, 100, 101), false)).isEqualTo(new WindowPlan.Wait());
        assertThat(PLAN.next(reach(100, 100, 90), true)).isEqualTo(new WindowPlan.Live());
    }

    @Test
    void aWindow_isWorthAtLeastHalfOfWhatIsDecodedAgain() {
        assertThat(PLAN.next(reach(100, 60, 120), false)).isEqualTo(window(120));
        assertThat(PLAN.next(reach(100, 60, 119), false)).isEqualTo(new WindowPlan.Wait());
        assertThat(PLAN.next(reach(100, 60, 119), true)).isEqualTo(new WindowPlan.Live());
    }

    @Test
    void aCopyOfTheSlot_isMadeForABacklogOfAWindow() {
        assertThat(PLAN.isWorthWhile(16 * MB)).isTrue();
        assertThat(PLAN.isWorthWhile(16 * MB - 1)).isFalse();
    }

    @Test
    void theRestartPosition_isMovedWhereMuchIsDecodedAgain() {
        assertThat(PLAN.decodesMuchAgain(reach(164, 100, 5000))).isTrue();
        assertThat(PLAN.decodesMuchAgain(reach(163, 100, 5000))).isFalse();
    }
}
