package warp.migration;

import warp.config.MigrationSettings;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.progress.StopSignal;

/**
 * What all parts of one run of a migration share. Immutable; each of the things in it says itself
 * which threads it is for.
 *
 * @param settings what was asked for
 * @param ends where sessions come from
 * @param progress counts for whoever looks on
 * @param log what a person reads
 * @param stop of this migration alone
 * @param patience how often what failed is tried again
 */
record Run(
        MigrationSettings settings,
        Ends ends,
        Progress progress,
        EventLog log,
        StopSignal stop,
        Patience patience) {}
