package warp.migration;

import java.util.function.Consumer;
import warp.config.MigrationSettings;
import warp.config.Warning;
import warp.error.ExitCode;
import warp.progress.EventLog;
import warp.progress.Prompt;
import warp.progress.StopSignal;

/**
 * What can be done with one migration. Each call does it from beginning to end on the caller's
 * thread; several may run side by side. Operating errors are thrown as {@code WarpException}.
 */
public interface Migrations {

    /** Runs or resumes it. */
    ExitCode run(MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop)
            throws InterruptedException;

    /** Tests both connections and everything a migration needs; changes nothing. */
    ExitCode check(MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop)
            throws InterruptedException;

    /**
     * Tells how it is, from whichever side answers; changes nothing.
     *
     * @param warnings hears what is to be said of a login; from any thread
     * @throws InterruptedException where a stop was requested
     */
    MigrationStatus status(MigrationSettings settings, Consumer<Warning> warnings, StopSignal stop)
            throws InterruptedException;

    /**
     * Drops slot, publication, origin and Warp's state, and puts back what was taken away.
     *
     * @param full {@code --clean-full}; files of this machine are the caller's to remove
     */
    ExitCode clean(
            MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop, boolean full)
            throws InterruptedException;
}
