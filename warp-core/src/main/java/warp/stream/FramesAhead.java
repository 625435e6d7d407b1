package warp.stream;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;
import warp.postgres.wire.ChangeStream.Frame;

/**
 * Frames that one thread fetches ahead of the one that decodes them, as bytes in a few blocks: many
 * of them take no more memory than they travelled with, and cost the collector nothing. Whoever
 * fetches adds without waiting, and waits for room where nothing is held up by it.
 */
final class FramesAhead {

    /** A frame is its length, its position, its bytes; a keep-alive has no length. */
    private static final int HEAD_BYTES = Integer.BYTES + Long.BYTES;

    private static final int ALIVE = -1;
    private static final int BLOCK_BYTES = 256 * 1024;

    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Queue<ByteBuffer> blocks = new ArrayDeque<>();

    /** To be filled again: new ones would be copied by the collector, each once or twice. */
    private final Queue<ByteBuffer> emptied = new ArrayDeque<>();

    /** Of {@link #blocks}, as they were put. */
    private long bytes;

    private boolean ended;
    private @Nullable RuntimeException problem;

    /** Being filled; of the thread that fetches. */
    private ByteBuffer filling = ByteBuffer.allocate(BLOCK_BYTES);

    /** Being emptied; of the thread that takes. */
    private ByteBuffer emptying = ByteBuffer.allocate(0);

    /**
     * @param bytesMax beyond which {@link #awaitRoom} waits
     */
    FramesAhead(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    // ---- the thread that fetches

    /** Adds a message of the output plugin. */
    void add(long position, byte[] bytes, int from, int length) {
        room(length).putInt(length).putLong(position).put(bytes, from, length);
    }

    void addKeepAlive(Lsn position) {
        room(0).putInt(ALIVE).putLong(position.value());
    }

    private ByteBuffer room(int length) {
        int needed = Math.addExact(HEAD_BYTES, length);
        if (filling.remaining() < needed) {
            handOver();
        }
        if (filling.remaining() < needed) {
            filling = ByteBuffer.allocate(needed); // instead of an empty one, which is dropped
        }
        return filling;
    }

    /** Lets the other thread have what has been added. */
    void handOver() {
        if (filling.position() == 0) {
            return;
        }
        ByteBuffer full = filling.flip();
        ByteBuffer empty;
        lock.lock();
        try {
            blocks.add(full);
            bytes += full.limit();
            news.signalAll();
            empty = emptied.poll();
        } finally {
            lock.unlock();
        }
        filling = empty == null ? ByteBuffer.allocate(BLOCK_BYTES) : empty.clear();
    }

    /** Waits until little enough is ahead, or nobody takes it any more. */
    void awaitRoom() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (bytes > bytesMax && !ended) {
                news.await();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- any thread

    /**
     * Nothing more comes.
     *
     * @param why told to whoever takes, after everything; null where something else takes over
     */
    void end(@Nullable RuntimeException why) {
        lock.lock();
        try {
            problem = ended ? problem : why;
            ended = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- the thread that takes

    /** Waits for the next frame; null after the last. */
    @Nullable Frame next() {
        while (!emptying.hasRemaining()) {
            ByteBuffer next = take();
            if (next == null) {
                return null;
            }
            emptying = next;
        }
        int length = emptying.getInt();
        Lsn position = new Lsn(emptying.getLong());
        if (length == ALIVE) {
            return new Frame.KeepAlive(position, false);
        }
        byte[] message = new byte[length];
        emptying.get(message);
        return new Frame.Data(position, position, message);
    }

    private @Nullable ByteBuffer take() {
        try {
            lock.lockInterruptibly();
            try {
                while (blocks.isEmpty() && !ended) {
                    news.await();
                }
                if (emptying.capacity() == BLOCK_BYTES) {
                    emptied.add(emptying);
                    emptying = ByteBuffer.allocate(0);
                }
                ByteBuffer block = blocks.poll();
                if (block == null) {
                    emptied.clear(); // what follows the windows may go on for days
                    throwProblem();
                } else {
                    bytes -= block.limit();
                    news.signalAll();
                }
                return block;
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException closing) {
            throw ReadingStopped.by(closing);
        }
    }

    private void throwProblem() {
        if (problem != null) {
            throw problem;
        }
    }

    /** Whether {@link #next} would not wait for a frame. */
    boolean hasNext() {
        return emptying.hasRemaining() || !isEmpty();
    }

    /** Whether everything handed over has been taken; from any thread. */
    boolean isEmpty() {
        lock.lock();
        try {
            return blocks.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
