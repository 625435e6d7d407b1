package warp.postgres;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * A login under way, on a thread of its own: it waits for the server's answers most of its time, in
 * which whoever needs the session later can do something else. What is not taken is closed, so a
 * session that comes too late is not left behind. For one thread, but for {@link #close}, which any
 * may call.
 */
public final class Opening<S extends AutoCloseable> implements AutoCloseable {

    private final CompletableFuture<S> outcome = new CompletableFuture<>();
    private final Thread thread;
    private final AtomicBoolean settled = new AtomicBoolean();

    private Opening(Supplier<S> login, Thread.Builder threads) {
        this.thread = threads.name("login").start(() -> run(login));
    }

    /**
     * Begins to log in; from then on it is this object that has the session. Closing it ends the
     * login at once.
     */
    public static <S extends AutoCloseable> Opening<S> begin(Supplier<S> login) {
        return new Opening<>(login, Thread.ofVirtual());
    }

    /**
     * The same for a session that a thread of the system will wait for most of its time: its socket
     * stays one that a thread can wait for by itself. Closing it lets the login come to its end.
     */
    public static <S extends AutoCloseable> Opening<S> beginToStream(Supplier<S> login) {
        return new Opening<>(login, Thread.ofPlatform().daemon());
    }

    private void run(Supplier<S> login) {
        try {
            S session = login.get();
            if (!outcome.complete(session)) {
                close(session);
            }
        } catch (RuntimeException | Error refused) {
            outcome.completeExceptionally(refused);
        }
    }

    /**
     * Waits for the session, which is the caller's from then on. Once.
     *
     * @throws WarpException of the login; INTERRUPTED where this thread is interrupted, which
     *     closes it, or where it was closed meanwhile
     */
    public S take() {
        try {
            S session = outcome.get();
            if (!settled.compareAndSet(false, true)) {
                throw stopped();
            }
            return session;
        } catch (InterruptedException stopped) {
            close();
            Thread.currentThread().interrupt();
            throw stopped();
        } catch (CancellationException closed) {
            throw stopped();
        } catch (ExecutionException refused) {
            switch (refused.getCause()) {
                case RuntimeException problem -> throw problem;
                case Error defect -> throw defect;
                case null, default -> throw new IllegalStateException(refused.getCause());
            }
        }
    }

    private static WarpException stopped() {
        return new WarpException(ErrorCode.INTERRUPTED, "stopped while logging in");
    }

    /** Ends the login, or the session that it gave; a session that was taken goes on. */
    @Override
    public void close() {
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        if (outcome.cancel(false)) {
            // Of a virtual thread it closes the socket that is waited for.
            thread.interrupt();
        } else if (!outcome.isCompletedExceptionally()) {
            close(outcome.join());
        }
    }

    private static void close(AutoCloseable session) {
        try {
            session.close();
        } catch (Exception impossible) {
            throw new IllegalStateException("closing a session throws nothing", impossible);
        }
    }
}
