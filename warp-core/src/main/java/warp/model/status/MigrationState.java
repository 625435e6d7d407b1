package warp.model.status;

import java.util.List;
import java.util.Optional;
import warp.model.Lsn;
import warp.model.Phase;
import warp.model.TableName;

/**
 * What the destination has written down of a migration.
 *
 * @param begun where it comes from, and when it began
 * @param since when the phase was entered
 * @param worker who works on it now; empty where no Warp does
 * @param progress up to where changes are applied; empty before there is a slot
 * @param held tables whose changes are kept instead of being applied, by name
 * @param owed what was taken away and is to be put back, a line a kind
 * @param refused what could not be made or put back when it was last tried
 * @param identities how many tables of the source have another replica identity until {@code
 *     --clean}
 * @param spool where changes wait on a disk; empty where none do
 */
public record MigrationState(
        Phase phase,
        Begun begun,
        Moment since,
        Optional<Worker> worker,
        Copied copied,
        Optional<Applied> progress,
        List<Held> held,
        List<Owed> owed,
        List<Refused> refused,
        int identities,
        Optional<Spool> spool) {

    public MigrationState {
        held = List.copyOf(held);
        owed = List.copyOf(owed);
        refused = List.copyOf(refused);
    }

    /**
     * A time of the destination's clock.
     *
     * @param time as ISO 8601 in UTC, whole seconds
     * @param secondsAgo by the same clock
     */
    public record Moment(String time, long secondsAgo) {}

    /**
     * How a migration began.
     *
     * @param address {@code host:port} of the source
     * @param plugin of the slot
     * @param version of the Warp that began it
     */
    public record Begun(
            String address, String database, String plugin, String version, Moment at) {}

    /**
     * The process that holds the migration's lock.
     *
     * @param address of its machine, as the destination sees it
     * @param since when its session began
     */
    public record Worker(String address, Moment since) {}

    /**
     * How far the copy is.
     *
     * @param tables how many the migration has
     * @param tablesCopied those whose rows are all there
     * @param tablesSuspect those of which a lost slot left open as of when they are
     * @param chunks how many parts the tables are copied in
     * @param chunksCopied those that are there
     * @param rows how many were copied
     * @param bytes what the rows came to on their way
     * @param bytesLeft what is missing of the tables that are copied in several chunks, by the size
     *     of their files at the source
     * @param unfinished the tables with the most chunks that are missing, a few of them
     */
    public record Copied(
            long tables,
            long tablesCopied,
            long tablesSuspect,
            long chunks,
            long chunksCopied,
            long rows,
            long bytes,
            long bytesLeft,
            List<Unfinished> unfinished) {
        public Copied {
            unfinished = List.copyOf(unfinished);
        }
    }

    /** A table that is not copied yet. */
    public record Unfinished(TableName table, long chunks, long chunksCopied) {}

    /**
     * The row of {@code warp.progress}.
     *
     * @param lsn everything that ended at or before it is applied
     * @param moved when that was last written
     * @param transactions of the source that were applied
     */
    public record Applied(Lsn lsn, Moment moved, long transactions) {}

    /**
     * A held table.
     *
     * @param since UTC, for people
     * @param changes how many wait
     * @param statements what a person can run at the destination; empty where only the reason helps
     * @param mends whether it comes back by itself: it is being copied again, or its copy is of a
     *     later position than what is applied
     */
    public record Held(
            TableName table,
            String reason,
            String since,
            long changes,
            List<String> statements,
            boolean mends) {
        public Held {
            statements = List.copyOf(statements);
        }
    }

    /** So many indexes, keys, triggers … that are to be put back. */
    public record Owed(String kind, int count) {}

    /**
     * An object that the destination refused.
     *
     * @param statement would make it
     */
    public record Refused(String object, String statement, String sqlState, String message) {}

    /** A folder on one machine's disk. */
    public record Spool(String host, String folder) {}

    /** The held tables that wait for a person. */
    public List<Held> heldForGood() {
        return held.stream().filter(each -> !each.mends()).toList();
    }

    /** Whether a Warp works on it now. */
    public boolean isWorkedOn() {
        return worker.isPresent();
    }
}
