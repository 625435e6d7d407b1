package warp.preflight;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Gatherers;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Sequence;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.plan.SequenceChoice;
import warp.plan.TablePatterns;
import warp.plan.TableRules;
import warp.postgres.DumpScope;
import warp.postgres.SequenceCatalog;
import warp.postgres.Session;
import warp.sql.SchemaStatements;

/**
 * Finds out, before anything is touched, whether a migration can succeed. Every check runs, so that
 * all that is wrong is known at once; nothing is changed on either side.
 */
public final class Preflight {

    /** Tables looked into by one query: each takes a few locks until it ends. */
    private static final int TABLES_AT_ONCE = 200;

    private final ServerFacts source;
    private final ServerFacts destination;
    private final MigrationSettings settings;
    private final boolean resuming;
    private final Findings findings;

    private Preflight(
            Session source,
            Session destination,
            MigrationSettings settings,
            boolean resuming,
            Findings findings) {
        this.findings = findings;
        this.source = ServerFacts.read(source, settings.source());
        this.destination = ServerFacts.read(destination, settings.destination());
        this.settings = settings;
        this.resuming = resuming;
    }

    /**
     * Runs all checks.
     *
     * @param source not in a transaction
     * @param destination not in a transaction
     * @param resuming whether slot, publication and rows at the destination are this migration's
     *     own
     * @throws WarpException where a pattern cannot be understood, or a connection is lost
     */
    public static PreflightReport run(
            Session source, Session destination, MigrationSettings settings, boolean resuming) {
        return begun(source, destination, settings, resuming, Preflight::report);
    }

    /**
     * Runs the checks before the schema is made at the destination: what is there now does not
     * count, as it is dropped where it is in the way. The report has no pairs.
     */
    public static PreflightReport runBeforeSchema(
            Session source, Session destination, MigrationSettings settings, boolean resuming) {
        return begun(source, destination, settings, resuming, Preflight::reportBeforeSchema);
    }

