package warp.migration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warp.ddl.SourceTable;
import warp.model.Hold;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.TableName;
import warp.plan.TablePatterns;
import warp.sql.DefinitionStatements;

/**
 * Compares the source's tables as they are with what they were known as. Pure, for one look; what
 * only needs to be said is kept apart from what needs to be done.
 */
final class DefinitionComparison {

    private final Map<TableName, KnownTable> known;
    private final Set<TableName> members;
    private final Set<TableName> held;
    private final Set<TableName> partitionedThere;
    private final TablePatterns patterns;
    private final boolean newTables;
    private final Map<Integer, SourceTable> byOid = new HashMap<>();
    private final Map<TableName, SourceTable> byName = new HashMap<>();
    private final List<Hold> holds = new ArrayList<>();
    private final List<SourceTable> made = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    /** Something to be said once, with a statement that can be run at the destination. */
    record Note(String line, List<String> statements) {}

    /**
     * @param members the migration's tables
     * @param held those of them that are held
     * @param partitionedThere the destination's partitioned tables
     * @param newTables whether new tables are to be taken along
     */
    DefinitionComparison(
            Map<TableName, KnownTable> known,
            Set<TableName> members,
            Set<TableName> held,
            Set<TableName> partitionedThere,
            TablePatterns patterns,
            boolean newTables) {
        this.known = Map.copyOf(known);
        this.members = Set.copyOf(members);
        this.held = Set.copyOf(held);
        this.partitionedThere = Set.copyOf(partitionedThere);
        this.patterns = patterns;
        this.newTables = newTables;
    }

    /** Compares. */
    void compare(List<SourceTable> tables) {
        for (SourceTable table : tables) {
            byOid.put(table.oid(), table);
            byName.put(table.name(), table);
        }
        known.values().forEach(this::compareKnown);
        Set<Integer> oids = new HashSet<>();
        known.values().forEach(table -> oids.add(table.oid()));
        for (SourceTable table : tables) {
            if (!table.partitioned()
                    && !oids.contains(table.oid())
                    && !members.contains(table.name())
                    && !held.contains(table.name())) {
                compareNew(table);
            }
        }
    }

    List<Hold> holds() {
        return holds;
    }

    List<SourceTable> made() {
        return made;
    }

    List<Note> notes() {
        return notes;
    }

    private void compareKnown(KnownTable before) {
        if (held.contains(before.name())) {
            return;
        }
        SourceTable now = byOid.get(before.oid());
        if (now == null) {
            if (byName.containsKey(before.name())) {
                hold(before, "table %s was dropped and made again at the source");
            } else {
                notes.add(
                        new Note(
                                "Table %s was dropped at the source; the destination keeps it"
                                        .formatted(before.name()),
                                List.of(DefinitionStatements.dropTable(before.name()) + ";")));
            }
        } else if (!now.name().equals(before.name())) {
            hold(before, "table %s is called " + now.name() + " at the source now");
        } else {
            compareColumns(before, now);
        }
    }

    private void compareColumns(KnownTable before, SourceTable now) {
        for (KnownColumn column : now.columns()) {
            Optional<KnownColumn> same = before.numbered(column.number());
            if (same.isEmpty()) {
                hold(before, "table %s has a new column " + column.name() + " at the source");
                return;
            } else if (!same.get().name().equals(column.name())) {
                hold(before, "a column of table %s has another name at the source now");
                return;
            } else if (!same.get().isOfType(column)) {
                hold(before, "a column of table %s has another type at the source now");
                return;
            }
        }
        before.gone().forEach(column -> noteDropped(before, column));
        for (KnownColumn column : before.columns()) {
            if (now.numbered(column.number()).isEmpty()) {
                noteDropped(before, column.name());
                hold(before, "table %s lacks column " + column.name() + " at the source now");
                return;
            }
        }
    }

    private void noteDropped(KnownTable table, String column) {
        notes.add(
                new Note(
                        "Column %s of table %s was dropped at the source; the destination keeps it"
                                .formatted(column, table.name()),
                        List.of(DefinitionStatements.dropColumn(table.name(), column) + ";")));
    }

    private void hold(KnownTable table, String reason) {
        holds.add(new Hold(table.name(), reason.formatted(table.name()), List.of(), false));
    }

    private void compareNew(SourceTable table) {
        List<TableName> above = above(table);
        if (!patterns.includes(table.name(), above)) {
            return;
        }
        boolean ofAMovedTable = above.stream().anyMatch(partitionedThere::contains);
        if (!ofAMovedTable && !newTables) {
            notes.add(
                    new Note(
                            "Table %s is new at the source and not taken along"
                                    .formatted(table.name()),
                            List.of("--new-tables takes new tables along.")));
        } else if (!table.identified()) {
            notes.add(
                    new Note(
                            "Table %s is new at the source and has no key: it is not taken along"
                                    .formatted(table.name()),
                            List.of(
                                    "Give it a primary key at the source, or run there: "
                                            + warp.sql.Hints.identityFull(table.name()))));
        } else {
            made.add(table);
        }
    }

    /** The partitioned tables above it, the nearest first. */
    private List<TableName> above(SourceTable table) {
        List<TableName> above = new ArrayList<>();
        SourceTable parent = byOid.get(table.parent());
        while (parent != null) {
            above.add(parent.name());
            parent = byOid.get(parent.parent());
        }
        return above;
    }
}
