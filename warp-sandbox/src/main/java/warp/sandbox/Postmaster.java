package warp.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The running main process of one server, with its children. Signals mean what the manual says
 * under "Shutting Down the Server".
 */
final class Postmaster {

    private final Process process;

    private Postmaster(Process process) {
        this.process = process;
    }

    static Postmaster launch(
            PostgresBinaries binaries, ServerAccount account, Path data, int port, Path log) {
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
            return new Postmaster(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
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
    void stopFast(long millisMax) {
        signal("INT", process.toHandle());
        if (!awaitEnd(millisMax)) {
            stopImmediately();
        }
    }

    /** Stops without a checkpoint, as after a crash; frees shared memory, though. */
    void stopImmediately() {
        signal("QUIT", process.toHandle());
        if (!awaitEnd(10_000)) {
            kill();
        }
    }

    /**
     * Kills it and every child at once with SIGKILL.
     *
     * @return files of shared memory that nobody frees now, but for a later start of the server
     */
    List<Path> kill() {
        // stopped first, so that no child is born between looking and killing
        signal("STOP", process.toHandle());
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        List<Path> shared = all.stream().flatMap(Postmaster::sharedMemory).distinct().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(10_000);
        all.forEach(handle -> handle.onExit().join());
        return shared;
    }

    private static Stream<Path> sharedMemory(ProcessHandle handle) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(handle.pid()), "maps"))
                    .stream()
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .filter(name -> name.startsWith("/dev/shm/PostgreSQL."))
                    .map(Path::of);
        } catch (IOException e) {
            return Stream.empty(); // it has ended
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
