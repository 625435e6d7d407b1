package warp.preflight;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import warp.config.ConnectionSettings;
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
import warp.postgres.Catalog;
import warp.postgres.DumpScope;
import warp.postgres.SequenceCatalog;
import warp.postgres.Session;
import warp.sql.SchemaStatements;

/**
 * Finds out, before anything is touched, whether a migration can succeed. Every check runs, so that
 * all that is wrong is known at once; nothing is changed on either side. They run side by side (see
 * {@link Checks}), so that neither server waits for the other's answers. For one thread.
 */
public final class Preflight {

    /** Tables looked into by one query: each takes a few locks until it ends. */
    private static final int TABLES_AT_ONCE = 200;

    private final Session sourceSession;
    private final Session destinationSession;
    private final MigrationSettings settings;
    private @Nullable Servers known;

    /** What both sides are like. */
    private record Servers(ServerFacts source, ServerFacts destination) {}

    /**
     * Of these two databases.
     *
     * @param source not in a transaction
     * @param destination not in a transaction
     */
    public Preflight(Session source, Session destination, MigrationSettings settings) {
        this.sourceSession = source;
        this.destinationSession = destination;
        this.settings = settings;
    }

    /**
     * Runs all checks.
     *
     * @param resuming whether slot, publication and rows at the destination are this migration's
     *     own
     * @throws WarpException where a pattern cannot be understood, or a connection is lost
     */
    public PreflightReport run(boolean resuming) {
        return begun((checks, servers) -> report(checks, servers, resuming));
    }

    /**
     * Runs the checks before the schema is made at the destination: what is there now does not
     * count, as it is dropped where it is in the way. The report has no pairs.
     */
    public PreflightReport runBeforeSchema(boolean resuming) {
        return begun((checks, servers) -> reportBeforeSchema(checks, servers, resuming));
    }

    /**
     * Looks whether the schema that was just made can take the rows. What the servers are like is
     * known from the checks before.
     *
     * @param moved the tables that the migration began with
     */
    public PreflightReport runAfterSchema(Collection<TableName> moved) {
        Servers servers = known;
        if (servers == null) {
            throw new IllegalStateException("the checks before the schema come first");
        }
        try (Checks checks = new Checks()) {
            return reportAfterSchema(checks, servers, moved);
        }
    }

    private PreflightReport begun(BiFunction<Checks, Servers, PreflightReport> work) {
        try (Checks checks = new Checks()) {
            var source = checks.ask(found -> facts(sourceSession, settings.source(), found));
            var destination =
                    checks.ask(found -> facts(destinationSession, settings.destination(), found));
            Optional<ServerFacts> from = checks.await(source);
            Optional<ServerFacts> to = checks.await(destination);
            if (from.isPresent() && to.isPresent()) {
                Servers servers = new Servers(from.get(), to.get());
                known = servers;
                return work.apply(checks, servers);
            }
            return new PreflightReport(
                    Findings.inOrder(checks.end()),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    new Pairing(rules(), Map.of()));
        }
    }

    /** Empty where it is not the server itself that answers. */
    private static Optional<ServerFacts> facts(
            Session session, ConnectionSettings settings, Findings findings) {
        return new PoolerChecks(findings).pass(session, settings)
                ? Optional.of(ServerFacts.read(session, settings))
                : Optional.empty();
    }

    private TableSelection select(Checks checks, Servers servers, Predicate<TableName> only) {
        TablePatterns patterns = TablePatterns.of(settings);
        var there = checks.ask(_ -> Catalog.receivers(destinationSession));
        var here = checks.ask(_ -> TableSelection.AtSource.read(sourceSession));
        return new TableSelection(
                servers.source(),
                servers.destination(),
                patterns,
                rules(),
                only,
                checks.await(here),
                checks.await(there));
    }

    private PreflightReport reportBeforeSchema(Checks checks, Servers servers, boolean resuming) {
        ServerFacts source = servers.source();
        ServerFacts destination = servers.destination();
        checks.begin(found -> new ServerChecks(source, destination, settings, found).run());
        checks.begin(found -> new DecodingChecks(source, settings.slot(), resuming, found).run());
        TableSelection selection = select(checks, servers, table -> true);
        List<Table> chosen = selection.chosen();
        checks.begin(found -> selection.checkChoice(DumpScope.names(source.session()), found));
        checks.begin(found ->
                new SchemaChecks(source, destination, settings.options(), found)
                        .run(TablePatterns.of(settings)));
        checks.begin(
                found -> LargeObjectChecks.run(source, destination, settings.options(), found));
        checks.begin(found ->
                new PrivilegeChecks(source, destination, settings, found).run(chosen, List.of()));
        var keys = checks.ask(found -> checkKeys(servers, selection, found));
        checks.begin(found -> {
            RuleChecks rules = ruleChecks(servers, selection, found);
            rules.checkSource(chosen, selection.known());
            rules.checkDestination(chosen, false);
        });
        checks.begin(found -> new LockChecks(source, found).run(chosen.size()));
        checks.begin(found ->
                new ProtectionChecks(source, settings.options().source(), found).run(chosen));
        checks.begin(found -> new CitusChecks(source, destination, found).runBeforeSchema(chosen));
        checks.begin(found ->
                new ReferenceChecks(selection.chosenNames(), selection.chosenNames(), found)
                        .run(source.session(), source.session(), false));
        List<Finding> found = Findings.inOrder(checks.end());
        return new PreflightReport(
                found, chosen, List.of(), List.of(), keys.value().changes(), selection.pairing());
    }

