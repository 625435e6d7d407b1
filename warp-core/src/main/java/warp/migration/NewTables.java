package warp.migration;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.ddl.SourceTable;
import warp.ddl.SourceTables;
import warp.ddl.TableCreation;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.HeldChange;
import warp.model.Hold;
import warp.model.KnownTable;
import warp.model.Relation.RelationColumn;
import warp.model.TableName;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.sql.DefinitionQueries;
import warp.state.HoldStore;

/**
 * Takes tables along that were made at the source after the migration began: makes them at the
 * destination, held and to be copied, in one transaction. From then on they are like any other
 * table that is to be copied again.
 */
final class NewTables {

    private final Session source;
    private final Session destination;
    private final HoldStore holds;
    private final EventLog log;

    NewTables(Session source, Session destination, HoldStore holds, EventLog log) {
        this.source = source;
        this.destination = destination;
        this.holds = holds;
        this.log = log;
    }

    /** Takes them along; one that cannot be made is said, and tried again later. */
    void take(List<SourceTable> made) {
        if (made.isEmpty()) {
            return;
        }
        Map<Integer, SourceTable> byOid = new HashMap<>();
        new SourceTables(source).all().forEach(table -> byOid.put(table.oid(), table));
        for (SourceTable table : made) {
            try {
                take(table, byOid);
            } catch (WarpException problem) {
                if (problem.code().retry() == ErrorCode.Retry.LATER) {
                    throw problem;
                }
                log.warn(
                        "Table %s is new at the source, and could not be made at the destination: %s"
                                .formatted(table.name(), problem.report()));
            }
        }
    }

    private void take(SourceTable table, Map<Integer, SourceTable> byOid) {
        Deque<SourceTable> missing = new ArrayDeque<>();
        SourceTable each = table;
        while (each != null && !exists(each.name())) {
            missing.push(each);
            each = byOid.get(each.parent());
        }
        boolean there = missing.isEmpty();
        if (there && hasRows(table)) {
            log.warn(
                    "Table %s is new at the source; the destination has one with rows in it, which is left alone"
                            .formatted(table.name()),
                    List.of("If its rows may go: " + truncate(table)));
            return;
        }
        TableCreation creation = new TableCreation(new SourceTables(source), destination);
        destination.transaction(() -> {
            for (SourceTable next : missing) {
                Optional<TableName> parent =
                        Optional.ofNullable(byOid.get(next.parent())).map(SourceTable::name);
                creation.statements(next, parent).forEach(destination::run);
            }
            holds.place(
                    new Hold(
                            table.name(),
                            "table %s is new at the source and is copied".formatted(table.name()),
                            List.of(),
                            true));
            holds.know(table.known(table.name()));
        });
        log.info("Table %s is new at the source: it is taken along.".formatted(table.name()));
    }

    private boolean exists(TableName table) {
        return destination
                .queryFirst(DefinitionQueries.EXISTS, table.schema(), table.name())
                .isPresent();
    }

    private boolean hasRows(SourceTable table) {
        return destination
                .queryFirst(
                        "SELECT 1 AS found FROM ONLY "
                                + warp.sql.Identifiers.qualified(table.name())
                                + " LIMIT 1")
                .isPresent();
    }

    private static String truncate(SourceTable table) {
        return "TRUNCATE " + warp.sql.Identifiers.qualified(table.name()) + ";";
    }

    /**
     * The tables that a change under a name that is gone may belong to: one that was renamed, and
     * renamed back. Only their columns tell.
     */
    private List<KnownTable> alike(TableName name) {
        List<HeldChange> changes = holds.changes(name, 0, 1);
        if (changes.isEmpty()) {
            return List.of();
        }
        List<String> columns =
                Mending.relationOf(changes.getFirst().event()).columns().stream()
                        .map(RelationColumn::name)
                        .toList();
        return holds.known().values().stream()
                .filter(known ->
                        columns.stream().allMatch(column -> known.column(column).isPresent()))
                .toList();
    }

    /**
     * Decides about changes of a name that the migration did not know when they came: those of a
     * table under a new name are that table's; the others are dropped: a table that takes part is
     * copied as a whole.
     */
    void decide(TableName name) {
        Optional<SourceTable> now =
                new SourceTables(source)
                        .all().stream().filter(table -> table.name().equals(name)).findFirst();
        Optional<KnownTable> renamed =
                now.flatMap(table ->
                        holds.known().values().stream()
                                .filter(known -> known.oid() == table.oid())
                                .findFirst());
        List<KnownTable> perhaps = now.isPresent() ? List.of() : alike(name);
        destination.transaction(() -> {
            perhaps.forEach(known ->
                    holds.place(
                            new Hold(
                                    known.name(),
                                    "changes came under the name %s, which is gone; they may be those of table %s"
                                            .formatted(name, known.name()),
                                    List.of(),
                                    true)));
            renamed.ifPresent(known -> {
                holds.moveChanges(name, known.name());
                holds.place(
                        new Hold(
                                known.name(),
                                "table %s is called %s at the source now"
                                        .formatted(known.name(), name),
                                List.of(),
                                false));
            });
            holds.discard(name);
        });
        if (renamed.isEmpty() && perhaps.isEmpty()) {
            log.detail(
                    "Changes of %s are left out: it is not part of this migration."
                            .formatted(name));
        }
    }
}
