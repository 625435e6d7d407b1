package warp.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Warp as a process, with everything it prints. Signals reach it as they would from a terminal or a
 * supervisor. For the test's thread; lines are gathered by others.
 */
public final class WarpChild implements AutoCloseable {

    /** Long enough for a busy machine: only a failing test waits so long. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final List<Thread> readers;
    private final Thread killer;

    private WarpChild(Process process) {
        this.process = process;
        this.readers =
                List.of(
                        gather(process.getInputStream(), out),
                        gather(process.getErrorStream(), err));
        this.killer = new Thread(process::destroyForcibly, "kill warp");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts {@code warp} with these arguments in this folder; its input stays open. */
    public static WarpChild start(Path folder, List<String> arguments) {
        return start(folder, List.of(), arguments);
    }

    /** Starts it with more options for its JVM. */
    public static WarpChild start(Path folder, List<String> options, List<String> arguments) {
        // A JVM that inherits an ignored SIGINT, as from a shell's background job, goes on
        // ignoring it.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(ChildJvm.warp(options));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PG") || name.startsWith("WARP"));
        try {
            return new WarpChild(builder.start());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private Thread gather(InputStream stream, List<String> lines) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (BufferedReader reader =
                            new BufferedReader(
                                    new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        StringBuilder line = new StringBuilder();
                        for (int next = reader.read(); next >= 0; next = reader.read()) {
                            if (next == '\n') {
                                add(lines, line.toString());
                                line.setLength(0);
                            } else {
                                line.append((char) next);
                                showQuestion(line);
                            }
                        }
                        add(lines, line.toString());
                    } catch (IOException ended) {
                        // The process is gone, and its pipe with it.
                    }
                });
    }

    private synchronized void add(List<String> lines, String line) {
        if (!line.isEmpty()) {
            lines.add(line);
        }
        notifyAll();
    }

    /** A question waits for its answer in the same line. */
    private synchronized void showQuestion(StringBuilder line) {
        if (line.toString().endsWith("press enter: ")) {
            out.add(line.toString());
            line.setLength(0);
            notifyAll();
        }
    }

    /** Waits for a line that contains the text. */
    WarpChild awaitLine(String text) {
        await(
                "a line with \"" + text + "\"",
                lines -> lines.stream().anyMatch(l -> l.contains(text)));
        return this;
    }

    /** Waits for so many lines that contain the text. */
    WarpChild awaitLines(String text, int count) {
        await(
                count + " lines with \"" + text + "\"",
                lines -> lines.stream().filter(line -> line.contains(text)).count() >= count);
        return this;
    }

    private synchronized void await(String what, Predicate<List<String>> there) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!there.test(all())) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            boolean over = !process.isAlive() && readers.stream().noneMatch(Thread::isAlive);
            if (left <= 0 || over) {
                throw new AssertionError("warp did not print " + what + ":\n" + this);
            }
            try {
                wait(Math.min(left, 500));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", stop);
            }
        }
    }

    /** Types a line. */
    WarpChild type(String line) {
        try {
            OutputStream input = process.getOutputStream();
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
            return this;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Ends its input. */
    WarpChild closeInput() {
        try {
            process.getOutputStream().close();
            return this;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Sends {@code INT}, {@code TERM}, {@code KILL}, {@code STOP} or {@code CONT}. */
    public WarpChild signal(String name) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            return this;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }

    /** Whether it goes on running for this long. */
    public boolean survives(long millis) {
        try {
            return !process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }

    /** Kills it by SIGKILL and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for its end.
     *
     * @return the most memory that it was seen to hold, in kilobytes
     */
    long awaitEnd(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        long most = 0;
        while (survives(100)) {
            most = Math.max(most, residentKilobytes());
            if (System.nanoTime() > deadline) {
                throw new AssertionError("warp did not end within " + atMost + ":\n" + this);
            }
        }
        return most;
    }

    /** The high-water mark, as Linux tells it; 0 once the process is gone. */
    private long residentKilobytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException gone) {
            return 0;
        }
    }

    /** Waits for its end. */
    int exitCode() {
        return exitCode(PATIENCE);
    }

    /** Waits for its end, and for all it printed. */
    public int exitCode(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("warp did not end within " + atMost + ":\n" + this);
            }
            for (Thread reader : readers) {
                reader.join(PATIENCE);
            }
            return process.exitValue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }

    public synchronized List<String> out() {
        return List.copyOf(out);
    }

    public synchronized List<String> err() {
        return List.copyOf(err);
    }

    private synchronized List<String> all() {
        List<String> all = new ArrayList<>(out);
        all.addAll(err);
        return all;
    }

    /** Everything it printed, for a failing test. */
    @Override
    public String toString() {
        return "out:\n" + String.join("\n", out()) + "\nerr:\n" + String.join("\n", err());
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException _) {
            // The JVM is ending: the hook has done the same.
        }
    }
}
