package warp.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.Session;
import warp.postgres.wire.FrameSource;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.protection.SlotLoss;
import warp.spool.Spool;
import warp.spool.SpoolIdentity;
import warp.spool.SpooledFrames;
import warp.state.MigrationRecord;
import warp.state.SpoolStore;

/**
 * What an earlier run has put into a spool, as {@code warp.spool} tells of it and as it is found on
 * this machine.
 *
 * <p>What the slot was told of and the destination does not have is there, or it is lost: there is
 * no third. So it is looked for before anything else is done, and where it does not reach from the
 * progress to what the slot was told, nothing is replicated ({@link ResumePoint}).
 *
 * <p>For one thread.
 */
final class SpoolBacklog implements AutoCloseable {

    private final MigrationSettings settings;
    private final SpoolStore.@Nullable Place noted;
    private @Nullable Spool spool;

    private SpoolBacklog(
            MigrationSettings settings, SpoolStore.@Nullable Place noted, @Nullable Spool spool) {
        this.settings = settings;
        this.noted = noted;
        this.spool = spool;
    }

    /**
     * Looks for the spool that is noted down: below the folder asked for now, then where it was.
     *
     * @throws WarpException STATE where another process works with it; FILE
     */
    static SpoolBacklog find(
            MigrationSettings settings,
            MigrationRecord record,
            Session destination,
            Progress progress) {
        Optional<SpoolStore.Place> noted = new SpoolStore(destination, settings.slot()).find();
        if (noted.isEmpty()) {
            return new SpoolBacklog(settings, null, null);
        }
        SpoolIdentity identity = identity(noted.get().id(), record);
        for (Path folder : candidates(settings, noted.get())) {
            Optional<Spool> found = Spool.open(folder, identity, progress);
            if (found.isPresent()) {
                return new SpoolBacklog(settings, noted.get(), found.get());
            }
        }
        return new SpoolBacklog(settings, noted.get(), null);
    }

    /** What a spool of this migration is known by. */
    static SpoolIdentity identity(String id, MigrationRecord record) {
        return new SpoolIdentity(
                id, record.sourceSystem(), record.sourceDatabase(), record.slot(), record.plugin());
    }

    private static List<Path> candidates(MigrationSettings settings, SpoolStore.Place noted) {
        Path was = Path.of(noted.folder());
        List<Path> folders = new ArrayList<>();
        settings.options()
                .spool()
                .folderAsked()
                .map(parent -> Path.of(parent).resolve(was.getFileName()))
                .ifPresent(folders::add);
        if (!folders.contains(was)) {
            folders.add(was);
        }
        return folders;
    }

    /** Whether it holds all changes from one position to the other. */
    boolean covers(Lsn from, Lsn to) {
        Spool found = spool;
        return found != null && !found.start().isAfter(from) && !found.end().isBefore(to);
    }

    /** Whether the changes that come next are here. */
    private boolean isDue(Lsn progress) {
        Spool found = spool;
        return found != null && !found.start().isAfter(progress) && found.end().isAfter(progress);
    }

    /** Whether a spool was made, wherever it is. */
    boolean isNoted() {
        return noted != null;
    }

    /** Where it was, if it is not found here. */
    Optional<SpoolStore.Place> missing() {
        return spool == null ? Optional.ofNullable(noted) : Optional.empty();
    }

    /** Whether it is on another machine, as far as is known, and not lost. */
    boolean isElsewhere() {
        return missing().filter(place -> !place.host().equals(SpoolPlaces.thisHost())).isPresent();
    }

    /**
     * The error where the source was told of changes that are neither at the destination nor here.
     */
    WarpException lost(Lsn progress, Lsn confirmed) {
        SpoolStore.Place place = noted;
        if (place == null) {
            throw new IllegalStateException("no spool is noted down");
        }
        String changes = "the changes from %s to %s".formatted(progress, confirmed);
        Spool found = spool;
        WarpException problem;
        if (found != null) {
            problem =
                    error(
                                    "%s were kept in the spool %s, which holds only those from %s to %s: files of it are missing or damaged"
                                            .formatted(
                                                    changes,
                                                    found.folder(),
                                                    found.start(),
                                                    found.end()))
                            .hint("Bring the missing files back, then run the same command again.");
        } else if (!isElsewhere()) {
            problem =
                    error(
                                    "%s were kept in the spool %s, which is gone or unreadable"
                                            .formatted(changes, place.folder()))
                            .hint("Bring the folder back, then run the same command again.");
        } else {
            problem =
                    error(
                                    "%s wait in the spool %s on host %s; this is %s"
                                            .formatted(
                                                    changes,
                                                    place.folder(),
                                                    place.host(),
                                                    SpoolPlaces.thisHost()))
                            .hint("Run the same command on %s.".formatted(place.host()))
                            .hint(
                                    "Or bring that folder here, and add --spool-dir=DIR, the folder"
                                            + " it is in.");
        }
        return problem.hint(
                isElsewhere()
                        ? "If it is lost for good, start over: run the same command with --clean,"
                                + " then without."
                        : "If it is lost for good: " + SlotLoss.REPAIR);
    }

    private static WarpException error(String message) {
        return new WarpException(ErrorCode.STATE, message).at(Side.DESTINATION);
    }

    /**
     * Throws away what is not needed: all of it has been applied, or it was never told of.
     *
     * @param progress at which the slot can be streamed as well, unless the spool is due
     */
    void dropUnlessDue(Lsn progress, Session destination, EventLog log) {
        if (noted != null && !isDue(progress)) {
            remove(destination);
            log.detail("The spool of an earlier run is not needed any more.");
        }
    }

    /** Hands the spool over, to be written on; empty where it does not reach to the progress. */
    Optional<Spool> take(Lsn progress) {
        if (!covers(progress, progress)) {
            return Optional.empty();
        }
        Optional<Spool> found = Optional.ofNullable(spool);
        spool = null;
        return found;
    }

    /** Removes files and note, in this order: a note without files is of no spool that is due. */
    void remove(Session destination) {
        if (noted == null) {
            return;
        }
        FaultPoint.SPOOL_REMOVED.before();
        Spool found = spool;
        spool = null;
        if (found != null) {
            found.remove();
        } else {
            Spool.removeEmpty(Path.of(noted.folder()));
        }
        new SpoolStore(destination, settings.slot()).forget();
        FaultPoint.SPOOL_REMOVED.after();
    }

    /** The changes from the progress on: of the spool, then of the slot. */
    FrameSource frames(Lsn progress, Function<Lsn, FrameSource> slot, EventLog log) {
        Spool found = spool;
        if (found == null || !isDue(progress)) {
            return slot.apply(progress);
        }
        log.info(
                "Applying what was spooled (%,d MB) before what came after %s..."
                        .formatted(found.bytes() >> 20, found.end()));
        return new SpooledFrames(found, progress, slot);
    }

    /** Whether all of it has arrived at the destination, and it is still there. */
    boolean isConsumed(Lsn durable) {
        Spool found = spool;
        return found != null && !found.end().isAfter(durable);
    }

    /** Lets go of the files; they stay. */
    @Override
    public void close() {
        Spool found = spool;
        if (found != null) {
            found.close();
        }
    }
}
