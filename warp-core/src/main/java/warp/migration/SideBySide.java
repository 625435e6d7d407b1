package warp.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs independent jobs, a bounded number of them at once. */
record SideBySide(int workers) {

    /**
     * Runs them all and waits for the last.
     *
     * @throws RuntimeException what the first failing job threw, once all have ended
     */
    void run(List<Runnable> jobs) throws InterruptedException {
        try (ExecutorService pool =
                Executors.newFixedThreadPool(workers, Thread.ofVirtual().factory())) {
            List<Future<?>> futures = new ArrayList<>();
            jobs.forEach(job -> futures.add(pool.submit(job)));
            RuntimeException first = null;
            for (Future<?> future : futures) {
                RuntimeException problem = outcome(future);
                first = first == null ? problem : first;
            }
            if (first != null) {
                throw first;
            }
        }
    }

    private static @org.jspecify.annotations.Nullable RuntimeException outcome(Future<?> future)
            throws InterruptedException {
        try {
            future.get();
            return null;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException problem) {
                return problem;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }
}
