package warp.copy.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.progress.Progress;
import warp.testing.Seed;

@Timeout(60)
class StagingSpaceTest {

    private final Progress progress = new Progress();

    @Test
    void aReaderWaitsUntilAFileIsLoaded() throws Exception {
        StagingSpace space = new StagingSpace(100, progress);
        StagingSpace.Share first = space.begin(80);
        first.take(80);
        first.keep();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> second = threads.submit(() -> space.begin(80).take(60));
            awaitWaiting(1);
            assertThat(second.isDone()).isFalse();
            space.free(80);
            second.get(30, TimeUnit.SECONDS);
            assertThat(progress.readersWaiting.get()).isZero();
            assertThat(progress.stagedBytes.get()).isEqualTo(60);
        }
    }

    @Test
    void aFileLargerThanTheLimit_isWrittenAlone() {
        StagingSpace space = new StagingSpace(100, progress);
        StagingSpace.Share share = space.begin(5000);
        for (int i = 0; i < 50; i++) {
            share.take(10);
        }
        assertThat(share.keep()).isEqualTo(500);
    }

    @Test
    void whenAllGrowBeyondWhatWasExpected_theOldestGoesOn() throws Exception {
        StagingSpace space = new StagingSpace(100, progress);
        StagingSpace.Share oldest = space.begin(10);
        StagingSpace.Share younger = space.begin(10);
        oldest.take(50);
        younger.take(50);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting = threads.submit(() -> younger.take(1));
            awaitWaiting(1);
            oldest.take(30);
            long whole = oldest.keep();
            assertThat(waiting.isDone()).isFalse();
            space.free(whole);
            waiting.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void halt_endsWhoeverWaits() throws Exception {
        StagingSpace space = new StagingSpace(100, progress);
        StagingSpace.Share share = space.begin(100);
        share.take(100);
        share.keep();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting = threads.submit(() -> space.begin(1));
            awaitWaiting(1);
            space.close();
            assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ErrorCode.INTERRUPTED));
        }
    }

    /** Many readers and writers, sizes that are never what was expected: all of it gets through. */
    @Test
    void anyCrowd_getsThroughAndStaysNearTheLimit() throws Exception {
        long seed = Seed.of(StagingSpaceTest.class);
        StagingSpace space = new StagingSpace(10_000, progress);
        BlockingQueue<Long> whole = new LinkedBlockingQueue<>();
        AtomicLong most = new AtomicLong();
        AtomicInteger left = new AtomicInteger(400);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int reader = 0; reader < 6; reader++) {
                Random random = new Random(seed + reader);
                all.add(
                        threads.submit(() -> {
                            while (left.getAndDecrement() > 0) {
                                int size = random.nextInt(4000);
                                StagingSpace.Share share = space.begin(random.nextInt(4000));
                                for (int i = 0; i < size; i += 100) {
                                    share.take(100);
                                    most.accumulateAndGet(progress.stagedBytes.get(), Math::max);
                                }
                                if (random.nextInt(5) == 0) {
                                    share.giveUp();
                                } else {
                                    whole.add(share.keep());
                                }
                            }
                        }));
            }
            Future<?> writer =
                    threads.submit(() -> {
                        while (true) {
                            long bytes = whole.take();
                            if (bytes < 0) {
                                return null;
                            }
                            space.free(bytes);
                        }
                    });
            for (Future<?> each : all) {
                each.get(50, TimeUnit.SECONDS);
            }
            whole.add(-1L);
            writer.get(50, TimeUnit.SECONDS);
        }
        assertThat(progress.stagedBytes.get()).as("seed " + seed).isZero();
        assertThat(most.get()).as("seed " + seed).isLessThanOrEqualTo(10_000 + 4000);
    }

    private void awaitWaiting(int readers) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (progress.readersWaiting.get() != readers) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
