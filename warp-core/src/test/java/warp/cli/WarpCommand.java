package warp.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import warp.config.Environment;
import warp.console.LineSource;
import warp.console.TerminalLog;
import warp.console.TerminalPrompt;
import warp.error.ExitCode;
import warp.migration.LiveMigrations;
import warp.progress.StopSignal;

/**
 * The real program, run in this JVM on a thread of its own, between real servers: for tests. Its
 * standard input is empty, so that every question is answered with no.
 */
public final class WarpCommand implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final StopSignal stop = new StopSignal();
    private final Output output = new Output();
    private final CompletableFuture<ExitCode> code = new CompletableFuture<>();

    private WarpCommand() {}

    /**
     * Starts it.
     *
     * @param directory where it looks for config files and writes its log
     */
    public static WarpCommand start(Path directory, List<String> arguments) {
        WarpCommand command = new WarpCommand();
        Surroundings surroundings = command.surroundings(directory);
        Thread.ofVirtual()
                .name("warp command")
                .start(() -> {
                    command.code.complete(Main.run(arguments, surroundings));
                    command.output.end();
                });
        return command;
    }

    private Surroundings surroundings(Path directory) {
        PrintStream screen = new PrintStream(output, true, StandardCharsets.UTF_8);
        return new Surroundings(
                new Environment(
                        Map.of("PGSYSCONFDIR", directory.resolve("etc").toString()),
                        directory,
                        "osuser",
                        directory),
                new TerminalLog.Screen(screen, screen, false),
                new TerminalPrompt(LineSource.of(InputStream.nullInputStream()), screen, stop),
                Clock.systemUTC(),
                stop,
                new LiveMigrations(),
                "warp",
                () -> {});
    }

    /** What the process has printed to standard output and standard error. */
    public String printed() {
        return output.text();
    }

    /** Waits until it has printed the text; fails when it ends without, or takes minutes. */
    public void awaitPrinted(String text) throws InterruptedException {
        if (!output.await(text, PATIENCE)) {
            throw new AssertionError("did not print \"" + text + "\":\n" + printed());
        }
    }

    public boolean hasEnded() {
        return code.isDone();
    }

    /** Waits until it has printed the text, or has ended without: then false. */
    public boolean printsBeforeItEnds(String text) throws InterruptedException {
        if (output.await(text, PATIENCE)) {
            return true;
        }
        if (!hasEnded()) {
            throw new AssertionError("neither ends nor prints \"" + text + "\":\n" + printed());
        }
        return false;
    }

    /** Waits for the end, minutes at most. */
    public ExitCode await() throws InterruptedException {
        try {
            return code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("does not end:\n" + printed(), late);
        } catch (ExecutionException defect) {
            throw new AssertionError(printed(), defect);
        }
    }

    /** What SIGTERM does; waits for the end. */
    public ExitCode terminate() throws InterruptedException {
        stop.request(ExitCode.TERMINATED);
        return await();
    }

    /** Stops it, should it still run, and waits for the end. */
    @Override
    public void close() {
        stop.request(ExitCode.TERMINATED);
        code.copy().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Keeps what is printed; for any thread. */
    private static final class Output extends ByteArrayOutputStream {

        private boolean ended;

        @Override
        public synchronized void write(int b) {
            super.write(b);
            notifyAll();
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            notifyAll();
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized String text() {
            return toString(StandardCharsets.UTF_8);
        }

        synchronized boolean await(String wanted, Duration max) throws InterruptedException {
            long deadline = System.nanoTime() + max.toNanos();
            while (!text().contains(wanted)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        }
    }
}
