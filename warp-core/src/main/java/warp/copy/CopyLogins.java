package warp.copy;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warp.postgres.Connector;
import warp.postgres.Opening;
import warp.postgres.wire.WireSession;

/**
 * Logins of a copy's workers, begun before the workers are, while the servers are still asked what
 * is to be known of them. For one thread; what no worker has taken ends with it.
 */
public final class CopyLogins implements AutoCloseable {

    private final Queue<Both> waiting = new ArrayDeque<>();

    /** The logins of one worker. */
    record Both(Opening<WireSession> source, Opening<WireSession> destination) {

        void end() {
            source.close();
            destination.close();
        }
    }

    private CopyLogins() {}

    /** None: each worker logs in when it first needs to. */
    public static CopyLogins none() {
        return new CopyLogins();
    }

    /** Begins those of so many workers. */
    public static CopyLogins begin(Connector source, Connector destination, int workers) {
        CopyLogins logins = new CopyLogins();
        IntStream.range(0, workers)
                .forEach(_ ->
                        logins.waiting.add(
                                new Both(
                                        Opening.beginToStream(source::openWire),
                                        Opening.beginToStream(destination::openWire))));
        return logins;
    }

    /** One that nobody has yet; null where there is none. */
    @Nullable Both next() {
        return waiting.poll();
    }

    @Override
    public void close() {
        waiting.forEach(Both::end);
        waiting.clear();
    }
}
