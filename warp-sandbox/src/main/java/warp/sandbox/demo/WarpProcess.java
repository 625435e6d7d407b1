package warp.sandbox.demo;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import warp.sandbox.PostgresServer;
import warp.sandbox.SandboxException;

/** Warp itself, as its user runs it: another process whose output the user sees. */
final class WarpProcess implements AutoCloseable {

    private static final String SLOT = "warp_demo";

    private final Process process;
    private final Thread killer;

    private WarpProcess(Process process) {
        this.process = process;
        // the servers are about to vanish under it: it is not to complain about that
        this.killer = new Thread(process::destroyForcibly, "kill warp");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Starts {@code warp} on the demo's two databases.
     *
     * @param command the program
     * @param output where its output goes
     * @param switches those besides the connections, the slot and {@code --yes}
     */
    static WarpProcess start(
            String command,
            Redirect output,
            PostgresServer source,
            PostgresServer destination,
            String... switches) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(switches));
        line.addAll(
                List.of(
                        "--source",
                        source.uri(Demo.DATABASE),
                        "--destination",
                        destination.uri(Demo.DATABASE),
                        "--slot",
                        SLOT,
                        "--yes"));
        try {
            return new WarpProcess(
                    new ProcessBuilder(line)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(output)
                            .redirectError(output)
                            .start());
        } catch (IOException e) {
            throw new SandboxException("cannot run " + command + ": " + e.getMessage(), e);
        }
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /** SIGTERM, as an operator would; see {@link #exitCode} for what comes of it. */
    void terminate() {
        process.destroy();
    }

    /**
     * Waits for its end.
     *
     * @throws SandboxException when it takes longer
     */
    int exitCode(int secondsMax) {
        try {
            if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
                throw new SandboxException("warp did not end within " + secondsMax + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted while waiting for warp", e);
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException _) {
            // the JVM is ending: the hook has done the same
        }
    }
}
