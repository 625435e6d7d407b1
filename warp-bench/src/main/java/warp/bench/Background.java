package warp.bench;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A program of the {@link Workplace} that runs while something else is measured. Closing it stops
 * it.
 *
 * @param name for messages
 * @param log what it prints
 */
record Background(String name, Process process, Path log, Workplace workplace)
        implements AutoCloseable {

    /** Processor time so far, in seconds; 0 once it has ended. */
    double cpuSeconds() {
        return CpuSeconds.ofProcess(process.pid());
    }

    /** Throws if it has ended by itself. */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchException(Workplace.lastWords(name, process, log));
        }
    }

    /** Waits for its end by itself, which must be a good one. */
    void await(long secondsMax) {
        try {
            if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
                throw new BenchException("%s did not end in %d s".formatted(name, secondsMax));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while waiting for " + name, e);
        }
        if (process.exitValue() != 0) {
            throw new BenchException(Workplace.lastWords(name, process, log));
        }
    }

    @Override
    public void close() {
        workplace.end(process);
    }
}
