package warp.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import warp.config.TimeSpan;
import warp.config.Warning;
import warp.console.StatusJson;
import warp.console.StatusText;
import warp.console.TerminalLog;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.migration.MigrationStatus;
import warp.migration.NextStep;

/** {@code warp status}: asks all migrations at once and prints what they are like. */
final class StatusRun {

    private static final TimeSpan LEAST = TimeSpan.seconds(1);

    private static final TimeSpan USUAL = TimeSpan.seconds(2);

    /** Top left, and nothing below. */
    private static final String REPAINT = "\u001b[H\u001b[J";

    private final List<MigrationPlan> plans;
    private final Invocation invocation;
    private final Surroundings surroundings;
    private final TerminalLog terminal;
    private final Set<Warning> warned = ConcurrentHashMap.newKeySet();

    StatusRun(
            List<MigrationPlan> plans,
            Invocation invocation,
            Surroundings surroundings,
            TerminalLog terminal) {
        this.plans = plans;
        this.invocation = invocation;
        this.surroundings = surroundings;
        this.terminal = terminal;
    }

    /**
     * Refuses what only this command takes.
     *
     * @throws WarpException USAGE
     */
    static void requireOwnSwitches(Invocation invocation) {
        for (Switch each : List.of(Switch.JSON, Switch.WATCH)) {
            if (invocation.has(each) && invocation.command() != Command.STATUS) {
                throw new WarpException(ErrorCode.USAGE, each.longName() + " is for warp status")
                        .hint("put the word status before it");
            }
        }
    }

    /** Once, or until stopped. */
    ExitCode run() throws InterruptedException {
        return invocation.has(Switch.WATCH) ? watch(interval()) : once();
    }

    private Duration interval() {
        return invocation
                .value(Switch.WATCH)
                .filter(text -> !text.isEmpty())
                .map(text -> TimeSpan.parse(text, Switch.WATCH.longName(), LEAST, ErrorCode.USAGE))
                .orElse(USUAL)
                .duration();
    }

    private ExitCode once() throws InterruptedException {
        List<MigrationStatus> all = look(Thread.ofPlatform().factory());
        List<ExitCode> codes = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (!json()) {
                print(i > 0 ? "\n" : "");
            }
            print(full(all.get(i), plans.get(i)));
            for (WarpException trouble : all.get(i).troubles()) {
                codes.add(trouble.code().exitCode());
                if (!json()) {
                    terminal.error(trouble.summary(), trouble.hints());
                }
            }
        }
        return Severity.worst(codes);
    }

    private ExitCode watch(Duration interval) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        surroundings.stop().onStop(stopped::countDown);
        boolean repaints = surroundings.screen().colour() && !json();
        do {
            List<MigrationStatus> all = look(Thread.ofVirtual().factory());
            StringBuilder text = new StringBuilder(repaints ? REPAINT : "");
            for (int i = 0; i < all.size(); i++) {
                if (repaints) {
                    text.append(i > 0 ? "\n" : "").append(full(all.get(i), plans.get(i)));
                    all.get(i)
                            .troubles()
                            .forEach(trouble -> text.append(StatusText.trouble(trouble)));
                } else if (json()) {
                    text.append(full(all.get(i), plans.get(i)));
                } else {
                    text.append(StatusText.line(all.get(i), surroundings.clock()));
                }
            }
            print(text.toString());
        } while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        return surroundings.stop().exitCode().orElse(ExitCode.INTERRUPTED);
    }

    private boolean json() {
        return invocation.has(Switch.JSON);
    }

    private String full(MigrationStatus status, MigrationPlan plan) {
        NextStep next =
                NextStep.of(status, AgainCommand.of(surroundings.program(), invocation, plan));
        return json() ? StatusJson.of(status, next) : StatusText.of(status, next);
    }

    private void print(String text) {
        surroundings.screen().out().print(text);
        surroundings.screen().out().flush();
    }

    /**
     * @param kind virtual threads let go of a server that does not answer when they are
     *     interrupted; but once one of them has waited for a socket, the JVM takes 0.3 s to end, as
     *     it waits in vain for its own poller of sockets
     */
    private List<MigrationStatus> look(ThreadFactory kind) throws InterruptedException {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(kind)) {
            List<Future<MigrationStatus>> looks = new ArrayList<>();
            for (MigrationPlan plan : plans) {
                looks.add(
                        threads.submit(() ->
                                surroundings
                                        .migrations()
                                        .status(plan.settings(), this::warn, surroundings.stop())));
            }
            List<MigrationStatus> all = new ArrayList<>();
            for (Future<MigrationStatus> look : looks) {
                all.add(look.get());
            }
            return all;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof InterruptedException stopped) {
                throw stopped;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** Each once, however often is looked. */
    private void warn(Warning warning) {
        if (warned.add(warning)) {
            terminal.warn(warning.line(), List.of(warning.hint()));
        }
    }
}
