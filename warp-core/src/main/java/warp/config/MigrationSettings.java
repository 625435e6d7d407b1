package warp.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Lsn;

/**
 * One migration as the user asked for it: both ends, what to move, how. Complete and checked;
 * nothing else is read later. Several may run in one process, so nothing of it is shared.
 *
 * @param name what distinguishes it from its siblings: the config file's name, or {@code warp}
 * @param slot name of the slot, and of the publication and origin; {@code [a-z0-9_]{1,63}}
 * @param tables pg_dump's patterns of what to include; empty for everything
 * @param excludedTables pg_dump's patterns of what to leave out
 * @param readers most sessions that copy at once, 1 to 64; null to let Warp decide
 * @param batchStatementsMax most statements to a round trip in ordered mode, 1 to 100,000
 * @param batchTransactionsMax most source transactions in one destination transaction, 1 to 100,000
 * @param setsAllowed whether a backlog may be applied set by set, in batches larger than these
 * @param skipInitialSync only replicate
 * @param keepIndexes leave the destination's indexes in place during the copy
 * @param assumeYes {@code --yes}: answer every question with yes
 * @param until when to end by itself
 * @param schema which schemas take part, and whether they are made at the destination
 */
public record MigrationSettings(
        String name,
        ConnectionSettings source,
        ConnectionSettings destination,
        String slot,
        List<String> tables,
        List<String> excludedTables,
        @Nullable Integer readers,
        int batchStatementsMax,
        int batchTransactionsMax,
        boolean setsAllowed,
        boolean skipInitialSync,
        boolean keepIndexes,
        boolean assumeYes,
        Until until,
        SchemaOptions schema) {

    public MigrationSettings {
        tables = List.copyOf(tables);
        excludedTables = List.copyOf(excludedTables);
    }

    /** Of every schema, without making any. */
    public MigrationSettings(
            String name,
            ConnectionSettings source,
            ConnectionSettings destination,
            String slot,
            List<String> tables,
            List<String> excludedTables,
            @Nullable Integer readers,
            int batchStatementsMax,
            int batchTransactionsMax,
            boolean setsAllowed,
            boolean skipInitialSync,
            boolean keepIndexes,
            boolean assumeYes,
            Until until) {
        this(
                name,
                source,
                destination,
                slot,
                tables,
                excludedTables,
                readers,
                batchStatementsMax,
                batchTransactionsMax,
                setsAllowed,
                skipInitialSync,
                keepIndexes,
                assumeYes,
                until,
                SchemaOptions.NONE);
    }

    /** The same with other wishes about schemas. */
    public MigrationSettings with(SchemaOptions other) {
        return new MigrationSettings(
                name,
                source,
                destination,
                slot,
                tables,
                excludedTables,
                readers,
                batchStatementsMax,
                batchTransactionsMax,
                setsAllowed,
                skipInitialSync,
                keepIndexes,
                assumeYes,
                until,
                other);
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

    public Optional<Integer> readersAsked() {
        return Optional.ofNullable(readers);
    }
}
