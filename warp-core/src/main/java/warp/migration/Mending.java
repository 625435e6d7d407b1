package warp.migration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.apply.ApplyPlan;
import warp.apply.BatchLimits;
import warp.apply.Replay;
import warp.config.MigrationSettings;
import warp.ddl.Judgement;
import warp.ddl.ReceivingTable;
import warp.ddl.SourceTable;
import warp.ddl.SourceTables;
import warp.ddl.Verdict;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.HeldChange;
import warp.model.Hold;
import warp.model.KnownTable;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Progress;
import warp.progress.StopSignal;
import warp.sql.Hints;
import warp.state.HoldStore;
import warp.state.MigrationStore;

/**
 * Brings held tables back, as far as that goes without a person: makes the destination fit, applies
 * what is held, lets the table go on. Between two attempts of the replication, when nobody applies
 * changes.
 *
 * <p>Every step is a transaction at the destination that leaves a state this class starts from as
 * well: a table is held until the transaction that finds nothing held any more; what Warp alters
 * may be altered already; what is copied may have to be copied again.
 */
final class Mending {

    /** Changes of definitions to one table that are gone through at one go. */
    private static final int ROUNDS_MAX = 100;

    private static final int READ_TOGETHER = 200;

    private final MigrationSettings settings;
    private final Ends ends;
    private final Session source;
    private final Session destination;
    private final MigrationStore store;
    private final HoldStore holds;
    private final SourceTables tables;
    private final Pairing pairing;
    private final Progress progress;
    private final EventLog log;
    private final StopSignal stop;
    private final List<TableName> toCopy = new ArrayList<>();
    private Lsn wakeAt = Lsn.NONE;

    Mending(Run run, Session source, Session destination, MigrationStore store) {
        this.settings = run.settings();
        this.ends = run.ends();
        this.source = source;
        this.destination = destination;
        this.store = store;
        this.holds = new HoldStore(destination, settings.slot());
        this.tables = new SourceTables(source);
        this.pairing = LivePairs.pairing(source, settings);
        this.progress = run.progress();
        this.log = run.log();
        this.stop = run.stop();
    }

    /** Tables that are ready to be copied. */
    List<TableName> toCopy() {
        return toCopy;
    }

    /** Where the stream has to come to for a copy to be taken up; NONE where none waits. */
    Lsn wakeAt() {
        return wakeAt;
    }

    /** One pass over everything that is held, after what was found has been added to it. */
    void run(DefinitionChange found) {
        Set<TableName> held = new HashSet<>();
        holds.standing().forEach(each -> held.add(each.hold().table()));
        found.holds().stream().filter(hold -> !held.contains(hold.table())).forEach(this::place);
        new NewTables(source, destination, holds, log).take(found.made());
        decideUnknown();
        for (HoldStore.Standing standing : holds.standing()) {
            if (stop.requested()) {
                return;
            }
            mend(standing);
        }
    }

    private void place(Hold hold) {
        FaultPoint.HOLD_PLACED.before();
        destination.transaction(() -> holds.place(hold));
        FaultPoint.HOLD_PLACED.after();
    }

    /** Before the others: what came under an unknown name may be another held table's. */
    private void decideUnknown() {
        Set<TableName> members = new HashSet<>(store.tables());
        NewTables unknown = new NewTables(source, destination, holds, log);
        holds.standing().stream()
                .map(standing -> standing.hold().table())
                .filter(name -> !members.contains(name))
                .forEach(unknown::decide);
    }

    private void mend(HoldStore.Standing standing) {
        TableName name = standing.hold().table();
        boolean copying = standing.hold().needsCopy();
        Lsn copiedAt = standing.copiedAt();
        if (copying && !copiedAt.isNone()) {
            if (store.progress().orElse(Lsn.NONE).isBefore(copiedAt)) {
                wakeAt = wakeAt.isNone() || copiedAt.isBefore(wakeAt) ? copiedAt : wakeAt;
                return;
            }
            FaultPoint.TABLE_COPY_TAKEN.before();
            destination.transaction(() -> holds.copied(name, copiedAt));
            FaultPoint.TABLE_COPY_TAKEN.after();
            copying = false;
        }
        boolean told =
                standing.hold().needsCopy()
                        || !standing.hold().statements().isEmpty()
                        || standing.changes() > 0;
        new Case(name, copying, told).mend();
    }

    /** One held table. */
    private final class Case {
        private TableName name;
        private boolean copying;

        /** Whether there is something to be told of. */
        private boolean acted;

        Case(TableName name, boolean copying, boolean acted) {
            this.name = name;
            this.copying = copying;
            this.acted = acted;
        }

