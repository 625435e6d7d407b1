package warp.console;

import java.io.PrintStream;
import java.time.Clock;
import java.util.List;

/**
 * Events on the terminal, a line each, as the ancestor printed them; warnings and errors go to
 * standard error. Every call prints its lines together, also when several migrations share the
 * terminal.
 */
public final class TerminalLog implements MigrationLog {

    private static final String YELLOW = "\u001b[33m";
    private static final String RED = "\u001b[31m";
    private static final String RESET = "\u001b[0m";

    private final Lines lines;
    private final Screen screen;
    private final boolean verbose;

    /**
     * Where to print.
     *
     * @param colour whether the words WARNING and ERROR may be coloured
     */
    public record Screen(PrintStream out, PrintStream err, boolean colour) {}

    /**
     * @param migration stands before every line; empty where only one runs
     * @param verbose whether to show details
     */
    public TerminalLog(Screen screen, Clock clock, String migration, boolean verbose) {
        this.screen = screen;
        this.lines = new Lines(clock, migration);
        this.verbose = verbose;
    }

    @Override
    public void info(String line) {
        synchronized (screen.out()) {
            screen.out().println(lines.timed(line));
            screen.out().flush();
        }
    }

    @Override
    public void warn(String line, List<String> hints) {
        toError(YELLOW, "WARNING: ", line, hints);
    }

    @Override
    public void error(String line, List<String> hints) {
        toError(RED, "ERROR: ", line, hints);
    }

    @Override
    public void detail(String line) {
        if (verbose) {
            info(line);
        }
    }

    /** Nothing: stack traces are for the log file. */
    @Override
    public void trace(String line, Throwable problem) {}

    @Override
    public void close() {
        screen.out().flush();
        screen.err().flush();
    }

    private void toError(String colour, String label, String line, List<String> hints) {
        String word = screen.colour() ? colour + label.strip() + RESET + " " : label;
        synchronized (screen.err()) {
            screen.err().println(word + lines.plain(line));
            hints.forEach(hint -> screen.err().println("HINT: " + lines.plain(hint)));
            screen.err().flush();
        }
    }
}
