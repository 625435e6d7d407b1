package warp.migration;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.TableName;
import warp.plan.Pairing;
import warp.plan.TablePatterns;
import warp.plan.TableRules;
import warp.postgres.Catalog;
import warp.postgres.CloudCatalog;
import warp.postgres.DumpScope;
import warp.postgres.Opening;
import warp.postgres.PgDump;
import warp.postgres.SchemaDump;
import warp.postgres.Session;
import warp.postgres.wire.WireSession;
import warp.progress.EventLog;
import warp.progress.Prompt;
import warp.progress.StopSignal;
import warp.schema.DatabaseProperties;
import warp.schema.EventTriggers;
import warp.schema.MaterializedViews;
import warp.schema.ObjectsInTheWay;
import warp.schema.Reshaping;
import warp.schema.SchemaCreation;
import warp.schema.SchemaSessions;
import warp.sql.SchemaStatements;
import warp.state.Failure;
import warp.state.FailureStore;
import warp.state.Removed;
import warp.state.RemovedStore;

/**
 * Makes the source's schema at the destination for {@code --sync-schema}: phase SCHEMA. All of it
 * is made before the copy; indexes and keys of the larger tables are then taken away and built
 * after it like those of any other destination.
 */
final class SchemaPhase {

    private static final int NAMES_SHOWN = 20;

    /** That make the schema side by side: more are in each other's way in the catalogs. */
    private static final int SESSIONS_MAX = 4;

    private final MigrationSettings settings;
    private final Ends ends;
    private final EventLog log;
    private final StopSignal stop;

    SchemaPhase(MigrationSettings settings, Ends ends, EventLog log, StopSignal stop) {
        this.settings = settings;
        this.ends = ends;
        this.log = log;
        this.stop = stop;
    }

    /** What the destination has in the schema's way. */
    ObjectsInTheWay obstacles(Session source, Session destination) {
        TableRules rules = TableRules.of(settings.options().rules());
        List<TableName> newNames =
                rules.none()
                        ? List.of()
                        : Reshaping.newNames(
                                Catalog.tables(source),
                                new Pairing(rules, Catalog.partitionAncestors(source)));
        return ObjectsInTheWay.find(source, destination, TablePatterns.of(settings), newNames);
    }

    /** Says what would be dropped. */
    void announce(Session source, Session destination) {
        ObjectsInTheWay obstacles = obstacles(source, destination);
        if (!obstacles.none()) {
            log.info("Note: " + question(obstacles) + " comes after a yes only.");
        }
    }

    /**
     * Asks whether what is in the way may be dropped.
     *
     * @throws WarpException REFUSED where the answer is not yes
     */
    void requireConsent(ObjectsInTheWay obstacles, Prompt prompt) {
        if (obstacles.none()) {
            return;
        }
        log.info(
                obstacles.objects().size()
                        + " objects of the destination are in the schema's way.");
        obstacles.objects().forEach(object -> log.detail("In the way: " + object.describe()));
        if (!settings.assumeYes() && !prompt.confirm(question(obstacles))) {
            throw new WarpException(
                            ErrorCode.REFUSED,
                            "what is in the schema's way may not be dropped: nothing was changed")
                    .at(Side.DESTINATION)
                    .hint(
                            "Answer yes, or give --yes; or leave it out with -T or -N; or leave"
                                    + " --sync-schema out to copy into the tables that are there.");
        }
    }

    private String question(ObjectsInTheWay obstacles) {
        List<String> objects =
                obstacles.objects().stream().map(ObjectsInTheWay.Found::describe).toList();
        String also =
                obstacles.dependents().isEmpty()
                        ? ""
                        : ", and with CASCADE what depends on them (%s)"
                                .formatted(shown(obstacles.dependents()));
        return "DROP on destination %s, with all rows: %s%s"
                .formatted(settings.destination().display(), shown(objects), also);
    }

    private static String shown(List<String> names) {
        String some = String.join(", ", names.stream().limit(NAMES_SHOWN).toList());
        int more = names.size() - NAMES_SHOWN;
        return more > 0 ? some + " and " + more + " more" : some;
    }

    /**
     * Drops what is in the way and makes the schema as the snapshot shows it. What the destination
     * refuses is reported and written down before the phase ends: a crash before makes the schema
     * anew.
     *
     * @param meanwhile what is to be done before anything is made or dropped, beside pg_dump
     */
    void make(
            Session source,
            Session destination,
            String snapshot,
            ObjectsInTheWay obstacles,
            Runnable meanwhile)
            throws InterruptedException {
        PgDump program = PgDump.find(source.version(), destination.version());
        log.info("Reading the schema with pg_dump " + program.version() + "...");
        SchemaDump dump =
                program.start(
                        settings.source(),
                        snapshot,
                        DumpScope.of(source, TablePatterns.of(settings)),
                        new PgDump.Access(
                                !settings.options().schema().noOwner(),
                                !settings.options().schema().noAcl()),
                        Ends.applicationName(settings.slot()));
        Runnable end = dump::stop;
        stop.onStop(end);
        try (dump;
                Opening<WireSession> first = Opening.begin(ends.destination()::openWire)) {
            meanwhile.run();
            dump.awaitBeginning();
            destination.together(() -> forgetEarlier(destination));
            if (!obstacles.none()) {
                log.info("Dropping what is in the schema's way on destination...");
                obstacles.drop(destination);
            }
            create(source, destination, dump, first);
        } catch (WarpException problem) {
            if (stop.requested()) {
                // Whatever ended, ended because it was told to.
                throw new WarpException(ErrorCode.INTERRUPTED, "stopped", problem);
            }
            throw problem;
        } finally {
            stop.forget(end);
        }
    }

