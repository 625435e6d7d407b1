package warp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import warp.console.FileLog;
import warp.console.MigrationLog;
import warp.console.TeeLog;
import warp.console.TerminalLog;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.progress.EventLog;
import warp.progress.Prompt;

/** One migration from its first line to its exit code; nothing gets past it but that code. */
final class MigrationRun implements Callable<ExitCode> {

    /** What to do with the migration. */
    enum Task {
        RUN,
        CHECK,
        CLEAN,
        CLEAN_FULL
    }

    private final MigrationPlan plan;
    private final Task task;
    private final boolean verbose;
    private final Surroundings surroundings;
    private final String prefix;
    private final Prompt prompt;

    /**
     * @param alone whether no other migration shares the terminal
     */
    MigrationRun(
            MigrationPlan plan,
            Task task,
            boolean verbose,
            boolean alone,
            Surroundings surroundings) {
        this.plan = plan;
        this.task = task;
        this.verbose = verbose;
        this.surroundings = surroundings;
        this.prefix = alone ? "" : plan.settings().name();
        this.prompt =
                alone ? surroundings.prompt() : new NamedPrompt(prefix, surroundings.prompt());
    }

    @Override
    public ExitCode call() {
        TerminalLog terminal =
                new TerminalLog(surroundings.screen(), surroundings.clock(), prefix, verbose);
        try {
            ExitCode code = logged(terminal);
            return task == Task.CLEAN_FULL && code == ExitCode.DONE ? removeFiles(terminal) : code;
        } catch (WarpException problem) {
            terminal.error(problem.summary(), problem.hints());
            return problem.code().exitCode();
        } catch (RuntimeException | Error defect) {
            return Defects.report(defect, terminal, plan.log(), surroundings.clock());
        }
    }

    private ExitCode logged(TerminalLog terminal) {
        if (!plan.logged()) {
            return attempt(terminal);
        }
        FileLog file = new FileLog(plan.log(), surroundings.clock(), verbose, terminal);
        try (MigrationLog log = new TeeLog(terminal, file)) {
            if (file.wasOpenToOthers()) {
                log.warn(
                        "log file %s was open to others until now; it is closed to them"
                                .formatted(plan.log()),
                        List.of("it holds names of your tables and servers, but no password"));
            }
            return attempt(log);
        }
    }

    private ExitCode attempt(MigrationLog log) {
        ExitCode code;
        try {
            code = perform(log);
        } catch (WarpException problem) {
            code = problem.code().exitCode();
            if (surroundings.endedBy(problem)) {
                code = surroundings.stop().exitCode().orElse(code);
            } else {
                log.error(problem.summary(), problem.hints());
                log.trace("Stack trace of the error above:", problem);
            }
        } catch (InterruptedException stopped) {
            code = surroundings.stop().exitCode().orElse(ExitCode.INTERRUPTED);
        }
        if (code == ExitCode.INTERRUPTED || code == ExitCode.TERMINATED) {
            log.info("Stopped. Run the same command again to go on.");
        }
        return code;
    }

    private ExitCode perform(EventLog log) throws InterruptedException {
        var settings = plan.settings();
        var stop = surroundings.stop();
        var migrations = surroundings.migrations();
        return switch (task) {
            case RUN -> migrations.run(settings, log, prompt, stop);
            case CHECK -> migrations.check(settings, log, prompt, stop);
            case CLEAN -> migrations.clean(settings, log, prompt, stop, false);
            case CLEAN_FULL -> migrations.clean(settings, log, prompt, stop, true);
        };
    }

    private ExitCode removeFiles(TerminalLog terminal) {
        List<Path> files =
                Stream.concat(plan.configFile().stream(), Stream.of(plan.log()))
                        .filter(Files::exists)
                        .toList();
        String names = String.join(" and ", files.stream().map(Path::toString).toList());
        if (files.isEmpty()) {
            return ExitCode.DONE;
        }
        if (!plan.settings().assumeYes() && !prompt.confirm("Remove " + names + "?")) {
            terminal.info("Kept " + names);
            return ExitCode.DONE;
        }
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
                terminal.info("Removed " + file);
            } catch (IOException problem) {
                throw new WarpException(
                        ErrorCode.FILE,
                        file + " cannot be removed: " + problem.getMessage(),
                        problem);
            }
        }
        return ExitCode.DONE;
    }
}
