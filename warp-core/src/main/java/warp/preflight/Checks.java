package warp.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Checks that are made side by side, as each waits for one of two servers most of its time. What
 * they find is told in the order in which they were begun, whichever ended first; where several
 * fail, the first of them is told. For one thread.
 */
final class Checks implements AutoCloseable {

    private final List<Answer<?>> begun = new ArrayList<>();

    /** What a check comes to, and what it finds. */
    static final class Answer<T> {
        private final Findings findings = new Findings();
        private final FutureTask<T> task;
        private final Thread thread;

        private Answer(String name, Function<Findings, T> question) {
            this.task = new FutureTask<>(() -> question.apply(findings));
            this.thread = Thread.ofVirtual().name(name).start(task);
        }

        private boolean failed() {
            return task.state() == Future.State.FAILED;
        }

        /** Once it was waited for, and has not failed. */
        T value() {
            return task.resultNow();
        }
    }

    /** Begins a check; it writes into findings of its own. */
    void begin(Consumer<Findings> check) {
        ask(findings -> {
            check.accept(findings);
            return true;
        });
    }

    /** Begins to find out what others need to know; see {@link #await}. */
    <T> Answer<T> ask(Function<Findings, T> question) {
        Answer<T> answer = new Answer<>("check-" + begun.size(), question);
        begun.add(answer);
        return answer;
    }

    /**
     * Waits for what {@link #ask} began.
     *
     * @throws RuntimeException where it fails: of the first check that does, once all have ended
     */
    <T> T await(Answer<T> answer) {
        join(answer.thread);
        if (answer.failed()) {
            end();
        }
        return answer.value();
    }

    /**
     * Waits for all of them.
     *
     * @return what they found, in the order in which they were begun
     * @throws RuntimeException of the first that failed
     */
    List<Finding> end() {
        begun.forEach(check -> join(check.thread));
        begun.stream()
                .filter(Answer::failed)
                .findFirst()
                .ifPresent(check -> {
                    switch (check.task.exceptionNow()) {
                        case RuntimeException problem -> throw problem;
                        case Error defect -> throw defect;
                        case Throwable other -> throw new IllegalStateException(other);
                    }
                });
        return begun.stream().flatMap(check -> check.findings.all().stream()).toList();
    }

    /**
     * Waits for the end of one, whatever happens: its session is in use until then. An interruption
     * is passed on, which ends what it waits for.
     */
    private void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                interrupted = true;
                begun.forEach(check -> check.thread.interrupt());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** None of them goes on after this. */
    @Override
    public void close() {
        begun.forEach(check -> join(check.thread));
    }
}
