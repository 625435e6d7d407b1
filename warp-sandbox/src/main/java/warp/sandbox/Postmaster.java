package warp.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The running main process of one server, with its children. Signals mean what the manual says
 * under "Shutting Down the Server".
 */
final class Postmaster {

    private static final long QUIT_MILLIS_MAX = 60_000;
    private static final int STATUS_LINE = 8;

    private final Process process;
    private final Path data;
    private final Watchdog watchdog;

    private Postmaster(Process process, Path data, Watchdog watchdog) {
        this.process = process;
        this.data = data;
        this.watchdog = watchdog;
    }

    /**
     * @param watchdog passes signals on
     */
    static Postmaster launch(
            PostgresBinaries binaries,
            ServerAccount account,
            Path data,
            int port,
            Path log,
            Watchdog watchdog) {
        List<String> command =
                account.command(
                        List.of(
                                binaries.program("postgres").toString(),
                                "-D",
                                data.toString(),
                                "-p",
                                Integer.toString(port)));
        try {
            Process process =
                    ChildCommand.builder(command, data)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            process.getOutputStream().close();
            return new Postmaster(process, data, watchdog);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Whether it accepts sessions, by what it writes to {@code postmaster.pid} since 10. What a
     * server that was killed has left there has another number.
     */
    boolean saysReady() {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() >= STATUS_LINE
                    && lines.getFirst().equals(Long.toString(process.pid()))
                    && lines.get(STATUS_LINE - 1).strip().equals("ready");
        } catch (IOException _) {
            return false; // not yet written
        }
    }

    /** Waits for its end; false when the time is over first. */
    boolean awaitEnd(long millisMax) {
        try {
            return process.waitFor(millisMax, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted while waiting for a server", e);
        }
    }

    /** Ends all sessions, writes a checkpoint and stops; immediately if that takes too long. */
    SharedMemory stopFast(long millisMax) {
        signalSoon("INT");
        return awaitEnd(millisMax) ? SharedMemory.NONE : stopImmediately();
    }

    /** Stops without a checkpoint, as after a crash; frees shared memory, though. */
    SharedMemory stopImmediately() {
        signalSoon("QUIT");
        return awaitEnd(QUIT_MILLIS_MAX) ? SharedMemory.NONE : kill();
    }

    /**
     * Kills it and every child at once with SIGKILL.
     *
     * @return what nobody frees now, but for a later start of the server
     */
    SharedMemory kill() {
        // stopped first, so that no child is born between looking and killing
        signal("STOP", process.toHandle());
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        SharedMemory left = SharedMemory.of(all, data);
        all.forEach(ProcessHandle::destroyForcibly);
        awaitGone(all);
        return left;
    }

    /** Stops it and its children where they are, as a machine that hangs would; they keep all. */
    void freeze() {
        // first the one that bears children
        signal("STOP", process.toHandle());
        process.descendants().forEach(child -> signal("STOP", child));
    }

    /** Lets them go on. */
    void thaw() {
        process.descendants().forEach(child -> signal("CONT", child));
        signal("CONT", process.toHandle());
    }

    /**
     * Waits until none runs any more. A zombie does not: in a container nobody may collect the
     * children of a killed server, and {@link ProcessHandle#onExit} would wait for ever.
     */
    private void awaitGone(List<ProcessHandle> killed) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(QUIT_MILLIS_MAX);
        awaitEnd(QUIT_MILLIS_MAX);
        while (killed.stream().anyMatch(Postmaster::runs)) {
            if (System.nanoTime() > deadline) {
                throw new SandboxException("processes of a server survive SIGKILL: " + killed);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static boolean runs(ProcessHandle handle) {
        try {
            // "pid (name) state …", where the name may hold anything
            String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException _) {
            return false;
        }
    }

    private void signalSoon(String name) {
        if (!watchdog.signal(name, process.toHandle())) {
            signal(name, process.toHandle());
        }
    }

    private static void signal(String name, ProcessHandle handle) {
        if (handle.isAlive()) {
            ProcessBuilder kill =
                    new ProcessBuilder("sh", "-c", "kill -" + name + " " + handle.pid());
            try {
                Process process = kill.redirectErrorStream(true).start();
                process.getInputStream().readAllBytes(); // "no such process" is no error here
                process.waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SandboxException("interrupted while stopping a server", e);
            }
        }
    }
}
