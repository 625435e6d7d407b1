package warp.migration;

import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.progress.EventLog;
import warp.progress.Prompt;
import warp.progress.StopSignal;

/** Migrations between real servers. */
public final class LiveMigrations implements Migrations {

    @Override
    public ExitCode run(MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop) {
        throw notYet();
    }

    @Override
    public ExitCode check(
            MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop) {
        throw notYet();
    }

    @Override
    public ExitCode clean(
            MigrationSettings settings,
            EventLog log,
            Prompt prompt,
            StopSignal stop,
            boolean full) {
        throw notYet();
    }

    private static WarpException notYet() {
        return new WarpException(ErrorCode.NOT_YET, "migrations are not built yet");
    }
}
