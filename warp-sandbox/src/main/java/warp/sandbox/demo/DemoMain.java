package warp.sandbox.demo;

import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.sandbox.SandboxException;

/**
 * {@code warp demo}. Exit codes: 0 moved and equal; 2 wrong switches; 4 different; 6 a server or
 * Warp failed; 70 a defect; 130 and 143 stopped.
 */
public final class DemoMain {

    private static final int USAGE = 2;
    private static final int FAILED = 6;
    private static final int CUSTOMERS = 40_000;
    private static final Duration OPEN = Duration.ofSeconds(16);

    private DemoMain() {}

    /** System property {@code warp.command} names the program {@code warp}. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** All but the end of the JVM. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        DemoOptions options;
        try {
            options = DemoOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println("warp: " + e.getMessage());
            err.print(DemoOptions.USAGE);
            return USAGE;
        }
        if (options.help()) {
            out.print(DemoOptions.USAGE);
            return 0;
        }
        @Nullable String command = System.getProperty("warp.command");
        if (command == null) {
            err.println("warp: the demo is started by the script: ./warp demo");
            return USAGE;
        }
        try {
            return new Demo(options, command, CUSTOMERS, OPEN, out, Redirect.INHERIT).run();
        } catch (SandboxException | SQLException e) {
            if (!isEnding()) {
                err.println("warp: the demo failed: " + e.getMessage());
            }
            return FAILED;
        }
    }

    /** Whether a signal ends the JVM just now: then no error is worth a word. */
    private static boolean isEnding() {
        Thread probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException _) {
            return true;
        }
    }
}
