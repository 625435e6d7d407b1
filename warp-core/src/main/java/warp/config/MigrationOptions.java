package warp.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one place, a config file or the command line, says about how to migrate; null where it says
 * nothing.
 *
 * @param slot name of the slot
 * @param tables pg_dump's patterns of what to include; empty for everything
 * @param excludedTables pg_dump's patterns of what to leave out
 * @param batchStatements most statements to a round trip in ordered mode, 1 to 100,000
 * @param batchTransactions most source transactions in one destination transaction, 1 to 100,000
 * @param jobs most sessions that copy at once, 1 to 64; null to let Warp decide
 * @param skipInitialSync only replicate
 * @param keepIndexes leave the destination's indexes in place during the copy
 * @param withoutReplicaRole the destination's role may not set session_replication_role: what would
 *     act on rows is taken out of the way instead, until the end
 * @param newTables take tables along that are made at the source while replicating
 * @param schema which schemas take part, and whether they are made at the destination
 * @param rules how tables are to arrive otherwise than as they are
 * @param objects which objects that belong to no schema take part
 * @param staging whether rows go through files, and how many read and load
 * @param retryFor how long to try again after failures that may pass; zero for not at all
 * @param source what is asked for to spare the source
 * @param spool whether changes are kept on this machine's disk meanwhile
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
        boolean withoutReplicaRole,
        boolean newTables,
        SchemaOptions schema,
        RuleOptions rules,
        ObjectOptions objects,
        StagingOptions staging,
        @Nullable Duration retryFor,
        SourceOptions source,
        SpoolOptions spool) {

    /** Nothing asked for. */
    public static final MigrationOptions NONE =
            new MigrationOptions(
                    null,
                    List.of(),
                    List.of(),
                    null,
                    null,
                    null,
                    false,
                    false,
                    false,
                    false,
                    SchemaOptions.NONE,
                    RuleOptions.NONE,
                    ObjectOptions.NONE,
                    StagingOptions.NONE,
                    null,
                    SourceOptions.NONE,
                    SpoolOptions.NONE);

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
                withoutReplicaRole || other.withoutReplicaRole,
                newTables || other.newTables,
                schema.over(other.schema),
                rules.over(other.rules),
                objects.over(other.objects),
                staging.over(other.staging),
                first(retryFor, other.retryFor),
                source.over(other.source),
                spool.over(other.spool));
    }

    /** The same with other tables. */
    public MigrationOptions withTables(List<String> included, List<String> excluded) {
        return changed(draft -> {
            draft.tables = included;
            draft.excludedTables = excluded;
        });
    }

    /** The same with another number of sessions that copy at once. */
    public MigrationOptions withJobs(int number) {
        return changed(draft -> draft.jobs = number);
    }

    /** The same, only replicating or not. */
    public MigrationOptions withSkipInitialSync(boolean skip) {
        return changed(draft -> draft.skipInitialSync = skip);
    }

    /** The same with other wishes about schemas. */
    public MigrationOptions withSchema(SchemaOptions other) {
        return changed(draft -> draft.schema = other);
    }

    /** The same with other rules. */
    public MigrationOptions withRules(RuleOptions other) {
        return changed(draft -> draft.rules = other);
    }

    /** The same with other wishes about objects that belong to no schema. */
    public MigrationOptions withObjects(ObjectOptions other) {
        return changed(draft -> draft.objects = other);
    }

    /** The same with other wishes about sparing the source. */
    public MigrationOptions withSource(SourceOptions other) {
        return changed(draft -> draft.source = other);
    }

    /** The same with other wishes about files. */
    public MigrationOptions withStaging(StagingOptions other) {
        return changed(draft -> draft.staging = other);
    }

    /** The same with other wishes about the spool. */
    public MigrationOptions withSpool(SpoolOptions other) {
        return changed(draft -> draft.spool = other);
    }

    private MigrationOptions changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished(this);
    }

    /** What the methods above change. */
    private static final class Draft {
        private List<String> tables;
        private List<String> excludedTables;
        private @Nullable Integer jobs;
        private boolean skipInitialSync;
        private SchemaOptions schema;
        private RuleOptions rules;
        private ObjectOptions objects;
        private SourceOptions source;
        private StagingOptions staging;
        private SpoolOptions spool;

        private Draft(MigrationOptions from) {
            tables = from.tables;
            excludedTables = from.excludedTables;
            jobs = from.jobs;
            skipInitialSync = from.skipInitialSync;
            schema = from.schema;
            rules = from.rules;
            objects = from.objects;
            source = from.source;
            staging = from.staging;
            spool = from.spool;
        }

        private MigrationOptions finished(MigrationOptions from) {
            return new MigrationOptions(
                    from.slot,
                    tables,
                    excludedTables,
                    from.batchStatements,
                    from.batchTransactions,
                    jobs,
                    skipInitialSync,
                    from.keepIndexes,
                    from.withoutReplicaRole,
                    from.newTables,
                    schema,
                    rules,
                    objects,
                    staging,
                    from.retryFor,
                    source,
                    spool);
        }
    }

    /**
     * Whether large objects come along: where nothing is said, when everything does, as in pg_dump.
     */
    public boolean largeObjects() {
        return !skipInitialSync && objects.largeObjectsAsked().orElse(wholeDatabase());
    }

    /** Whether nothing is chosen, only left out: what belongs to the database comes along. */
    public boolean wholeDatabase() {
        return tables.isEmpty() && schema.included().isEmpty();
    }

    /** Sessions that copy at once: the most that any switch asks for. */
    public Optional<Integer> jobsAsked() {
        return Stream.of(jobs, staging.readers(), staging.writers())
                .filter(Objects::nonNull)
                .max(Integer::compare);
    }

    /** Sessions that read at once, where rows go through files. */
    public Optional<Integer> readersAsked() {
        return staging.readersAsked().or(() -> Optional.ofNullable(jobs));
    }

    /** Sessions that load at once, where rows go through files. */
    public Optional<Integer> writersAsked() {
        return staging.writersAsked().or(() -> Optional.ofNullable(jobs));
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
