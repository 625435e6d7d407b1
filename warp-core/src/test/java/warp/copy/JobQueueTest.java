package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static warp.copy.QueuedJobs.MB;
import static warp.copy.QueuedJobs.followUp;
import static warp.copy.QueuedJobs.piece;
import static warp.copy.QueuedJobs.table;
import static warp.copy.QueuedJobs.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.CopyJob.CopyTogether;
import warp.copy.CopyJob.RunFollowUp;

/** What the queue gives out, to whom, and whom it lets wait. */
@Timeout(60)
class JobQueueTest {

    private static final long WAIT_SECONDS = 30;

    private final CopyChunk huge = whole("huge", 640 * MB);
    private final CopyChunk big = whole("big", 64 * MB);
    private final CopyChunk large = whole("large", CopyChunk.LARGE_BYTES);
    private final CopyChunk small = whole("small", CopyChunk.LARGE_BYTES - 1);
    private final CopyChunk tiny = whole("tiny", MB);

    /** Somebody who asks for a job and may have to wait. */
    private static final class Asking {
        private final CompletableFuture<Optional<CopyJob>> answer = new CompletableFuture<>();
        private final Thread thread;

        Asking(JobQueue queue) {
            thread =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    answer.complete(Optional.ofNullable(queue.next()));
                                } catch (InterruptedException | RuntimeException problem) {
                                    answer.completeExceptionally(problem);
                                }
                            });
        }

        void assertWaits() {
            while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(answer).isNotDone();
        }

        Optional<CopyJob> answer()
                throws InterruptedException, ExecutionException, TimeoutException {
            return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static JobQueue queue(int workers, int largeAtOnce, CopyChunk... chunks) {
        JobQueue queue = new JobQueue(workers, largeAtOnce, 25);
        queue.addChunks(List.of(chunks));
        return queue;
    }

    @Test
    void whereAllMayCopyWhatIsLarge_chunksComeByWeight() throws InterruptedException {
        JobQueue queue = queue(4, 4, tiny, big, small, huge);

        assertThat(queue.next()).isEqualTo(huge);
        assertThat(queue.next()).isEqualTo(big);
        assertThat(queue.next()).isEqualTo(small);
        assertThat(queue.next()).isEqualTo(tiny);
    }

    @Test
    void asManyLargeChunksAsMayBe_theOthersGetSmallOnes() throws InterruptedException {
        JobQueue queue = queue(4, 2, tiny, large, big, small, huge);

        assertThat(queue.next()).isEqualTo(huge);
        assertThat(queue.next()).isEqualTo(big);
        assertThat(queue.next()).isEqualTo(small);
        assertThat(queue.next()).isEqualTo(tiny);
        queue.done(small, List.of());
        assertThat(queue.hasChunks()).isTrue();
        queue.done(big, List.of());
        assertThat(queue.next()).isEqualTo(large);
        assertThat(queue.hasChunks()).isFalse();
    }

    @Test
    void smallPieceOfAHeavyTable_precedesALargeLighterOne() throws InterruptedException {
        CopyChunk rest = piece(table("heavy", 512 * MB), 7, MB);
        JobQueue queue = queue(2, 1, big, rest);

        assertThat(queue.next()).isEqualTo(rest);
        assertThat(queue.next()).isEqualTo(big);
    }

    @Test
    void oneWorker_doesEverything() throws InterruptedException {
        JobQueue queue = queue(1, 1, small, huge, big);
        RunFollowUp index = followUp(huge.table());

        assertThat(queue.next()).isEqualTo(huge);
        queue.done(huge, List.of(index));
        assertThat(queue.next()).isEqualTo(big);
        queue.done(big, List.of());
        assertThat(queue.next()).isEqualTo(small);
        queue.done(small, List.of());
        assertThat(queue.next()).isEqualTo(index);
        queue.done(index, List.of());
        assertThat(queue.next()).isNull();
    }

    @Test
    void whoFindsOnlyWhatMustWait_getsItWhenALargeOneIsDone() throws Exception {
        JobQueue queue = queue(2, 1, huge, big);
        assertThat(queue.next()).isEqualTo(huge);
        Asking other = new Asking(queue);
        other.assertWaits();

        queue.done(huge, List.of());

        assertThat(other.answer()).contains(big);
    }

    @Test
    void whoWaitsBesideALargeChunk_getsWhatComesMeanwhile() throws Exception {
        JobQueue queue = queue(2, 1, huge, big);
        assertThat(queue.next()).isEqualTo(huge);

        Asking forChunk = new Asking(queue);
        forChunk.assertWaits();
        queue.addChunks(List.of(small));
        assertThat(forChunk.answer()).contains(small);
        queue.done(small, List.of());

        RunFollowUp index = followUp(table("copied before", MB));
        Asking forIndex = new Asking(queue);
        forIndex.assertWaits();
        queue.addFollowUps(List.of(index));
        assertThat(forIndex.answer()).contains(index);
    }

    @Test
    void largeChunkThatIsToComeOnceMore_letsTheNextOneIn() throws Exception {
        JobQueue queue = queue(2, 1, huge, big);
        assertThat(queue.next()).isEqualTo(huge);
        Asking other = new Asking(queue);
        other.assertWaits();

        queue.expectAgain(huge);

        assertThat(other.answer()).contains(big);
        Asking again = new Asking(queue);
        queue.arrived(huge);
        again.assertWaits();
        queue.done(big, List.of());
        assertThat(again.answer()).contains(huge);
    }

    @Test
    void whoWaitsBesideTheLastLargeChunk_endsWithIt() throws Exception {
        JobQueue queue = queue(3, 1, huge);
        assertThat(queue.next()).isEqualTo(huge);
        Asking one = new Asking(queue);
        Asking other = new Asking(queue);
        one.assertWaits();
        other.assertWaits();

        queue.done(huge, List.of());

        assertThat(one.answer()).isEmpty();
        assertThat(other.answer()).isEmpty();
    }

    @Test
    void whoWaits_endsWhenTheQueueIsClosed() throws Exception {
        JobQueue queue = queue(2, 1, huge, big);
        assertThat(queue.next()).isEqualTo(huge);
        Asking other = new Asking(queue);
        other.assertWaits();

        queue.close();

        assertThat(other.answer()).isEmpty();
    }

    @Test
    void twoWorkers_oneBuildsIndexesWhileTheOtherCopiesWhatIsLarge() throws InterruptedException {
        JobQueue queue = queue(2, 1, huge, big, large);
        RunFollowUp first = followUp(huge.table());
        RunFollowUp second = followUp(huge.table());

        assertThat(queue.next()).isEqualTo(huge);
        queue.done(huge, List.of(first, second));
        assertThat(queue.next()).isEqualTo(first);
        assertThat(queue.next()).as("while chunks wait, one of two").isEqualTo(big);
        queue.done(first, List.of());
        assertThat(queue.next()).isEqualTo(second);
        queue.done(big, List.of());
        assertThat(queue.next()).isEqualTo(large);
    }

    @Test
    void besideALargeChunk_theHeavierGoesFirst_indexOrSmallTable() throws InterruptedException {
        RunFollowUp light = followUp(tiny.table());
        RunFollowUp heavy = followUp(table("copied before", 32 * MB));
        JobQueue queue = queue(2, 1, huge, big, small);
        queue.addFollowUps(List.of(light, heavy));

        assertThat(queue.next()).isEqualTo(huge);
        assertThat(queue.next()).isEqualTo(heavy);
        queue.done(heavy, List.of());
        assertThat(queue.next()).isEqualTo(small);
        queue.done(small, List.of());
        assertThat(queue.next()).isEqualTo(light);
    }

    @Test
    void whereOnlyWhatMustWaitIsLeft_allOthersBuildIndexes() throws InterruptedException {
        JobQueue queue = queue(4, 1, huge, big);
        assertThat(queue.next()).isEqualTo(huge);
        queue.addFollowUps(IntStream.range(0, 4).mapToObj(_ -> followUp(tiny.table())).toList());

        assertThat(queue.next()).isInstanceOf(RunFollowUp.class);
        assertThat(queue.next()).isInstanceOf(RunFollowUp.class);
        assertThat(queue.next()).isInstanceOf(RunFollowUp.class);
        queue.done(huge, List.of());
        assertThat(queue.next()).isEqualTo(big);
    }

    @Test
    void smallTablesTogether_areCopiedBesideALargeOne() throws InterruptedException {
        JobQueue queue = queue(2, 1, huge, big);
        List<CopyChunk> few = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            few.add(whole("few" + i, 100 + i));
        }
        queue.addChunks(few);
        assertThat(queue.next()).isEqualTo(huge);

        if (!(queue.next() instanceof CopyTogether some)) {
            throw new AssertionError("one by one");
        }

        assertThat(some.chunks()).hasSizeGreaterThan(1).allMatch(few::contains);
        queue.done(some, List.of());
        queue.done(huge, List.of());
        assertThat(queue.next()).as("none of them counts as large").isEqualTo(big);
    }

    @Test
    void nobodyForWhatIsLarge_isRefused() {
        assertThatThrownBy(() -> new JobQueue(2, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
