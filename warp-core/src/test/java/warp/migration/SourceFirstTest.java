package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SourceFirstTest {

    @Test
    void whatIsSaidOfTheDestination_waitsForTheSourcesLogin() throws InterruptedException {
        SourceFirst turn = new SourceFirst();
        turn.begins();
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean inTurn = new AtomicBoolean();
        Thread destination =
                Thread.ofVirtual()
                        .start(() -> {
                            turn.await();
                            inTurn.set(over.get());
                        });
        while (destination.getState() != Thread.State.TIMED_WAITING && destination.isAlive()) {
            Thread.onSpinWait();
        }

        over.set(true);
        turn.over();
        destination.join();

        assertThat(inTurn).isTrue();
    }

    @Test
    void whereNoLoginOfTheSourceIsUnderWay_nothingWaits() {
        SourceFirst turn = new SourceFirst();
        turn.await();
        turn.begins();
        turn.over();
        turn.await();
        assertThat(Thread.interrupted()).isFalse();
    }
}
