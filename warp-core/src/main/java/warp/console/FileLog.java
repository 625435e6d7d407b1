package warp.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import warp.config.PrivateFile;

/**
 * Events appended to a log file that only its owner may read; with details and stack traces when
 * asked for. Every line is on its way to the disk when the call returns.
 */
public final class FileLog implements MigrationLog {

    private final Path file;
    private final Lines lines;
    private final boolean verbose;
    private final Writer writer;
    private final boolean wasOpenToOthers;

    /**
     * Opens or creates the file.
     *
     * @throws warp.error.WarpException FILE where that fails
     */
    public FileLog(Path file, Clock clock, boolean verbose) {
        this.file = file;
        this.lines = new Lines(clock, "");
        this.verbose = verbose;
        PrivateFile.Appending appending = PrivateFile.append(file);
        this.writer = appending.writer();
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

    @Override
    public synchronized void close() {
        try {
            writer.close();
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    private void withHints(String label, String line, List<String> hints) {
        List<String> all = new java.util.ArrayList<>();
        all.add(lines.timed(label + line));
        hints.forEach(hint -> all.add(lines.timed("HINT: " + hint)));
        write(all);
    }

    private synchronized void write(List<String> each) {
        try {
            for (String line : each) {
                writer.write(line);
                writer.write(System.lineSeparator());
            }
            writer.flush();
        } catch (IOException full) {
            throw new UncheckedIOException("cannot write " + file, full);
        }
    }
}
