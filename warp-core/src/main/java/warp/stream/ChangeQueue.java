package warp.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.progress.Progress;

/**
 * Batches of events between one thread that puts and one that takes, bounded by the bytes they hold
 * on to. A batch larger than the bound is let in when nothing else is there, so nothing is too
 * large to pass.
 */
final class ChangeQueue {

    private record Batch(List<ChangeEvent> events, long bytes) {}

    private final long bytesMax;
    private final Progress progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Queue<Batch> batches = new ArrayDeque<>();
    private long bytes;
    private @Nullable RuntimeException end;

    ChangeQueue(long bytesMax, Progress progress) {
        this.bytesMax = bytesMax;
        this.progress = progress;
    }

    /** Waits until there is room. */
    void put(List<ChangeEvent> events, long size) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (bytes > 0 && bytes + size > bytesMax) {
                drained.await();
            }
            batches.add(new Batch(events, size));
            account(size);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will be put; whoever takes gets what is left, then {@code reason}. */
    void end(RuntimeException reason) {
        lock.lock();
        try {
            end = end == null ? reason : end;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The oldest batch; empty where none came in time. */
    List<ChangeEvent> take(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (batches.isEmpty()) {
                if (end != null) {
                    throw end;
                }
                if (nanos <= 0) {
                    return List.of();
                }
                nanos = filled.awaitNanos(nanos);
            }
            Batch batch = batches.remove();
            account(-batch.bytes());
            drained.signal();
            return batch.events();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return batches.isEmpty() && end == null;
        } finally {
            lock.unlock();
        }
    }

    private void account(long change) {
        bytes += change;
        progress.queuedBytes.set(bytes);
    }
}
