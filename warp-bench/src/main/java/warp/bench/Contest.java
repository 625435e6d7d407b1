package warp.bench;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.sandbox.SandboxException;

/** Measures contestants in turn and keeps what came of it. For one thread. */
final class Contest {

    /** Part of a contestant's work. */
    @FunctionalInterface
    interface Step {
        void run() throws SQLException;
    }

    /**
     * Who is measured.
     *
     * @param preparation what must be there before, in nobody's time
     * @param work what is measured
     * @param proof throws unless the whole job was done
     * @param tidying removes what the work has left, also when it failed
     */
    record Contestant(String name, Step preparation, Step work, Step proof, Step tidying) {

        Contestant named(String other) {
            return new Contestant(other, preparation, work, proof, tidying);
        }
    }

    private final Servers servers;
    private final Workplace workplace;
    private final PrintStream err;
    private final List<Measurement> runs = new ArrayList<>();

    Contest(Servers servers, Workplace workplace, PrintStream err) {
        this.servers = servers;
        this.workplace = workplace;
        this.err = err;
    }

    /** Everything measured so far. */
    Runs runs() {
        return new Runs(runs);
    }

    /** Measures each; every second run in the opposite order, so that none is always first. */
    void run(int run, List<Contestant> contestants) throws SQLException {
        for (Contestant each : run % 2 == 1 ? contestants : contestants.reversed()) {
            measure(run, each);
        }
    }

    private void measure(int run, Contestant contestant) throws SQLException {
        contestant.preparation().run();
        servers.settle();
        double load = Machine.now().load();
        CpuSeconds before = CpuSeconds.now(servers.source(), servers.destination());
        workplace.forgetPeak();
        long start = System.nanoTime();
        @Nullable String failure = failure(contestant.work());
        double seconds = (System.nanoTime() - start) / 1e9;
        long peakBytes = workplace.peakBytes();
        CpuSeconds cpu = CpuSeconds.now(servers.source(), servers.destination()).minus(before);
        if (failure == null) {
            failure = failure(contestant.proof());
        }
        @Nullable String untidy = failure(contestant.tidying());
        runs.add(
                new Measurement(
                        contestant.name(),
                        run,
                        seconds,
                        cpu,
                        peakBytes,
                        load,
                        failure == null ? untidy : failure));
        say(run, contestant.name(), failure == null ? untidy : failure, seconds);
    }

    private @Nullable String failure(Step step) {
        try {
            step.run();
            return null;
        } catch (BenchException | SandboxException | SQLException e) {
            if (workplace.isStopping()) {
                throw new BenchException("stopped", e);
            }
            return String.valueOf(e.getMessage());
        }
    }

    private void say(int run, String name, @Nullable String failure, double seconds) {
        String result = failure == null ? "%.2f s".formatted(seconds) : "FAILED: " + failure;
        err.println("bench: run %d: %s: %s".formatted(run, name, result));
    }
}
