package warp.protection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import warp.config.SourceOptions;
import warp.config.TimeSpan;
import warp.postgres.ThrottleQuery.Answer;
import warp.protection.LoadState.Replica;

class LoadJudgeTest {

    private final LoadJudge judge =
            new LoadJudge(
                    new SourceOptions(null, null, 50, TimeSpan.seconds(30), "SELECT 1", null));

    private Optional<String> after(int sessions, int lagSeconds, String query) {
        return judge.after(
                new LoadState(
                        Optional.of(sessions),
                        Optional.of(new Replica("east", Duration.ofSeconds(lagSeconds))),
                        Optional.of(new Answer(query, query.equals("true")))));
    }

    @Test
    void limitsThemselves_doNotPause() {
        assertThat(after(50, 30, "false")).isEmpty();
    }

    @Test
    void oneLookBeyondALimit_pausesWithItsReason() {
        assertThat(after(51, 0, "false"))
                .contains("51 sessions are active at the source (--max-load=50)");
    }

    @Test
    void allReasons_areNamed() {
        assertThat(after(60, 90, "true"))
                .contains(
                        "60 sessions are active at the source (--max-load=50); replica east is 90 s"
                                + " behind (--max-replica-lag=30s); --throttle-query gives true");
    }

    @Test
    void goingOn_takesThreeLooksThatAreClearlyBelow() {
        after(51, 0, "false");
        assertThat(after(48, 0, "false"))
                .contains("48 sessions are active at the source (--max-load=50)");
        assertThat(after(45, 0, "false")).isPresent();
        assertThat(after(45, 0, "false")).isPresent();
        assertThat(after(45, 0, "false")).isEmpty();
    }

    @Test
    void burstWhileItCalmsDown_beginsTheCountAnew() {
        after(51, 0, "false");
        after(10, 0, "false");
        after(10, 0, "false");
        assertThat(after(49, 0, "false")).isPresent();
        assertThat(after(10, 0, "false")).isPresent();
        assertThat(after(10, 0, "false")).isPresent();
        assertThat(after(10, 0, "false")).isEmpty();
    }

    @Test
    void nothingSeen_holdsNothingUp() {
        LoadState blind = new LoadState(Optional.empty(), Optional.empty(), Optional.empty());
        after(51, 0, "true");
        judge.after(blind);
        judge.after(blind);
        assertThat(judge.after(blind)).isEmpty();
    }

    @Test
    void loadAroundTheLimit_doesNotFlap() {
        SplittableRandom random = new SplittableRandom(7);
        int changes = 0;
        boolean before = false;
        for (int look = 0; look < 10_000; look++) {
            boolean now = after(46 + random.nextInt(9), 0, "false").isPresent();
            changes += now == before ? 0 : 1;
            before = now;
        }
        assertThat(changes).isEqualTo(1);
    }

    @Test
    void noLimitOfZeroSessions_pausesWhileAnybodyWorks() {
        LoadJudge strict = new LoadJudge(new SourceOptions(null, null, 0, null, null, null));
        LoadState one = new LoadState(Optional.of(1), Optional.empty(), Optional.empty());
        LoadState none = new LoadState(Optional.of(0), Optional.empty(), Optional.empty());
        assertThat(strict.after(one)).contains("1 session is active at the source (--max-load=0)");
        strict.after(none);
        strict.after(none);
        assertThat(strict.after(none)).isEmpty();
    }
}
