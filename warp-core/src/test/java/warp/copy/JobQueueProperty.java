package warp.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static warp.copy.QueuedJobs.MB;
import static warp.copy.QueuedJobs.followUp;
import static warp.copy.QueuedJobs.piece;
import static warp.copy.QueuedJobs.table;
import static warp.copy.QueuedJobs.whole;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.copy.CopyJob.CopyChunk;
import warp.copy.CopyJob.CopyTogether;
import warp.copy.CopyJob.RunFollowUp;
import warp.testing.Seed;

/**
 * Many workers that pull random jobs, some of which come late or twice: never more large chunks at
 * once than may be, everything once, and all workers come to their end.
 */
@Timeout(300)
class JobQueueProperty {

    private static final int HISTORIES = Integer.getInteger("warp.histories", 300);
    private static final long END_SECONDS = 60;

    @Test
    void anyHistory_givesEverythingOnce_neverTooMuchAtOnce_andEnds() throws Exception {
        SplittableRandom random = new SplittableRandom(Seed.of(JobQueueProperty.class));
        for (int i = 0; i < HISTORIES; i++) {
            new History(random.split()).run("history " + i);
        }
    }

    /** One queue from its first job to its end. */
    private static final class History {
        private final SplittableRandom random;
        private final int workers;
        private final int largeAtOnce;
        private final JobQueue queue;
        private final List<CopyChunk> all = new ArrayList<>();

        /** Guarded by this, as what follows. */
        private final Map<TableCopy, Integer> chunksLeft = new HashMap<>();

        private final Map<CopyChunk, Integer> given = new HashMap<>();
        private final Set<CopyChunk> again = new HashSet<>();
        private final Set<RunFollowUp> followUpsDone =
                Collections.newSetFromMap(new IdentityHashMap<>());
        private int followUps;
        private int largeUnderWay;
        private int largeMost;
        private final ConcurrentLinkedQueue<Throwable> problems = new ConcurrentLinkedQueue<>();

        /** Chunks that are expected and not there yet. */
        private final ConcurrentLinkedQueue<CopyChunk> late = new ConcurrentLinkedQueue<>();

        History(SplittableRandom random) {
            this.random = random;
            this.workers = random.nextInt(1, 7);
            this.largeAtOnce = random.nextInt(1, workers + 1);
            this.queue = new JobQueue(workers, largeAtOnce, random.nextInt(1, 26));
            for (int i = random.nextInt(0, 40); i > 0; i--) {
                addTable("t" + i);
            }
        }

        private void addTable(String name) {
            List<CopyChunk> chunks = new ArrayList<>();
            int pieces = random.nextInt(4) == 0 ? random.nextInt(2, 6) : 1;
            if (pieces == 1) {
                chunks.add(whole(name, bytes()));
            } else {
                TableCopy table = table(name, pieces * 16L * MB);
                for (int i = 0; i < pieces; i++) {
                    chunks.add(piece(table, i, bytes()));
                }
            }
            chunksLeft.put(chunks.getFirst().table(), chunks.size());
            all.addAll(chunks);
        }

        private long bytes() {
            return switch (random.nextInt(3)) {
                case 0 -> random.nextLong(10_000);
                case 1 -> random.nextLong(CopyChunk.LARGE_BYTES);
                default -> CopyChunk.LARGE_BYTES + random.nextLong(64 * MB);
            };
        }

        void run(String name) throws InterruptedException {
            List<CopyChunk> there = new ArrayList<>();
            for (CopyChunk chunk : all) {
                if (random.nextInt(5) == 0) {
                    late.add(chunk);
                } else {
                    there.add(chunk);
                }
                if (random.nextInt(20) == 0) {
                    again.add(chunk);
                }
            }
            queue.expect(late.size() + 1); // One of them will not come.
            queue.addChunks(there);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                SplittableRandom own = random.split();
                threads.add(start(() -> work(own)));
            }
            threads.add(start(this::arrive));
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
                if (thread.isAlive()) {
                    queue.close();
                    throw new AssertionError(name + " does not end: " + this);
                }
            }
            assertThat(problems).as("%s: %s", name, this).isEmpty();
            assertOver(name);
        }

        private synchronized void assertOver(String name) {
            assertThat(given).as("%s: %s", name, this).hasSize(all.size());
            assertThat(given.values()).as("%s: %s", name, this).allMatch(times -> times == 1);
            assertThat(followUpsDone).as("%s: %s", name, this).hasSize(followUps);
            assertThat(largeMost).as("%s: %s", name, this).isLessThanOrEqualTo(largeAtOnce);
            assertThat(queue.hasChunks()).isFalse();
        }

        private Thread start(InterruptibleLife life) {
            return Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        try {
                            life.live();
                        } catch (Throwable problem) {
                            problems.add(problem);
                            queue.close();
                        }
                    });
        }

        private interface InterruptibleLife {
            void live() throws InterruptedException;
        }

        /** As readers do: one by one. */
        private void arrive() {
            CopyChunk chunk = late.poll();
            while (chunk != null) {
                queue.arrived(chunk);
                LockSupport.parkNanos(1);
                chunk = late.poll();
            }
            queue.forgetExpected();
        }

        private void work(SplittableRandom own) throws InterruptedException {
            CopyJob job = queue.next();
            while (job != null) {
                switch (job) {
                    case CopyChunk chunk -> copy(chunk, own);
                    case CopyTogether some -> {
                        List<RunFollowUp> released = new ArrayList<>();
                        some.chunks().forEach(chunk -> released.addAll(copied(chunk, own)));
                        queue.done(some, released);
                    }
                    case RunFollowUp followUp -> {
                        dawdle(own);
                        count(followUp);
                        queue.done(followUp, List.of());
                    }
                }
                job = queue.next();
            }
        }

        private void copy(CopyChunk chunk, SplittableRandom own) {
            begin(chunk);
            dawdle(own);
            end(chunk);
            if (isToComeAgain(chunk)) {
                queue.expectAgain(chunk);
                dawdle(own);
                queue.arrived(chunk);
            } else {
                queue.done(chunk, copied(chunk, own));
            }
        }

        private synchronized void begin(CopyChunk chunk) {
            largeUnderWay += chunk.isLarge() ? 1 : 0;
            largeMost = Math.max(largeMost, largeUnderWay);
        }

        private synchronized void end(CopyChunk chunk) {
            largeUnderWay -= chunk.isLarge() ? 1 : 0;
        }

        private synchronized boolean isToComeAgain(CopyChunk chunk) {
            return again.remove(chunk);
        }

        private synchronized List<RunFollowUp> copied(CopyChunk chunk, SplittableRandom own) {
            given.merge(chunk, 1, Integer::sum);
            Integer left = chunksLeft.merge(chunk.table(), -1, Integer::sum);
            List<RunFollowUp> released = new ArrayList<>();
            for (int i = left == 0 ? own.nextInt(3) : 0; i > 0; i--) {
                released.add(followUp(chunk.table()));
            }
            followUps += released.size();
            return released;
        }

        private synchronized void count(RunFollowUp followUp) {
            if (!followUpsDone.add(followUp)) {
                throw new AssertionError("given out twice: " + followUp);
            }
        }

        /** So that others come in between. */
        private static void dawdle(SplittableRandom own) {
            for (int i = own.nextInt(4); i > 0; i--) {
                LockSupport.parkNanos(1);
            }
        }

        @Override
        public String toString() {
            return "%d workers, %d for what is large, %d chunks"
                    .formatted(workers, largeAtOnce, all.size());
        }
    }
}