    /**
     * What an attempt before took away from tables goes with them: they are made anew, whole; and
     * so goes what it could not make.
     */
    private void forgetEarlier(Session destination) {
        new FailureStore(destination, settings.slot()).clear();
        new RemovedStore(destination, settings.slot())
                .forget(EnumSet.complementOf(EnumSet.of(Removed.Kind.EVENT_TRIGGER)));
    }

    private void create(
            Session source, Session destination, SchemaDump dump, Opening<WireSession> first)
            throws InterruptedException {
        log.info("Making the schema on destination...");
        FailureStore store = new FailureStore(destination, settings.slot());
        SchemaCreation creation = run(dump, first, CloudCatalog.ownExtensions(source, destination));
        destination.transaction(() -> creation.failures().forEach(store::add));
        List<Failure> failures = new ArrayList<>(creation.failures());
        failures.addAll(EventTriggers.make(destination, settings.slot(), creation));
        failures.forEach(failure ->
                log.warn(failure.describe(), List.of("statement: " + failure.statement())));
        log.info("Schema: %d objects made, %d failed.".formatted(creation.made(), failures.size()));
    }

    private SchemaCreation run(SchemaDump dump, Opening<WireSession> first, Set<String> extensions)
            throws InterruptedException {
        int most = Math.min(SESSIONS_MAX, settings.options().jobsAsked().orElse(SESSIONS_MAX));
        try (SchemaSessions sessions =
                new SchemaSessions(first::take, ends.destination()::openWire, most)) {
            Runnable end = sessions::abort;
            stop.onStop(end);
            SchemaCreation creation = new SchemaCreation(sessions, extensions);
            try {
                creation.run(dump);
            } catch (WarpException problem) {
                if (problem.side().filter(Side.SOURCE::equals).isPresent()) {
                    dump.finish(); // It knows better why its text broke off.
                }
                throw problem;
            } finally {
                stop.forget(end);
            }
            dump.finish().forEach(line -> log.warn(line));
            return creation;
        }
    }

    /**
     * Fills the materialized views that have rows at the source, in the order in which they read
     * each other. One that fails is reported and written down, and stays empty.
     */
    void refreshViews(Session source, Session destination) {
        List<TableName> views = MaterializedViews.empty(source, destination);
        for (TableName view : views) {
            log.info("Refreshing materialized view " + view + "...");
            try (Session session = ends.destination().open()) {
                Runnable end = session::abort;
                stop.onStop(end);
                try {
                    session.run(SchemaStatements.refresh(view));
                } finally {
                    stop.forget(end);
                }
            } catch (WarpException problem) {
                if (problem.code().retry() == ErrorCode.Retry.LATER) {
                    throw problem;
                }
                missing(destination, view, problem);
            }
        }
    }

    /** Brings what belongs to the database itself; last, as settings hold for new sessions. */
    void bringProperties(Session source, Session destination) {
        DatabaseProperties.Result result =
                DatabaseProperties.bring(
                        source, destination, settings.slot(), !settings.options().schema().noAcl());
        if (result.set() > 0) {
            log.info(
                    "Set %d properties of the destination database itself: settings, comment,"
                                    .formatted(result.set())
                            + " privileges.");
        }
        if (!result.leftOut().isEmpty()) {
            log.warn(
                    "Settings of the source database that could keep sessions out of the"
                            + " destination are left out: "
                            + String.join(", ", result.leftOut()),
                    List.of("ALTER DATABASE … SET … by hand, where they make sense there"));
        }
        result.failures()
                .forEach(failure ->
                        log.warn(failure.describe(), List.of("statement: " + failure.statement())));
    }

    private void missing(Session destination, TableName view, WarpException problem) {
        Failure failure =
                new Failure(
                        0,
                        "rows of materialized view " + view,
                        List.of(SchemaStatements.refresh(view)),
                        problem.sqlState().orElse("XX000"),
                        String.valueOf(problem.getMessage()));
        log.warn(failure.describe(), List.of("statement: " + failure.statement()));
        FailureStore store = new FailureStore(destination, settings.slot());
        if (store.all().stream().noneMatch(known -> known.object().equals(failure.object()))) {
            store.add(failure);
        }
    }
}