    private PreflightReport reportAfterSchema(
            Checks checks, Servers servers, Collection<TableName> moved) {
        Set<TableName> begun = new HashSet<>(moved);
        TableSelection selection = select(checks, servers, begun::contains);
        List<TablePair> pairs = selection.pairs();
        List<Table> receiving = pairs.stream().map(TablePair::destination).distinct().toList();
        checks.begin(found -> selection.checkMissing(settings, found));
        checks.begin(found ->
                new PrivilegeChecks(servers.source(), servers.destination(), settings, found)
                        .checkDestination(receiving));
        checks.begin(found -> keyChecks(servers, selection, found).checkIndexes(pairs));
        checks.begin(found ->
                ruleChecks(servers, selection, found).checkDestination(selection.chosen(), true));
        checks.begin(found -> new ColumnChecks(servers.destination(), found).run(pairs));
        return new PreflightReport(
                Findings.inOrder(checks.end()),
                selection.chosen(),
                pairs,
                List.of(),
                List.of(),
                selection.pairing());
    }

    private PreflightReport report(Checks checks, Servers servers, boolean resuming) {
        ServerFacts source = servers.source();
        ServerFacts destination = servers.destination();
        checks.begin(found -> new ServerChecks(source, destination, settings, found).run());
        checks.begin(found -> new DecodingChecks(source, settings.slot(), resuming, found).run());

        TablePatterns patterns = TablePatterns.of(settings);
        var reading = checks.ask(_ -> SequenceCatalog.sequences(source.session()));
        TableSelection selection = select(checks, servers, table -> true);
        List<Sequence> sequences = checks.await(reading);
        List<Table> chosen = selection.chosen();
        List<TablePair> pairs = selection.pairs();
        List<Table> receiving = pairs.stream().map(TablePair::destination).distinct().toList();
        boolean copies = !resuming && !settings.options().skipInitialSync();

        checks.begin(found ->
                selection.checkChoice(sequences.stream().map(Sequence::name).toList(), found));
        checks.begin(found -> selection.checkMissing(settings, found));
        checks.begin(found ->
                new PrivilegeChecks(source, destination, settings, found).run(chosen, receiving));
        checks.begin(found -> {
            RuleChecks rules = ruleChecks(servers, selection, found);
            rules.checkSource(chosen, selection.known());
            rules.checkDestination(chosen, true);
        });
        var keys =
                checks.ask(found -> {
                    KeyChecks checked = checkKeys(servers, selection, found);
                    if (!resuming) {
                        // One that is resumed may have taken the indexes away itself.
                        checked.checkIndexes(pairs);
                    }
                    return checked;
                });
        checks.begin(found -> new ColumnChecks(destination, found).run(pairs));
        checks.begin(found -> new CitusChecks(source, destination, found).run(chosen, pairs));
        checks.begin(found ->
                new ReferenceChecks(selection.chosenNames(), selection.receivingNames(), found)
                        .run(source.session(), destination.session(), copies));
        checks.begin(
                found -> LargeObjectChecks.run(source, destination, settings.options(), found));
        checks.begin(found ->
                new ProtectionChecks(source, settings.options().source(), found)
                        .run(copies ? chosen : List.of()));
        checks.begin(found -> new ExtensionChecks(source, destination, found).run(false));
        checks.begin(found -> new CollationChecks(source, destination, found).run());
        checks.begin(found ->
                new SequenceChecks(
                                source,
                                destination,
                                settings,
                                selection.pairing()::receiverOf,
                                found)
                        .run(new SequenceChoice(selection.chosenNames(), patterns).of(sequences)));
        var filled =
                checks.ask(found -> copies ? notEmpty(receiving, found) : List.<TableName>of());
        List<Finding> found = Findings.inOrder(checks.end());
        return new PreflightReport(
                found, chosen, pairs, filled.value(), keys.value().changes(), selection.pairing());
    }

    private KeyChecks checkKeys(Servers servers, TableSelection selection, Findings findings) {
        List<Table> chosen = selection.chosen();
        KeyChecks keys = keyChecks(servers, selection, findings);
        keys.checkIdentities(chosen);
        if (!servers.source().version().atLeast(10)) {
            Set<TableName> altered = new HashSet<>();
            keys.changes().forEach(change -> altered.add(change.table()));
            new PrivilegeChecks(servers.source(), servers.destination(), settings, findings)
                    .checkAlterable(
                            chosen.stream()
                                    .filter(table -> altered.contains(table.name()))
                                    .toList());
        }
        return keys;
    }

    private static KeyChecks keyChecks(
            Servers servers, TableSelection selection, Findings findings) {
        return new KeyChecks(
                servers.source(), servers.destination(), selection.pairing(), findings);
    }

    private static RuleChecks ruleChecks(
            Servers servers, TableSelection selection, Findings findings) {
        return new RuleChecks(
                servers.source(), servers.destination(), selection.pairing(), findings);
    }

    private TableRules rules() {
        return TableRules.of(settings.options().rules());
    }

    private List<TableName> notEmpty(List<Table> tables, Findings findings) {
        List<TableName> filled = notEmpty(tables);
        if (!filled.isEmpty()) {
            findings.note(
                    Side.DESTINATION,
                    Findings.count(filled.size(), "table")
                            + " not empty: "
                            + Findings.names(filled),
                    "they are truncated after a yes to the question that follows, or with --yes");
        }
        return filled;
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
            return destinationSession.query(SchemaStatements.withRows(tables)).stream()
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
