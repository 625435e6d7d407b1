package warp.migration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import warp.config.MigrationSettings;
import warp.copy.staging.Manifest;
import warp.copy.staging.StagedFiles;
import warp.error.ErrorCode;
import warp.error.ExitCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Phase;
import warp.model.Side;
import warp.model.TableName;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Patience;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.state.CopyStore;
import warp.state.MigrationRecord;
import warp.state.MigrationStore;

/**
 * {@code --restore-only}: loads what the directory holds of a copy that was interrupted, puts
 * indexes and keys back, and ends. The source is not asked for anything; its slot keeps the changes
 * until somebody replicates them.
 */
final class RestoreOnly {

    private static final Duration STOPS_BY_ITSELF = Duration.ofSeconds(1);
    private static final int NAMES_SHOWN = 5;

    private final Run run;
    private final MigrationSettings settings;
    private final EventLog log;
    private final StopSignal stop;
    private final Ends ends;

    RestoreOnly(MigrationSettings settings, EventLog log, StopSignal stop, Patience patience) {
        this.settings = settings;
        this.log = log;
        this.stop = stop;
        this.ends = Ends.of(settings, log);
        this.run = new Run(settings, ends, new Progress(), log, stop, patience);
    }

    ExitCode run() throws InterruptedException {
        try (Session destination = ends.destination().open();
                CutAtStop _ = new CutAtStop(stop, STOPS_BY_ITSELF, destination::abort);
                Staging staging = new Staging(settings, run.progress(), log)) {
            run.patience().met();
            MigrationLock.acquire(destination, settings.slot(), log, stop);
            MigrationStore store = new MigrationStore(destination, settings.slot());
            MigrationRecord known =
                    store.find().orElseThrow(() -> nothing("no copy of that slot was begun there"));
            if (known.phase() == Phase.REPLICATE) {
                log.info("All rows are loaded already: nothing to do. " + next());
                return ExitCode.DONE;
            }
            staging.goOn(known);
            boolean there = known.phase() == Phase.COPY && store.uncopied().isEmpty();
            if (there || known.phase() == Phase.INDEX) {
                return finished(destination, copy(staging, store));
            }
            StagedFiles files =
                    staging.left(new CopyStore(destination, settings.slot()).copying())
                            .orElseThrow(() ->
                                    nothing(
                                            "the directory has no file of the copy that was"
                                                    + " begun"));
            CopyPhase copy = copy(staging, store);
            if (!copy.load(destination, files, Set.of())) {
                throw incomplete(store.uncopied(), files.manifest());
            }
            return finished(destination, copy);
        }
    }

    private CopyPhase copy(Staging staging, MigrationStore store) {
        // Never begun: what is only loaded reads no slot.
        return new CopyPhase(run, store, staging, new Spooling(run), () -> false);
    }

    /** Puts back what is owed to all tables of the migration. */
    private ExitCode finished(Session destination, CopyPhase copy) throws InterruptedException {
        copy.loaded();
        copy.indexes().putBackAll(destination);
        Unfinished unfinished = Unfinished.read(destination, settings.slot());
        unfinished.say(log);
        log.info("All rows of the files are loaded. " + next());
        return unfinished.code();
    }

    private String next() {
        return "Slot %s keeps every change since at the source: run the same command without --restore-only, or with --skip-initial-sync instead, to replicate them."
                .formatted(settings.slot());
    }

    private WarpException nothing(String why) {
        Optional<Path> directory = settings.options().staging().directoryAsked().map(Path::of);
        return new WarpException(
                        ErrorCode.STATE,
                        "there is nothing to load from %s: %s"
                                .formatted(directory.map(Path::toString).orElse("--tmp-dir"), why))
                .at(Side.DESTINATION)
                .hint("The same command without --restore-only copies from the source.");
    }

    private static WarpException incomplete(List<TableName> tables, Manifest manifest) {
        List<String> shown = tables.stream().limit(NAMES_SHOWN).map(TableName::toString).toList();
        String names =
                String.join(", ", shown)
                        + (tables.size() > NAMES_SHOWN
                                ? " and " + (tables.size() - NAMES_SHOWN) + " more"
                                : "");
        Lsn at = manifest.snapshot();
        return new WarpException(
                        ErrorCode.STATE,
                        manifest.complete()
                                ? "the files do not hold all rows any more; missing are some of "
                                        + names
                                : "not all rows had been read into files, as of %s; missing are some of %s"
                                        .formatted(at, names))
                .hint("The same command without --restore-only copies them from the source.");
    }
}