    private static PreflightReport begun(
            Session source,
            Session destination,
            MigrationSettings settings,
            boolean resuming,
            Function<Preflight, PreflightReport> checks) {
        Findings findings = new Findings();
        PoolerChecks poolers = new PoolerChecks(findings);
        boolean sourceItself = poolers.pass(source, settings.source());
        if (poolers.pass(destination, settings.destination()) && sourceItself) {
            return checks.apply(new Preflight(source, destination, settings, resuming, findings));
        }
        return new PreflightReport(
                findings.inOrder(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Pairing(TableRules.of(settings.options().rules()), Map.of()));
    }

    /**
     * Looks whether the schema that was just made can take the rows.
     *
     * @param moved the tables that the migration began with
     */
    public static PreflightReport runAfterSchema(
            Session source,
            Session destination,
            MigrationSettings settings,
            Collection<TableName> moved) {
        return new Preflight(source, destination, settings, true, new Findings())
                .reportAfterSchema(moved);
    }

    private PreflightReport reportBeforeSchema() {
        new ServerChecks(source, destination, settings, findings).run();
        new DecodingChecks(source, settings.slot(), resuming, findings).run();
        TablePatterns patterns = TablePatterns.of(settings);
        TableSelection selection =
                new TableSelection(source, destination, patterns, rules(), table -> true, findings);
        selection.checkChoice(DumpScope.names(source.session()));
        new SchemaChecks(source, destination, settings.options(), findings).run(patterns);
        LargeObjectChecks.run(source, destination, settings.options(), findings);
        new PrivilegeChecks(source, destination, settings, findings)
                .run(selection.chosen(), List.of());
        KeyChecks keys = new KeyChecks(source, destination, selection.pairing(), findings);
        checkKeys(keys, selection.chosen());
        RuleChecks rules = ruleChecks(selection);
        rules.checkSource(selection.chosen(), selection.known());
        rules.checkDestination(selection.chosen(), false);
        new LockChecks(source, findings).run(selection.chosen().size());
        new ProtectionChecks(source, settings.options().source(), findings).run(selection.chosen());
        new CitusChecks(source, destination, findings).runBeforeSchema(selection.chosen());
        new ReferenceChecks(selection.chosenNames(), selection.chosenNames(), findings)
                .run(source.session(), source.session(), false);
        return new PreflightReport(
                findings.inOrder(),
                selection.chosen(),
                List.of(),
                List.of(),
                keys.changes(),
                selection.pairing());
    }

    private PreflightReport reportAfterSchema(Collection<TableName> moved) {
        Set<TableName> begun = new HashSet<>(moved);
        TableSelection selection =
                new TableSelection(
                        source,
                        destination,
                        TablePatterns.of(settings),
                        rules(),
                        begun::contains,
                        findings);
        selection.checkMissing(settings);
        List<TablePair> pairs = selection.pairs();
        new PrivilegeChecks(source, destination, settings, findings)
                .checkDestination(pairs.stream().map(TablePair::destination).distinct().toList());
        new KeyChecks(source, destination, selection.pairing(), findings).checkIndexes(pairs);
        ruleChecks(selection).checkDestination(selection.chosen(), true);
        new ColumnChecks(destination, findings).run(pairs);
        return new PreflightReport(
                findings.inOrder(),
                selection.chosen(),
                pairs,
                List.of(),
                List.of(),
                selection.pairing());
    }

    private PreflightReport report() {
        new ServerChecks(source, destination, settings, findings).run();
        new DecodingChecks(source, settings.slot(), resuming, findings).run();

        TablePatterns patterns = TablePatterns.of(settings);
        TableSelection selection =
                new TableSelection(source, destination, patterns, rules(), table -> true, findings);
        List<Sequence> sequences = SequenceCatalog.sequences(source.session());
        selection.checkChoice(sequences.stream().map(Sequence::name).toList());
        selection.checkMissing(settings);
        List<TablePair> pairs = selection.pairs();
        List<Table> receiving = pairs.stream().map(TablePair::destination).distinct().toList();
        boolean copies = !resuming && !settings.options().skipInitialSync();

        new PrivilegeChecks(source, destination, settings, findings)
                .run(selection.chosen(), receiving);
        RuleChecks rules = ruleChecks(selection);
        rules.checkSource(selection.chosen(), selection.known());
        rules.checkDestination(selection.chosen(), true);
        KeyChecks keys = new KeyChecks(source, destination, selection.pairing(), findings);
        checkKeys(keys, selection.chosen());
        if (!resuming) {
            // A migration that is resumed may have taken the indexes away itself.
            keys.checkIndexes(pairs);
        }
        new ColumnChecks(destination, findings).run(pairs);
        new CitusChecks(source, destination, findings).run(selection.chosen(), pairs);
        new ReferenceChecks(selection.chosenNames(), selection.receivingNames(), findings)
                .run(source.session(), destination.session(), copies);
        LargeObjectChecks.run(source, destination, settings.options(), findings);
        new ProtectionChecks(source, settings.options().source(), findings)
                .run(copies ? selection.chosen() : List.of());
        new ExtensionChecks(source, destination, findings).run(false);
        new CollationChecks(source, destination, findings).run();
        new SequenceChecks(source, destination, settings, selection.pairing()::receiverOf, findings)
                .run(new SequenceChoice(selection.chosenNames(), patterns).of(sequences));
        List<TableName> notEmpty = copies ? notEmpty(receiving) : List.of();
        if (!notEmpty.isEmpty()) {
            findings.note(
                    Side.DESTINATION,
                    Findings.count(notEmpty.size(), "table")
                            + " not empty: "
                            + Findings.names(notEmpty),
                    "they are truncated after a yes to the question that follows, or with --yes");
        }
        return new PreflightReport(
                findings.inOrder(),
                selection.chosen(),
                pairs,
                notEmpty,
                keys.changes(),
                selection.pairing());
    }

    private void checkKeys(KeyChecks keys, List<Table> chosen) {
        keys.checkIdentities(chosen);
        if (!source.version().atLeast(10)) {
            Set<TableName> altered = new HashSet<>();
            keys.changes().forEach(change -> altered.add(change.table()));
            new PrivilegeChecks(source, destination, settings, findings)
                    .checkAlterable(
                            chosen.stream()
                                    .filter(table -> altered.contains(table.name()))
                                    .toList());
        }
    }

    private RuleChecks ruleChecks(TableSelection selection) {
        return new RuleChecks(source, destination, selection.pairing(), findings);
    }

    private TableRules rules() {
        return TableRules.of(settings.options().rules());
    }

    private List<TableName> notEmpty(List<Table> tables) {
        return tables.stream()
                .filter(Table::mayHoldRows)
                .gather(Gatherers.windowFixed(TABLES_AT_ONCE))
                .flatMap(some -> holdingRows(some).stream())
                .map(Table::name)
                .toList();
    }

    /** Those that have rows; where the role may not look into one of them, all may. */
    private List<Table> holdingRows(List<Table> tables) {
        try {
            return destination.session().query(SchemaStatements.withRows(tables)).stream()
                    .map(row -> tables.get(row.integer("position")))
                    .toList();
        } catch (WarpException refused) {
            if (refused.code() != ErrorCode.PRIVILEGE) {
                throw refused;
            }
            return tables;
        }
    }
}
