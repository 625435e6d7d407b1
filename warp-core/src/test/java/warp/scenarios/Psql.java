package warp.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A script that psql runs, statement by statement in one session, as a person would. It stops at
 * the first error unless it says {@code \set ON_ERROR_STOP off} itself.
 */
final class Psql implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final CompletableFuture<String> said;
    private final Path script;

    private Psql(Process process, Path script) {
        this.process = process;
        this.script = script;
        this.said = CompletableFuture.supplyAsync(() -> read(process));
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException ended) {
            return "";
        }
    }

    static Psql start(String uri, Path script) throws IOException {
        return start(uri, script, "ON_ERROR_STOP=1");
    }

    private static Psql start(String uri, Path script, String variable) throws IOException {
        List<String> command =
                List.of(
                        "psql",
                        "--no-psqlrc",
                        "--quiet",
                        "--dbname=" + uri,
                        "--set=" + variable,
                        "--output=/dev/null",
                        "--file=" + script);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGCLIENTENCODING", "UTF8");
        builder.environment().put("PGOPTIONS", "-c client_min_messages=warning");
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        return new Psql(process, script);
    }

    /** Runs a script to its end, which must be a good one. */
    static void run(String uri, Path script) throws IOException, InterruptedException {
        try (Psql psql = start(uri, script)) {
            psql.await();
        }
    }

    /** Runs a script past all errors. */
    static void runAll(String uri, Path script) throws IOException, InterruptedException {
        try (Psql psql = start(uri, script, "ON_ERROR_STOP=0")) {
            if (!psql.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("psql does not end: " + script);
            }
        }
    }

    void await() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("psql does not end: " + script);
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(script + " failed:\n" + said.join());
        }
    }

    /** Ends it, should it still run. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
