package warp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A temporary folder and the programs that run in it. Neither outlives {@link #close} or the end of
 * the JVM. For one thread, beside the hook at the JVM's end.
 */
final class Workplace implements AutoCloseable {

    private static final long PROGRAM_SECONDS_MAX = 1800;
    private static final long WATCH_MILLIS = 50;
    private static final long STOP_SECONDS_MAX = 5;
    private static final int LOG_TAIL_LINES = 8;

    private final Path folder;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final Thread shutdownHook;
    private volatile boolean stopping;
    private long peakBytes;

    private Workplace(Path folder) {
        this.folder = folder;
        this.shutdownHook =
                new Thread(
                        () -> {
                            stopping = true;
                            discard();
                        },
                        "discard " + folder.getFileName());
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    static Workplace open() {
        try {
            return new Workplace(Files.createTempDirectory("warp-bench-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where programs work and may leave files. */
    Path folder() {
        return folder;
    }

    /** Whether the JVM is ending, and failures are no news. */
    boolean isStopping() {
        return stopping;
    }

    /** Deletes a file or folder of the workplace, if it is there. */
    void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a program to its end.
     *
     * @throws BenchException with the last lines it printed, when it ends with another code than 0
     *     or takes more than half an hour
     */
    void run(List<String> command) {
        run(List.of(command), folder.resolve("output"));
    }

    /**
     * Runs two programs, the output of the first being the input of the second; see {@link #run}.
     */
    void pipe(List<String> from, List<String> to) {
        run(List.of(from, to), folder.resolve("output"));
    }

    /** As {@link #run}; gives what the program printed. */
    List<String> output(List<String> command) {
        run(command);
        try {
            return Files.readAllLines(folder.resolve("output"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #run}, watching the memory of the program's process. */
    Watched watch(List<String> command) {
        Path log = folder.resolve("output");
        forgetPeak();
        long began = System.nanoTime();
        run(List.of(command), log);
        double seconds = (System.nanoTime() - began) / 1e9;
        try {
            return new Watched(
                    seconds,
                    peakBytes,
                    Watched.timed(Files.readAllLines(log, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code VmHWM} of proc_pid_status(5), the mark that it reached; 0 where it has ended. */
    private static long peakBytes(Process process) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException _) {
            return 0;
        }
    }

    /**
     * The most memory that a program had resident, without its children, since the last call of
     * {@link #forgetPeak}.
     */
    long peakBytes() {
        return peakBytes;
    }

    void forgetPeak() {
        peakBytes = 0;
    }

    private void run(List<List<String>> pipeline, Path log) {
        delete(log);
        List<Process> processes;
        try {
            processes = ProcessBuilder.startPipeline(builders(pipeline, log));
        } catch (IOException e) {
            throw new BenchException(e.getMessage() == null ? "cannot start" : e.getMessage(), e);
        }
        running.addAll(processes);
        try {
            for (int i = 0; i < pipeline.size(); i++) {
                Process process = processes.get(i);
                await(
                        pipeline.get(i).getFirst(),
                        process,
                        log,
                        () -> peakBytes = Math.max(peakBytes, peakBytes(process)));
            }
        } finally {
            processes.forEach(Workplace::stop);
            processes.forEach(running::remove);
        }
    }

    private List<ProcessBuilder> builders(List<List<String>> pipeline, Path log) {
        List<ProcessBuilder> builders =
                pipeline.stream()
                        .map(command -> new ProcessBuilder(command).directory(folder.toFile()))
                        .toList();
        ProcessBuilder.Redirect append = ProcessBuilder.Redirect.appendTo(log.toFile());
        builders.forEach(each -> {
            each.redirectError(append);
            // nothing is to redirect PostgreSQL's programs to another server
            Map<String, String> environment = each.environment();
            environment.keySet().removeIf(name -> name.startsWith("PG"));
            environment.put("LC_ALL", "C");
        });
        builders.getFirst()
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builders.getLast().redirectOutput(append);
        return builders;
    }

    /**
     * Starts a program that goes on meanwhile.
     *
     * @param output the name of the file for what it prints
     */
    Background start(List<String> command, String output) {
        Path log = folder.resolve(output);
        delete(log);
        try {
            Process process = builders(List.of(command), log).getFirst().start();
            running.add(process);
            return new Background(command.getFirst(), process, log, this);
        } catch (IOException e) {
            throw new BenchException("cannot start: " + e.getMessage(), e);
        }
    }

    /** Stops what {@link #start} has started; does nothing where it has ended. */
    void end(Process process) {
        stop(process);
        running.remove(process);
    }

    private static void await(String program, Process process, Path log, Runnable watcher) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PROGRAM_SECONDS_MAX);
        try {
            while (!process.waitFor(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                watcher.run();
                if (System.nanoTime() > end) {
                    throw new BenchException(
                            program + " did not end within " + PROGRAM_SECONDS_MAX + " s");
                }
            }
            if (process.exitValue() != 0) {
                throw new BenchException(lastWords(program, process, log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while waiting for " + program, e);
        }
    }

    /** How a program ended, and the last lines it printed. */
    static String lastWords(String program, Process process, Path log) {
        return "%s ended with code %d:%n%s".formatted(program, process.exitValue(), tail(log));
    }

    private static String tail(Path log) {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.toList();
            return all.subList(Math.max(0, all.size() - LOG_TAIL_LINES), all.size()).stream()
                    .map(line -> "    " + line)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "    (its output is lost: " + e.getMessage() + ")";
        }
    }

    /** SIGTERM first, so that a program with children can end them too. */
    private static void stop(Process process) {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    private void discard() {
        running.forEach(Workplace::stop);
        delete(folder);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException _) {
            return; // the JVM is ending: the hook does the work
        }
        discard();
    }
}
