package warp.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A small process that stops a server and deletes its folder when this JVM dies without doing so
 * itself, by SIGKILL for one. It notices by the end of the pipe from this JVM. Until then it passes
 * signals on, since starting a process for each costs more than stopping the server.
 */
final class Watchdog {

    /** The pid counts only if that process works in the data directory: pids are used again. */
    private static final String SCRIPT =
            """
            while read -r name pid; do
              kill -s "$name" "$pid"
            done
            pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
            if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$1/data" ]; then
              kill -CONT "$pid" $(cat "/proc/$pid/task/$pid/children") 2>/dev/null
              kill -QUIT "$pid"
              i=0
              while kill -0 "$pid" 2>/dev/null && [ $i -lt 100 ]; do
                sleep 0.1
                i=$((i + 1))
              done
              kill -KILL "$pid" 2>/dev/null
            fi
            rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
            """;

    private final Process process;

    private Watchdog(Process process) {
        this.process = process;
    }

    static Watchdog over(Path folder, ServerAccount account) {
        List<String> command =
                account.command(List.of("sh", "-c", SCRIPT, "watchdog", folder.toString()));
        try {
            return new Watchdog(
                    ChildCommand.builder(command, Path.of("/"))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Has a signal sent, soon; does nothing where there is no such process.
     *
     * @return false where nobody is there to send it: somebody has killed the watchdog
     */
    boolean signal(String name, ProcessHandle to) {
        try {
            OutputStream orders = process.getOutputStream();
            orders.write("%s %d\n".formatted(name, to.pid()).getBytes(StandardCharsets.US_ASCII));
            orders.flush();
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Sends it away before it does anything; returns when it is gone. */
    void dismiss() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
