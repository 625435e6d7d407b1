package warp.migration;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import warp.config.ConnectionSettings;
import warp.config.MigrationSettings;
import warp.config.Warning;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.status.SlotStatus;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.protection.SlotState;
import warp.protection.SourceLook;
import warp.protection.SourceState;
import warp.state.StatusStore;

/**
 * Asks both sides of a migration, at the same time, how it is. One session a side, which only
 * reads; neither waits for long.
 */
final class StatusReading {

    /** Its sessions are none of the migration's. */
    private static final String APPLICATION_NAME = "warp status";

    /** For a login, and before a server that says nothing is looked into. */
    private static final int PATIENCE_SECONDS = 5;

    private final MigrationSettings settings;
    private final Consumer<Warning> warnings;

    /**
     * @param warnings hears what is to be said of a login; from any thread
     */
    StatusReading(MigrationSettings settings, Consumer<Warning> warnings) {
        this.settings = settings;
        this.warnings = warnings;
    }

    /** What one side told, or why it did not. */
    private record Answer<T>(Optional<T> told, Optional<WarpException> trouble) {}

    /**
     * Reads it. What goes wrong at a side is part of the answer.
     *
     * @throws InterruptedException where the thread is interrupted, which ends both sessions: at
     *     once where it is a virtual thread, else when the servers have answered
     */
    MigrationStatus read() throws InterruptedException {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(ofItsKind())) {
            Future<Answer<SlotStatus>> source =
                    threads.submit(() -> ask(settings.source(), this::slot));
            Future<Answer<StatusStore.Found>> destination =
                    threads.submit(() -> ask(settings.destination(), this::state));
            Answer<StatusStore.Found> found = join(destination);
            Answer<SlotStatus> slot = join(source);
            return new MigrationStatus(
                    settings.name(),
                    settings.slot(),
                    settings.source().display(),
                    settings.destination().display(),
                    found.told().flatMap(StatusStore.Found::state),
                    found.told().map(StatusStore.Found::others).orElse(List.of()),
                    slot.told(),
                    slot.trouble(),
                    found.trouble());
        }
    }

    /** The caller decides whether virtual threads wait for the servers. */
    private static ThreadFactory ofItsKind() {
        return Thread.currentThread().isVirtual()
                ? Thread.ofVirtual().factory()
                : Thread.ofPlatform().factory();
    }

    private <T> Answer<T> ask(ConnectionSettings where, Function<Session, T> question) {
        Connector connector =
                new Connector(where.hastened(PATIENCE_SECONDS), APPLICATION_NAME, warnings);
        try (Session session = connector.open()) {
            return new Answer<>(Optional.of(question.apply(session)), Optional.empty());
        } catch (WarpException problem) {
            return new Answer<>(Optional.empty(), Optional.of(problem));
        }
    }

    private StatusStore.Found state(Session destination) {
        return new StatusStore(destination, settings.slot())
                .read(MigrationLock.LOCK_CLASS, MigrationLock.lockObject(settings.slot()));
    }

    private SlotStatus slot(Session source) {
        SourceState state =
                SourceLook.read(source, Ends.applicationName(settings.slot()), settings.slot());
        return new SlotStatus(
                state.position(),
                state.slot().map(StatusReading::kind).orElse(SlotStatus.Kind.MISSING),
                state.slot().map(SlotState::confirmed).orElse(Lsn.NONE),
                state.slot().map(SlotState::restart).orElse(Lsn.NONE),
                state.slot().flatMap(SlotState::safeBytes),
                state.slot().flatMap(SlotState::invalidation));
    }

    private static SlotStatus.Kind kind(SlotState slot) {
        if (slot.lost()) {
            return SlotStatus.Kind.LOST;
        }
        return slot.active() ? SlotStatus.Kind.ACTIVE : SlotStatus.Kind.IDLE;
    }

    private static <T> T join(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException defect) {
            if (defect.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw new IllegalStateException(defect.getCause());
        }
    }
}
