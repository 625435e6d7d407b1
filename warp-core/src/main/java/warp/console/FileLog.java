package warp.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import warp.config.PrivateFile;
import warp.progress.EventLog;

/**
 * Events appended to a log file that only its owner may read; with details and stack traces when
 * asked for. Every line is on its way to the disk when the call returns.
 *
 * <p>A disk that is full does not end a migration: that is said to another log, once, and what
 * could not be written is missing in the file, which says so itself as soon as it can be written
 * again.
 */
public final class FileLog implements MigrationLog {

    private final Path file;
    private final Lines lines;
    private final boolean verbose;
    private final OutputStream out;
    private final boolean wasOpenToOthers;
    private final EventLog complaints;
    private int missing;
    private boolean closed;

    /**
     * Opens or creates the file.
     *
     * @param complaints told where the file cannot be written
     * @throws warp.error.WarpException FILE where it cannot be opened
     */
    public FileLog(Path file, Clock clock, boolean verbose, EventLog complaints) {
        this.complaints = complaints;
        this.file = file;
        this.lines = new Lines(clock, "");
        this.verbose = verbose;
        PrivateFile.Appending appending = PrivateFile.append(file);
        this.out = appending.out();
        this.wasOpenToOthers = appending.wasOpenToOthers();
    }

    public Path file() {
        return file;
    }

    /** Whether others could read the file until it was opened here. */
    public boolean wasOpenToOthers() {
        return wasOpenToOthers;
    }

    @Override
    public void info(String line) {
        write(List.of(lines.timed(line)));
    }

    @Override
    public void warn(String line, List<String> hints) {
        withHints("WARNING: ", line, hints);
    }

    @Override
    public void error(String line, List<String> hints) {
        withHints("ERROR: ", line, hints);
    }

    @Override
    public void detail(String line) {
        if (verbose) {
            info(line);
        }
    }

    @Override
    public void trace(String line, Throwable problem) {
        if (verbose) {
            traceAlways(line, problem);
        }
    }

    /** A defect's stack trace, which is needed whatever was asked for. */
    public void traceAlways(String line, Throwable problem) {
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace));
        List<String> all = new java.util.ArrayList<>();
        all.add(lines.timed(line));
        trace.toString()
                .lines()
                .map(each -> "    " + Escapes.visible(each.strip()))
                .forEach(all::add);
        write(all);
    }

    /** Whether something could not be written. */
    public synchronized boolean isIncomplete() {
        return missing > 0;
    }

    /** What a thread says that ends later than the log is not written, which is nobody's fault. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            out.close();
        } catch (IOException full) {
            complain(full, 0);
        }
    }

    private void withHints(String label, String line, List<String> hints) {
        List<String> all = new java.util.ArrayList<>();
        all.add(lines.timed(label + line));
        hints.forEach(hint -> all.add(lines.timed("HINT: " + hint)));
        write(all);
    }

    private synchronized void write(List<String> each) {
        if (closed) {
            return;
        }
        StringBuilder text = new StringBuilder();
        if (missing > 0) {
            // What came before may have been written in part.
            text.append(System.lineSeparator())
                    .append(
                            lines.timed(
                                    missing + " lines are missing: the file could not be written"))
                    .append(System.lineSeparator());
        }
        each.forEach(line -> text.append(line).append(System.lineSeparator()));
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            missing = 0;
        } catch (IOException full) {
            complain(full, each.size());
        }
    }

    private void complain(IOException full, int lost) {
        boolean first = missing == 0;
        missing += lost;
        if (first) {
            complaints.warn(
                    "log file %s cannot be written: %s; the migration goes on without it"
                            .formatted(file, full.getMessage()),
                    List.of("Make room (df -h): the file is written again from then on."));
        }
    }
}