        void mend() {
            for (int round = 0; round < ROUNDS_MAX && !stop.requested(); round++) {
                KnownTable known = holds.known().get(name);
                Optional<SourceTable> found = tables.find(known == null ? 0 : known.oid(), name);
                Optional<Table> there = receiver(found);
                if (found.isEmpty()) {
                    mendDropped(there);
                    return;
                } else if (there.isEmpty()) {
                    ask(
                            "the destination has no table " + found.get().name(),
                            List.of(
                                    Hints.copySchema(
                                            settings.source(),
                                            settings.destination(),
                                            List.of(found.get().name()))));
                    return;
                }
                if (!step(known, found.get(), there.get())) {
                    return;
                }
            }
        }

        private Optional<Table> receiver(Optional<SourceTable> found) {
            List<Table> all = Catalog.receivers(destination);
            TableName there = pairing.receiverOf(name);
            Optional<Table> same =
                    all.stream().filter(table -> table.name().equals(there)).findFirst();
            return same.isPresent() || found.isEmpty()
                    ? same
                    : all.stream()
                            .filter(table -> table.name().equals(found.get().name()))
                            .findFirst();
        }

        private TableName topmost(Table there) {
            return there.partition()
                    ? Catalog.partitionAncestors(destination)
                            .getOrDefault(there.name(), List.of(there.name()))
                            .getLast()
                    : there.name();
        }

        /** Whether there is more to do. */
        private boolean step(@Nullable KnownTable known, SourceTable now, Table there) {
            Judgement judgement =
                    new Judgement(
                            name,
                            known,
                            now,
                            tables.definitions(now.oid()),
                            new ReceivingTable(
                                    there,
                                    topmost(there),
                                    pairing.ruleOf(name),
                                    destination.version()));
            return switch (judgement.of(nextShape(), copying)) {
                case Verdict.Fits fits when copying -> copy(now);
                case Verdict.Fits fits -> replay(fits.known(), judgement, now, there);
                case Verdict.Alter alter -> alter(alter, judgement.finishing());
                case Verdict.Compare compare -> compare(compare);
                case Verdict.Ask asked -> {
                    if (asked.copy() && !copying) {
                        destination.transaction(() -> holds.requireCopy(name));
                    }
                    yield ask(asked.reason(), asked.statements());
                }
                case Verdict.Copy why -> requireCopy(why.why());
                case Verdict.Renamed renamed -> {
                    destination.transaction(() -> holds.rename(name, renamed.to()));
                    log.info("Table %s is called %s now.".formatted(name, renamed.to()));
                    name = renamed.to();
                    yield true;
                }
            };
        }

        private @Nullable Relation nextShape() {
            List<HeldChange> next = holds.changes(name, 0, 1);
            return next.isEmpty() ? null : relationOf(next.getFirst().event());
        }

        private boolean copy(SourceTable now) {
            boolean insertsOnly =
                    pairs().stream()
                            .anyMatch(pair -> pair.name().equals(name) && pair.insertsOnly());
            if (!now.identified() && !insertsOnly) {
                return ask(
                        "table %s has no key at the source; run there".formatted(name),
                        List.of(Hints.identityFull(now.name())));
            }
            if (isShared()) {
                return ask(
                        "table %s has to be copied again, and others have the same receiver: begin anew with --clean"
                                .formatted(name),
                        List.of());
            }
            // What was asked for before is done.
            ask("it is copied again", List.of());
            toCopy.add(name);
            return false;
        }

        private boolean isShared() {
            return pairs().stream().anyMatch(pair -> pair.name().equals(name) && pair.shared());
        }

        /**
         * Among rows of other tables nothing can be found out; there the first of them has made the
         * column, as its rows have it.
         */
        private boolean compare(Verdict.Compare compare) {
            boolean differs =
                    !isShared()
                            && compare.queries().stream()
                                    .anyMatch(query -> destination.queryFirst(query).isPresent());
            if (differs) {
                return requireCopy(
                        "the destination's rows have other values in a column that is new at the"
                                + " source");
            }
            destination.transaction(() -> holds.know(compare.known()));
            return true;
        }

        private boolean requireCopy(String why) {
            log.info("Table %s is copied again: %s.".formatted(name, why));
            destination.transaction(() -> holds.requireCopy(name));
            copying = true;
            return true;
        }

        private boolean alter(Verdict.Alter alter, List<String> finishing) {
            try {
                FaultPoint.TABLE_ALTERED.before();
                destination.transaction(() -> {
                    destination.run("SET LOCAL lock_timeout = '10s'");
                    alter.statements().forEach(destination::run);
                    holds.finishLater(name, finishing);
                    if (alter.copy() && !copying) {
                        holds.requireCopy(name);
                    }
                    KnownTable known = alter.known();
                    if (known != null) {
                        holds.know(receivedNow(known));
                    }
                });
                FaultPoint.TABLE_ALTERED.after();
            } catch (WarpException problem) {
                if (problem.code().retry() == warp.error.ErrorCode.Retry.LATER) {
                    throw problem;
                }
                return ask(
                        alter.what() + "; Warp could not do the same: " + problem.summary(),
                        alter.statements().stream().map(text -> text + ";").toList());
            }
            acted = true;
            log.info("Destination: %s.".formatted(alter.what()));
            if (alter.copy() && !copying) {
                log.info(
                        "Table %s is copied again: its rows were written anew at the source."
                                .formatted(name));
                copying = true;
            }
            return true;
        }

