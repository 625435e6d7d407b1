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
    private @Nullable ExitCode code;

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
