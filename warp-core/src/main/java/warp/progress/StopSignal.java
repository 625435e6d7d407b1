package warp.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.error.ExitCode;

/**
 * The wish to end soon and cleanly, from Ctrl-C, SIGTERM or a command. One for the whole process;
 * any thread may ask, request or register.
 */
public final class StopSignal {

    private final List<Runnable> actions = new ArrayList<>();
    private final Runnable asWell = this::requestAsWell;
    private @Nullable StopSignal whole;
    private @Nullable ExitCode code;

    /**
     * A stop of a part: requested with the whole's, and by itself without the others' noticing.
     * {@link #leave} when the part is over.
     */
    public static StopSignal within(StopSignal whole) {
        StopSignal part = new StopSignal();
        part.whole = whole;
        whole.onStop(part.asWell);
        return part;
    }

    /** Hears of the whole's stop no longer. */
    public void leave() {
        if (whole != null) {
            whole.forget(asWell);
        }
    }

    private void requestAsWell() {
        if (whole != null) {
            request(whole.exitCode().orElse(ExitCode.INTERRUPTED));
        }
    }

    /** Whether to end. */
    public synchronized boolean requested() {
        return code != null;
    }

    /** What a migration that ends because of this ends with: 130 or 143; empty before a request. */
    public synchronized Optional<ExitCode> exitCode() {
        return Optional.ofNullable(code);
    }

    /** Requests the end, and runs what was registered; later requests change nothing. */
    public void request(ExitCode because) {
        List<Runnable> due;
        synchronized (this) {
            if (code != null) {
                return;
            }
            code = because;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }

    /**
     * Runs the action at the request, once, on the thread that requests; at once where that has
     * been. It must not block nor throw.
     */
    public void onStop(Runnable action) {
        synchronized (this) {
            if (code == null) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Takes back what {@link #onStop} registered, when what it would end is over. */
    public synchronized void forget(Runnable action) {
        actions.removeIf(registered -> registered.equals(action));
    }
}
