package warp.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import warp.config.ConfigFile;
import warp.config.Environment;
import warp.config.Release;
import warp.console.LineSource;
import warp.console.Setup;
import warp.console.TerminalLog;
import warp.console.TerminalPrompt;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.migration.LiveMigrations;
import warp.progress.StopSignal;

/** The command {@code warp}: the only main, and the only place that ends the process. */
public final class Main {

    private final Surroundings surroundings;
    private final TerminalLog terminal;

    private Main(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.terminal = new TerminalLog(surroundings.screen(), surroundings.clock(), "", false);
    }

    public static void main(String[] arguments) {
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        StopSignal stop = new StopSignal();
        Environment environment = Environment.ofProcess();
        StopOnSignals signals =
                new StopOnSignals(stop, err, code -> Runtime.getRuntime().halt(code.number()));
        AtomicBoolean works = new AtomicBoolean();
        Surroundings surroundings =
                new Surroundings(
                        environment,
                        new TerminalLog.Screen(out, err, colour(environment)),
                        new TerminalPrompt(LineSource.ofProcess(), out, stop),
                        Clock.systemUTC(),
                        stop,
                        new LiveMigrations(),
                        System.getProperty("warp.name", "warp"),
                        () -> {
                            signals.install();
                            works.set(true);
                        });
        ExitCode code = run(words(List.of(arguments), environment), surroundings);
        if (works.get() && ProcessEnd.isPlain(environment)) {
            ProcessEnd.now(code);
        }
        System.exit(code.number());
    }

    /**
     * The arguments; those with a password in them come in a variable, since every user of the
     * machine can read a command line ({@code scripts/arguments}).
     */
    static List<String> words(List<String> arguments, Environment environment) {
        String hidden = environment.variable("WARP_ARGUMENTS").orElse("");
        if (!arguments.isEmpty() || hidden.isEmpty()) {
            return arguments;
        }
        List<String> words = List.of(hidden.split("\u001f", -1));
        return words.subList(0, words.size() - 1);
    }

    /** Does what the arguments say; never ends the process nor throws. */
    static ExitCode run(List<String> arguments, Surroundings surroundings) {
        Main main = new Main(surroundings);
        try {
            return main.dispatch(arguments);
        } catch (WarpException problem) {
            if (surroundings.endedBy(problem)) {
                return surroundings.stop().exitCode().orElseThrow();
            }
            main.terminal.error(problem.summary(), problem.hints());
            return problem.code().exitCode();
        } catch (InterruptedException stopped) {
            return surroundings.stop().exitCode().orElse(ExitCode.INTERRUPTED);
        } catch (RuntimeException | Error defect) {
            Path file = surroundings.environment().file(".warp.log");
            return Defects.report(defect, main.terminal, file, surroundings.clock());
        }
    }

    private ExitCode dispatch(List<String> arguments) throws InterruptedException {
        Optional<Invocation> understood = understand(arguments);
        if (understood.isEmpty()) {
            return ExitCode.USAGE;
        }
        Invocation invocation = understood.get();
        if (invocation.has(Switch.HELP) || invocation.command() == Command.HELP) {
            surroundings.screen().out().print(HelpText.of(surroundings.program()));
            return ExitCode.DONE;
        }
        if (invocation.has(Switch.VERSION) || invocation.command() == Command.VERSION) {
            surroundings.screen().out().println(surroundings.program() + " " + Release.version());
            return ExitCode.DONE;
        }
        StatusRun.requireOwnSwitches(invocation);
        boolean looks = invocation.command() == Command.STATUS && !invocation.has(Switch.WATCH);
        if (!looks) {
            // Who only looks may be ended as the system ends processes; listening takes its time.
            surroundings.listen().run();
        }
        if (invocation.has(Switch.SETUP)) {
            return setup(invocation);
        }
        List<MigrationPlan> plans =
                new MigrationPlanner(
                                invocation,
                                surroundings,
                                warning -> terminal.warn(warning.line(), List.of(warning.hint())))
                        .plan();
        if (invocation.command() == Command.STATUS) {
            return new StatusRun(plans, invocation, surroundings, terminal).run();
        }
        return runAll(plans, invocation);
    }

    /** A wrong switch is answered with the line that names it, then the help. */
    private Optional<Invocation> understand(List<String> arguments) {
        try {
            return Optional.of(Grammar.parse(arguments));
        } catch (WarpException wrong) {
            terminal.error(wrong.summary(), wrong.hints());
            surroundings.screen().err().println();
            surroundings.screen().err().print(HelpText.of(surroundings.program()));
            return Optional.empty();
        }
    }

    private ExitCode setup(Invocation invocation) {
        List<String> files = invocation.parts(Switch.CONFIG);
        if (files.size() > 1) {
            throw new WarpException(ErrorCode.USAGE, "--setup writes one config file at a time");
        }
        String name = files.isEmpty() ? ConfigFile.DEFAULT_NAME : files.getFirst();
        new Setup(surroundings.prompt(), surroundings.screen().out())
                .run(surroundings.environment().file(name), invocation.has(Switch.YES));
        return ExitCode.DONE;
    }

    private ExitCode runAll(List<MigrationPlan> plans, Invocation invocation)
            throws InterruptedException {
        boolean verbose = invocation.has(Switch.VERBOSE);
        boolean alone = plans.size() == 1;
        MigrationRun.Task task = task(invocation);
        List<ExitCode> codes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ExitCode>> running = new ArrayList<>();
            for (MigrationPlan plan : plans) {
                running.add(
                        threads.submit(new MigrationRun(plan, task, verbose, alone, surroundings)));
            }
            for (Future<ExitCode> each : running) {
                codes.add(each.get());
            }
        } catch (ExecutionException defect) {
            throw new IllegalStateException("a migration ended without an exit code", defect);
        }
        return Severity.worst(codes);
    }

    private static MigrationRun.Task task(Invocation invocation) {
        if (invocation.has(Switch.CLEAN_FULL)) {
            return MigrationRun.Task.CLEAN_FULL;
        }
        if (invocation.has(Switch.CLEAN)) {
            return MigrationRun.Task.CLEAN;
        }
        boolean check = invocation.has(Switch.TESTING) || invocation.command() == Command.CHECK;
        return check ? MigrationRun.Task.CHECK : MigrationRun.Task.RUN;
    }

    /** Names are UTF-8 whatever the locale of a container says. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("SystemConsoleNull")
    private static boolean colour(Environment environment) {
        boolean asked =
                environment.variable("NO_COLOR").orElse("").isEmpty()
                        && !environment.variable("TERM").orElse("dumb").equals("dumb");
        return asked && System.console() != null && System.console().isTerminal();
    }
}
