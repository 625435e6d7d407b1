package warp.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.bench.micro.MicroBench;
import warp.sandbox.SandboxException;

/**
 * The command {@code bench}. Exit codes: 0 measured; 2 wrong switches or a program is missing; 6 a
 * server or a contestant failed, or did not do the whole job; 130 and 143 stopped.
 */
public final class BenchMain {

    private static final int DONE = 0;
    private static final int USAGE = 2;
    private static final int FAILED = 6;

    private BenchMain() {}

    /** System property {@code warp.home} names the folder that holds the program {@code warp}. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** All but the end of the JVM. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println("bench: " + e.getMessage());
            err.print(BenchOptions.USAGE);
            return USAGE;
        }
        @Nullable String home = System.getProperty("warp.home");
        return switch (options) {
            case BenchOptions.Help _ -> {
                out.print(BenchOptions.USAGE);
                yield DONE;
            }
            case BenchOptions.Micro micro -> micro(micro, out, err);
            case BenchOptions.Task task when home == null -> {
                err.println("bench: " + task.name() + " is started by the script: ./bench");
                yield USAGE;
            }
            case BenchOptions.Task task -> measure(task, Path.of(home), out, err);
        };
    }

    /** In JVMs like Warp's own, where system property {@code warp.jvm} has its options. */
    private static int micro(BenchOptions.Micro micro, PrintStream out, PrintStream err) {
        List<String> jvm =
                List.of(System.getProperty("warp.jvm", "").split(" ")).stream()
                        .filter(option -> !option.isEmpty())
                        .toList();
        try {
            Machine machine = Machine.now();
            String table = MicroBench.run(micro.words(), jvm, err);
            out.printf("%nbench micro%nmachine: %s; JVM: %s%n%n", machine, jvm);
            out.print(table);
            return DONE;
        } catch (IllegalArgumentException e) {
            err.println("bench: " + e.getMessage());
            return USAGE;
        }
    }

    private static int measure(
            BenchOptions.Task task, Path home, PrintStream out, PrintStream err) {
        Tools tools;
        try {
            tools = Tools.find(home.resolve("warp"), task);
        } catch (BenchException e) {
            err.println("bench: " + e.getMessage());
            return USAGE;
        }
        try (Workplace workplace = Workplace.open()) {
            return measure(task, tools, workplace, home, out, err);
        }
    }

    private static int measure(
            BenchOptions.Task task,
            Tools tools,
            Workplace workplace,
            Path home,
            PrintStream out,
            PrintStream err) {
        try {
            tools.buildWarp(workplace);
            Outcome report =
                    switch (task) {
                        case BenchOptions.Copy copy ->
                                new CopyBench(copy, tools, workplace, err).run();
                        case BenchOptions.Drain drain ->
                                new DrainBench(drain, tools, workplace, err).run();
                        case BenchOptions.Steady steady ->
                                new SteadyBench(steady, tools, workplace, err).run();
                        case BenchOptions.Wan wan -> new WanBench(wan, tools, workplace, err).run();
                        case BenchOptions.Memory memory ->
                                new MemoryBench(memory, tools, workplace, err).run();
                        case BenchOptions.Start start ->
                                new StartBench(start, tools, workplace, home, err).run();
                        case BenchOptions.Catalog catalog ->
                                new CatalogBench(catalog, tools, workplace, err).run();
                    };
            out.print(report.table());
            for (Path file : report.write(home.resolve("bench-results"))) {
                err.println("bench: every run is in " + home.relativize(file));
            }
            return report.complete() ? DONE : FAILED;
        } catch (BenchException | SandboxException | SQLException | IOException e) {
            if (!workplace.isStopping()) {
                err.println("bench: " + e.getMessage());
            }
            return FAILED;
        }
    }
}