        /** With the columns that the destination has by now. */
        private KnownTable receivedNow(KnownTable known) {
            return receiver(Optional.empty())
                    .map(table ->
                            KnownTables.received(
                                    known,
                                    new TablePair(table, table, pairing.ruleOf(name), false, null)))
                    .orElse(known);
        }

        private boolean ask(String reason, List<String> statements) {
            place(new Hold(name, reason, statements, false));
            return false;
        }

        /** Applies what is held, as far as it looks like this. */
        private boolean replay(
                KnownTable fitting, Judgement judgement, SourceTable now, Table there) {
            long before = first();
            acted |= before < Long.MAX_VALUE;
            TablePair pair =
                    pairs().stream()
                            .filter(each -> each.name().equals(name))
                            .findFirst()
                            .orElseGet(() -> new TablePair(there.named(name), there));
            Hold still = applied(pair, fitting);
            if (stop.requested()) {
                return false;
            }
            if (still == null) {
                release(fitting);
                return false;
            }
            if (first() > before) {
                destination.transaction(() -> holds.know(fitting));
                return true;
            }
            if (still.needsCopy() && now.identified()) {
                return requireCopy("the source did not log which rows changed");
            }
            List<String> advice = new ArrayList<>(still.statements());
            advice.addAll(judgement.leftovers());
            return ask(still.reason(), advice);
        }

        private List<TablePair> pairs() {
            return LivePairs.of(source, destination, store, settings, holds.known());
        }

        private long first() {
            List<HeldChange> next = holds.changes(name, 0, 1);
            return next.isEmpty() ? Long.MAX_VALUE : next.getFirst().number();
        }

        private @Nullable Hold applied(TablePair pair, KnownTable fitting) {
            ApplyPlan plan =
                    new ApplyPlan(
                            settings.slot(),
                            List.of(pair),
                            Set.of(),
                            fitting.oid() == 0 ? Map.of() : Map.of(name, fitting),
                            List.of(),
                            _ -> false,
                            new BatchLimits(
                                    settings.options().batchStatementsMax(),
                                    settings.options().batchTransactionsMax()),
                            !settings.options().withoutReplicaRole());
            return new Replay(ends.destination(), plan, progress, stop::requested)
                    .run(name, after -> holds.changes(name, after, READ_TOGETHER));
        }

        /** Its last changes may still be applied; nothing else is to come. */
        private void mendDropped(Optional<Table> there) {
            if (there.isEmpty() || copying) {
                destination.transaction(() -> holds.discard(name));
                return;
            }
            KnownTable known = holds.known().get(name);
            KnownTable gone =
                    known == null ? new KnownTable(name, 0, 0, 0, List.of(), List.of()) : known;
            if (applied(new TablePair(there.get().named(name), there.get()), gone) == null) {
                release(gone);
            } else {
                log.warn(
                        "Table %s was dropped at the source; changes made just before that do not fit the destination's and are left out"
                                .formatted(name));
                destination.transaction(() -> holds.discard(name));
            }
        }

        private void release(KnownTable fitting) {
            List<String> finishing = holds.finishing(name);
            FaultPoint.HOLD_RELEASED.before();
            destination.transaction(() -> {
                if (!holds.changes(name, 0, 1).isEmpty()) {
                    throw new IllegalStateException("changes of " + name + " are still held");
                }
                holds.know(fitting);
                holds.release(name);
            });
            FaultPoint.HOLD_RELEASED.after();
            for (String statement : finishing) {
                try {
                    destination.run(statement);
                } catch (WarpException problem) {
                    log.warn(
                            "Table %s lacks something that the source has: %s"
                                    .formatted(name, problem.summary()),
                            List.of(statement + ";"));
                }
            }
            String line = "Table %s goes on: everything held is applied.".formatted(name);
            if (acted) {
                log.info(line);
            } else {
                log.detail(line);
            }
        }
    }

    static Relation relationOf(ChangeEvent event) {
        return switch (event) {
            case ChangeEvent.Insert insert -> insert.relation();
            case ChangeEvent.Update update -> update.relation();
            case ChangeEvent.Delete delete -> delete.relation();
            case ChangeEvent.Truncate truncate -> truncate.relations().getFirst();
            case ChangeEvent.Begin begin -> throw new IllegalStateException("" + begin);
            case ChangeEvent.Commit commit -> throw new IllegalStateException("" + commit);
            case ChangeEvent.Message message -> throw new IllegalStateException("" + message);
            case ChangeEvent.KeepAlive alive -> throw new IllegalStateException("" + alive);
        };
    }
}
