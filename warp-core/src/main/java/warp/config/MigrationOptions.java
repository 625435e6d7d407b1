package warp.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one place, a config file or the command line, says about how to migrate; null where it says
 * nothing.
 *
 * @param tables empty for all
 * @param jobs sessions that copy at once
 * @param schema about schemas
 */
public record MigrationOptions(
        @Nullable String slot,
        List<String> tables,
        List<String> excludedTables,
        @Nullable Integer batchStatements,
        @Nullable Integer batchTransactions,
        @Nullable Integer jobs,
        boolean skipInitialSync,
        boolean keepIndexes,
        SchemaOptions schema) {

    /** Nothing asked for. */
    public static final MigrationOptions NONE =
            new MigrationOptions(
                    null, List.of(), List.of(), null, null, null, false, false, SchemaOptions.NONE);

    public MigrationOptions {
        tables = List.copyOf(tables);
        excludedTables = List.copyOf(excludedTables);
    }

    /** This, and where it says nothing the other: the command line over the file. */
    public MigrationOptions over(MigrationOptions other) {
        return new MigrationOptions(
                first(slot, other.slot),
                tables.isEmpty() ? other.tables : tables,
                excludedTables.isEmpty() ? other.excludedTables : excludedTables,
                first(batchStatements, other.batchStatements),
                first(batchTransactions, other.batchTransactions),
                first(jobs, other.jobs),
                skipInitialSync || other.skipInitialSync,
                keepIndexes || other.keepIndexes,
                schema.over(other.schema));
    }

    public int batchStatementsMax() {
        return Optional.ofNullable(batchStatements)
                .orElse(NumberSetting.BATCH_STATEMENTS.fallback());
    }

    public int batchTransactionsMax() {
        return Optional.ofNullable(batchTransactions)
                .orElse(NumberSetting.BATCH_TRANSACTIONS.fallback());
    }

    /** Who says how large a batch is wants batches of that size. */
    public boolean setsAllowed() {
        return batchStatements == null && batchTransactions == null;
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T other) {
        return own != null ? own : other;
    }
}
