package warp.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a short command of the operating system to its end. */
final class ChildCommand {

    private ChildCommand() {}

    /** A builder whose environment holds nothing that would redirect PostgreSQL's programs. */
    static ProcessBuilder builder(List<String> command, Path folder) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        environment.put("LC_ALL", "C");
        return builder;
    }

    /**
     * Runs the command in the folder.
     *
     * @throws SandboxException with what it printed, when it ends with another code than 0
     */
    static void run(List<String> command, Path folder) {
        run(builder(command, folder));
    }

    /** Runs what the builder describes; see {@link #run(List, Path)}. */
    static void run(ProcessBuilder builder) {
        output(builder);
    }

    /** As {@link #run(List, Path)}: what it printed. */
    static String output(List<String> command, Path folder) {
        return output(builder(command, folder));
    }

    private static String output(ProcessBuilder builder) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new SandboxException(
                        "exit code %d from: %s%n%s"
                                .formatted(code, String.join(" ", builder.command()), output));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted while running " + builder.command(), e);
        }
    }
}
