package warp.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.postgres.wire.Vigil.Finding;

@Timeout(60)
class VigilTest {

    private static final Duration SILENCE = Duration.ofMillis(300);

    /** Long enough for the vigil to look once more, should it want to. */
    private static final long NOTHING_MILLIS = 800;

    private final Queue<Finding> findings = new ArrayDeque<>();
    private final Semaphore looks = new Semaphore(0);
    private final CountDownLatch cut = new CountDownLatch(1);
    private volatile Runnable whileLooking = () -> {};
    private final Vigil vigil = Vigil.start(SILENCE, this::look, cut::countDown);

    /** The last finding stays. */
    private Finding look() {
        whileLooking.run();
        Finding finding = findings.size() > 1 ? findings.remove() : findings.element();
        looks.release();
        return finding;
    }

    @AfterEach
    void end() {
        vigil.close();
    }

    private boolean isCut() throws InterruptedException {
        return cut.await(30, TimeUnit.SECONDS);
    }

    private void awaitLooks(int count) throws InterruptedException {
        assertThat(looks.tryAcquire(count, 30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerThatIsGone_isCutAtOnce_withTheReason() throws Exception {
        findings.add(new Finding.Gone("and it is gone"));
        vigil.reads();
        assertThat(isCut()).isTrue();
        assertThat(vigil.verdict())
                .startsWith("nothing has come through for ")
                .endsWith(" s, and it is gone");
    }

    @Test
    void aServerThatWorks_isWaitedFor_howeverLongItTakes() throws Exception {
        findings.add(new Finding.Working());
        vigil.reads();
        awaitLooks(3);
        assertThat(vigil.verdict()).isNull();
        assertThat(cut.getCount()).isEqualTo(1);
    }

    @Test
    void aServerThatWaitsForUs_isCutWhenItIsFoundSoTwice() throws Exception {
        findings.addAll(List.of(new Finding.WaitsForUs(), new Finding.WaitsForUs()));
        vigil.reads();
        assertThat(isCut()).isTrue();
        assertThat(looks.availablePermits()).isEqualTo(2);
        assertThat(vigil.verdict()).contains("the server waits for us");
    }

    @Test
    void workBetweenTwoFindings_isNoReasonToCut() throws Exception {
        findings.addAll(
                List.of(
                        new Finding.WaitsForUs(),
                        new Finding.Working(),
                        new Finding.WaitsForUs(),
                        new Finding.Working()));
        vigil.reads();
        awaitLooks(4);
        assertThat(cut.await(NOTHING_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void aWaitThatEndsWhileTheWitnessLooks_isNotCut() throws Exception {
        findings.add(new Finding.Gone("and it is gone"));
        whileLooking = vigil::read;
        vigil.reads();
        awaitLooks(1);
        assertThat(cut.await(NOTHING_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(vigil.verdict()).isNull();
    }

    @Test
    void writing_isWatchedAsWell() throws Exception {
        findings.add(new Finding.Gone("and it is gone"));
        vigil.reads();
        vigil.read();
        vigil.writes();
        assertThat(isCut()).isTrue();
    }

    @Test
    void whoDoesNotWait_isNeverLookedAt() throws Exception {
        findings.add(new Finding.Gone("and it is gone"));
        vigil.reads();
        vigil.read();
        assertThat(looks.tryAcquire(NOTHING_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(cut.getCount()).isEqualTo(1);
    }
}
