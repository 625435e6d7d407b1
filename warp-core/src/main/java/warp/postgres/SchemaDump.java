package warp.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/**
 * A running pg_dump, whose text is read while it is written, so that the schema of 100,000 tables
 * needs neither memory nor a file. For one thread, but for {@link #stop}.
 */
public final class SchemaDump implements AutoCloseable {

    /** What libpq says, untranslated, of a connection that is lost or cannot be made. */
    private static final Pattern LOST =
            Pattern.compile(
                    "server closed the connection|terminating connection"
                            + "|no connection to the server|[Cc]onnection (timed out|reset|refused)"
                            + "|connection has been closed|could not (connect|receive data)");

    private static final long END_SECONDS_MAX = 10;
    private static final int LINES_MAX = 20;
    private static final int LAST_LINES = 5;

    /** With {@code --verbose} everything else tells what it is doing. */
    private static final Pattern COMPLAINT =
            Pattern.compile("(?i)\\b(error|warning|detail|hint|fatal|panic|query was)\\b.*:");

    private final Process process;
    private final Reader text;
    private final Thread listener;
    private final List<String> complaints = new ArrayList<>();
    private final Deque<String> last = new ArrayDeque<>();

    SchemaDump(Process process) {
        this.process = process;
        // Strict: a byte that is not UTF-8 must not become a question mark in a name.
        this.text =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.UTF_8.newDecoder()));
        this.listener = Thread.ofVirtual().name("pg_dump-errors").start(this::listen);
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                keep(line);
                line = lines.readLine();
            }
        } catch (IOException ended) {
            // It was stopped: what it said until then is there.
        }
    }

    private synchronized void keep(String line) {
        if (COMPLAINT.matcher(line).find() && complaints.size() < LINES_MAX) {
            complaints.add(line);
        }
        last.add(line);
        if (last.size() > LAST_LINES) {
            last.removeFirst();
        }
    }

    /**
     * Waits until it begins to write, which is when it has read all catalogs and holds its locks.
     *
     * @throws WarpException as {@link #finish}, where it ends before
     */
    public void awaitBeginning() throws InterruptedException {
        try {
            text.mark(1);
            if (text.read() >= 0) {
                text.reset();
                return;
            }
        } catch (IOException broken) {
            process.destroy();
        }
        finish();
        throw new WarpException(ErrorCode.STATEMENT, "pg_dump wrote nothing").at(Side.SOURCE);
    }

    /** What it writes to its standard output. A failure to read it shows in {@link #finish}. */
    public Reader text() {
        return text;
    }

    /**
     * Waits for its end, after all of {@link #text} was read.
     *
     * @return what it warned about
     * @throws WarpException STATEMENT with what it said, where it failed; CONNECTION where it lost
     *     its own
     */
    public List<String> finish() throws InterruptedException {
        int code = process.waitFor();
        listener.join();
        synchronized (this) {
            if (code == 0) {
                return List.copyOf(complaints);
            }
            List<String> said = complaints.isEmpty() ? List.copyOf(last) : complaints;
            WarpException failure =
                    new WarpException(
                                    said.stream().anyMatch(line -> LOST.matcher(line).find())
                                            ? ErrorCode.CONNECTION
                                            : ErrorCode.STATEMENT,
                                    "pg_dump ended with code %d: %s"
                                            .formatted(code, String.join("; ", said)))
                            .at(Side.SOURCE);
            if (said.stream().anyMatch(line -> line.contains("permission denied"))) {
                failure.hint(
                        "Grant what is missing, or leave it out: -T for tables, -N for"
                                + " schemas.");
            }
            throw failure;
        }
    }

    /** Ends it; a thread that reads its text finds the end. From any thread. */
    public void stop() {
        process.destroy();
    }

    /** Leaves no process behind, whatever happened. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            text.close();
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException closed) {
            // Its end of the pipe is gone, which is what was wanted.
        }
    }
}
