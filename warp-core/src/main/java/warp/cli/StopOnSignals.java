package warp.cli;

import java.io.PrintStream;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import warp.error.ExitCode;
import warp.progress.StopSignal;

/** Ctrl-C and SIGTERM: the first asks for a clean stop, the second ends the process at once. */
final class StopOnSignals {

    private final StopSignal stop;
    private final PrintStream err;
    private final Consumer<ExitCode> halt;

    /**
     * @param halt ends the process without more ado
     */
    StopOnSignals(StopSignal stop, PrintStream err, Consumer<ExitCode> halt) {
        this.stop = stop;
        this.err = err;
        this.halt = halt;
    }

    /** Listens from now on, for the life of the process. */
    void install() {
        Signals.register("INT", () -> received(ExitCode.INTERRUPTED));
        Signals.register("TERM", () -> received(ExitCode.TERMINATED));
    }

    /** What a signal does. */
    void received(ExitCode code) {
        if (stop.requested()) {
            halt.accept(stop.exitCode().orElse(code));
            return;
        }
        err.println(); // the terminal's ^C, or an open question, stands in this line
        err.println("Stopping cleanly; the same again stops at once.");
        stop.request(code);
    }
}
