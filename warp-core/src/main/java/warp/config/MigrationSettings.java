package warp.config;

import warp.model.Lsn;

/**
 * One migration as the user asked for it: both ends, what to move, how. Complete and checked;
 * nothing else is read later. Several may run in one process, so nothing of it is shared.
 *
 * @param name what distinguishes it from its siblings: the config file's name, or {@code warp}
 * @param slot name of the slot, and of the publication and origin; {@code [a-z0-9_]{1,63}}
 * @param options what to move and how, file and command line taken together
 * @param assumeYes {@code --yes}: answer every question with yes
 * @param until when to end by itself
 */
public record MigrationSettings(
        String name,
        ConnectionSettings source,
        ConnectionSettings destination,
        String slot,
        MigrationOptions options,
        boolean assumeYes,
        Until until) {

    /** The same with other options. */
    public MigrationSettings with(MigrationOptions other) {
        return new MigrationSettings(name, source, destination, slot, other, assumeYes, until);
    }

    /** The same between other ends. */
    public MigrationSettings between(ConnectionSettings from, ConnectionSettings to) {
        return new MigrationSettings(name, from, to, slot, options, assumeYes, until);
    }

    /**
     * Sessions that copy at once at either side: what was asked for, else what pays.
     *
     * @param far whether one of the servers is, wherever its address says: then several streams
     *     fill the link better than one, however few cores there are
     */
    public Jobs jobs(boolean far) {
        return options.jobsAsked()
                .map(Jobs::of)
                .orElseGet(() -> far ? Jobs.of(Jobs.USUAL) : jobsUsual());
    }

    /** Sessions that read at once, where rows go through files. */
    public int readers() {
        return options.readersAsked().orElseGet(() -> jobsUsual().largeAtOnce());
    }

    /** Sessions that load at once, where rows go through files. */
    public int writers() {
        return options.writersAsked().orElseGet(() -> jobsUsual().largeAtOnce());
    }

    private Jobs jobsUsual() {
        return Jobs.usual(source, destination);
    }

    /** When a migration ends by itself with exit code 0. */
    public sealed interface Until {
        /** Never: until stopped. */
        record Stopped() implements Until {}

        /** When every row of the snapshot is copied and indexes and keys are back. */
        record Copied() implements Until {}

        /**
         * When everything that was committed at the source when the replication started is applied.
         */
        record CaughtUp() implements Until {}

        /** When every transaction that ended at or before the position is applied. */
        record AtLsn(Lsn lsn) implements Until {}
    }
}
