package warp.ddl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.ddl.SourceTable.Definition;
import warp.model.Column;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Relation;
import warp.model.ReplicaIdentity;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TableRule;
import warp.sql.DefinitionStatements;

/**
 * Compares what the next change of a table looks like with what the destination has.
 *
 * <p>The change may be older than the source's catalog: since then columns may have been renamed,
 * dropped and made. {@link Numbering} tells which columns it means; so a renamed one is never taken
 * for an added one. Where that cannot be told, or the catalog does not have a column any more that
 * the destination would need, the table is taken as it is now and copied again: what the change was
 * worth is in the rows. Where nothing was known of the table, only names can be compared; where
 * both readings are possible then, both are shown and nothing is done.
 *
 * <p>Pure, for one question.
 */
public final class Judgement {

    private final TableName name;
    private final @Nullable KnownTable known;
    private final SourceTable source;
    private final List<Definition> definitions;
    private final Map<Integer, Definition> byNumber = new HashMap<>();
    private final Table destination;
    private final TableName altered;
    private final TableRule rule;
    private final ColumnText text;
    private final Receivers receivers;

    /** Whether {@link #known} is this very table, so that numbers can be compared. */
    private final boolean numbered;

    private final List<String> statements = new ArrayList<>();
    private final List<String> added = new ArrayList<>();
    private final Question names = new Question();

    /** Asked once the names are right: until then they mean other columns at the destination. */
    private final Question types = new Question();

    private final List<String> comparisons = new ArrayList<>();
    private List<KnownColumn> wanted = List.of();
    private final Set<Integer> numbers = new HashSet<>();
    private boolean copy;
    private boolean copying;

    /** Names have moved from one column to another that the destination has as well. */
    private boolean exchanged;

    /**
     * @param name as the migration calls the table
     * @param known what it was known as; null where nothing is known
     */
    public Judgement(
            TableName name,
            @Nullable KnownTable known,
            SourceTable source,
            List<Definition> definitions,
            ReceivingTable receiving) {
        this.name = name;
        this.known = known;
        this.source = source;
        this.definitions = List.copyOf(definitions);
        definitions.forEach(each -> byNumber.put(each.column().number(), each));
        this.destination = receiving.table();
        this.altered = receiving.altered();
        this.rule = receiving.rule();
        this.text = new ColumnText(receiving.version());
        this.receivers = new Receivers(destination, rule, known);
        this.numbered = known != null && known.oid() == source.oid();
    }

    /**
     * Judges.
     *
     * @param shape of the next change; null where none waits, or where the table is to be copied:
     *     then it is judged as the source has it now
     * @param copying whether it is to be copied anyway
     */
    public Verdict of(@Nullable Relation shape, boolean copying) {
        this.copying = copying;
        if (!source.name().equals(name)) {
            return renamed();
        }
        if (known != null && !numbered && !copying) {
            return new Verdict.Copy("it was dropped and made again at the source");
        }
        List<KnownColumn> then = copying ? null : columnsOf(shape);
        copy = !copying && (then == null || then.stream().anyMatch(this::isGone));
        wanted = then == null || copy ? source.columns() : then;
        wanted.forEach(column -> numbers.add(column.number()));
        wanted.forEach(this::judge);
        if (isAsNow()) {
            definitions.stream().filter(Definition::isGenerated).forEach(this::judgeGenerated);
        }
        return verdict();
    }

    private Verdict renamed() {
        if (destination.name().equals(source.name())) {
            return new Verdict.Renamed(source.name());
        }
        names.add(
                "table %s is called %s at the source now".formatted(name, source.name()),
                DefinitionStatements.rename(destination.name(), source.name()));
        return names.asked(false);
    }

    /** The table as the change has it; null where nothing but a copy is sure. */
    private @Nullable List<KnownColumn> columnsOf(@Nullable Relation shape) {
        if (known == null) {
            return shape == null || shape.columns().isEmpty() ? source.columns() : byName(shape);
        }
        if (Numbering.isDoubtful(known, source) || (shape != null && isKeyDoubtful(shape))) {
            return null;
        }
        return shape == null ? source.columns() : Numbering.of(shape, known, source).orElse(null);
    }

    /**
     * Of a deleted row test_decoding tells the key alone: where one of its columns has changed, it
     * may have been another row's.
     */
    private boolean isKeyDoubtful(Relation shape) {
        return !shape.identityKnown()
                && known != null
                && known.columns().stream()
                        .filter(this::isOfKey)
                        .anyMatch(column ->
                                source.numbered(column.number())
                                        .filter(now -> now.name().equals(column.name()))
                                        .isEmpty());
    }

    private boolean isOfKey(KnownColumn column) {
        return receivers
                .of(column)
                .filter(there -> destination.keyColumns().contains(there.name()))
                .isPresent();
    }

    private static List<KnownColumn> byName(Relation shape) {
        return shape.columns().stream()
                .map(column ->
                        new KnownColumn(
                                0,
                                column.typeOid(),
                                column.typeModifier(),
                                column.name(),
                                false,
                                0))
                .toList();
    }

    /** Whether the destination lacks a column that the source does not have any more like this. */
    private boolean isGone(KnownColumn column) {
        boolean there =
                receivers.named(column.name()).isPresent()
                        || before(column).flatMap(receivers::of).isPresent();
        boolean needed = rule.takes(column.name()) && !column.generated() && !there;
        Optional<KnownColumn> now =
                known == null ? source.column(column.name()) : source.numbered(column.number());
        return needed
                && now.filter(each -> each.name().equals(column.name()) && each.isOfType(column))
                        .isEmpty();
    }

    /** The same column when the table was known. */
    private Optional<KnownColumn> before(KnownColumn column) {
        return numbered && known != null ? known.numbered(column.number()) : Optional.empty();
    }

    private void judge(KnownColumn column) {
        if (!rule.takes(column.name()) || isGenerated(column)) {
            return;
        }
        Column there = receivers.named(column.name()).orElse(null);
        before(column)
                .ifPresentOrElse(
                        before -> judgeKnown(before, column, there), () -> judgeNew(column, there));
    }

    private boolean isGenerated(KnownColumn column) {
        return column.generated() || definition(column).filter(Definition::isGenerated).isPresent();
    }

    private void judgeNew(KnownColumn column, @Nullable Column there) {
        Definition now = definition(column).orElse(null);
        if (there == null) {
            if (now != null) {
                addOrAsk(now);
            }
            return;
        }
        judgeType(column, there);
        if (known == null || now == null || copy || copying) {
            return;
        }
        if (isTaken(there)) {
            exchanged = true;
        } else if (wasWritten(now)) {
            copy = true;
        } else {
            // Made in advance, or left over from a dropped one: nothing says what its rows have.
            comparisons.add(
                    DefinitionStatements.otherThan(
                            destination.name(), there.name(), now.typeName(), now.missing()));
        }
    }

    private void judgeKnown(KnownColumn before, KnownColumn column, @Nullable Column there) {
        Column old = receivers.of(before).orElse(null);
        if (there == null) {
            if (old != null) {
                names.add(isCalled(before, column), List.of(rename(old, column)));
            } else {
                // Somebody has dropped it there, with its values.
                definition(column)
                        .ifPresent(now -> {
                            add(now);
                            copy = !copying;
                        });
            }
        } else if (old == null || old.number() == there.number()) {
            judgeType(column, there);
            // Where another one stands in its place, nobody knows with which values.
            copy |= old == null && !copying;
        } else if (isLeftover(column.name()) && !isTaken(there)) {
            List<String> asked = new ArrayList<>();
            asked.add(DefinitionStatements.dropColumn(altered, there.name()));
            asked.add(rename(old, column));
            asked.addAll(keyAgain(there));
            names.add(isCalled(before, column), asked);
        } else {
            judgeType(column, there);
            exchanged = true;
        }
    }

    private String isCalled(KnownColumn before, KnownColumn column) {
        return "column %s of table %s is called %s at the source now"
                .formatted(before.name(), name, column.name());
    }

    private String rename(Column old, KnownColumn column) {
        return DefinitionStatements.renameColumn(
                altered, old.name(), rule.receiverOf(column.name()));
    }

    /** The primary key that goes with a column that is dropped. */
    private List<String> keyAgain(Column dropped) {
        List<String> key = destination.keyColumns();
        return destination.identity() == ReplicaIdentity.DEFAULT && key.contains(dropped.name())
                ? List.of(DefinitionStatements.addPrimaryKey(altered, key))
                : List.of();
    }

    /** Whether what the destination has under that name is of a dropped column. */
    private boolean isLeftover(String column) {
        return known != null
                && (known.gone().contains(column)
                        || (numbered
                                && known.column(column)
                                        .filter(each -> !numbers.contains(each.number()))
                                        .isPresent()));
    }

    /** Whether a column of the destination has the values of one that the table still has. */
    private boolean isTaken(Column there) {
        return receivers.madeFor(there).filter(each -> numbers.contains(each.number())).isPresent();
    }

    private void judgeType(KnownColumn column, Column there) {
        Definition now = definition(column).orElse(null);
        KnownColumn madeFor = receivers.madeFor(there).orElse(null);
        if (known == null) {
            return;
        }
        boolean another = madeFor == null || (numbered && madeFor.number() != column.number());
        if (madeFor != null && !another && madeFor.generated() && there.generated()) {
            types.add(
                    "column %s of table %s is not generated any more at the source"
                            .formatted(column.name(), name),
                    List.of(DefinitionStatements.dropExpression(altered, there.name())));
        }
        boolean retyped = another || madeFor == null || !madeFor.isOfType(column);
        if (now == null) {
            // The source has dropped it since: nobody needs it in its new type.
            copy |= retyped && !copying;
            return;
        }
        if (retyped && !there.typeName().equals(now.typeName())) {
            types.add(
                    "column %s of table %s is of type %s at the source now"
                            .formatted(column.name(), name, now.typeName()),
                    another ? otherColumn(now, there) : otherType(now, there));
        }
    }

    /** What the old column of that name has need not be of the new type. */
    private List<String> otherColumn(Definition now, Column there) {
        return List.of(
                DefinitionStatements.dropColumn(altered, there.name()),
                DefinitionStatements.addColumn(
                        altered,
                        DefinitionStatements.column(
                                there.name(), now.typeName(), now.collation())));
    }

    private List<String> otherType(Definition now, Column there) {
        return List.of(DefinitionStatements.alterType(altered, there.name(), now.typeName()));
    }

    /** The destination lacks a column that was not known. */
    private void addOrAsk(Definition now) {
        List<String> gone = known == null ? goneAtTheSource() : List.of();
        if (gone.isEmpty()) {
            add(now);
            return;
        }
        List<String> asked = new ArrayList<>();
        for (String old : gone) {
            asked.add(DefinitionStatements.renameColumn(altered, old, now.name()));
        }
        asked.add(DefinitionStatements.addColumn(altered, text.plain(now)));
        names.add(
                "table %s has a column %s at the source and lacks %s, which the destination has: renamed, or dropped and added? Run the one or the other"
                        .formatted(name, now.name(), String.join(", ", gone)),
                asked);
    }

    private List<String> goneAtTheSource() {
        return destination.columns().stream()
                .map(Column::name)
                .filter(column ->
                        definitions.stream()
                                .noneMatch(each -> rule.receiverOf(each.name()).equals(column)))
                .toList();
    }

    private void add(Definition now) {
        added.add(now.name());
        statements.addAll(text.add(altered, now));
        // What rows got by being written anew is not in the log.
        copy |= wasWritten(now) && !copying;
    }

    /** Whether the source's rows may have got values of the column by being written anew. */
    private boolean wasWritten(Definition now) {
        return (known == null || known.fileNode() != source.fileNode()) && !now.hasMissing();
    }

    private void judgeGenerated(Definition now) {
        if (rule.takes(now.name())
                && receivers.named(now.name()).isEmpty()
                && before(now.column()).isEmpty()) {
            added.add(now.name());
            statements.addAll(text.add(altered, now));
        }
    }

    private Verdict verdict() {
        if (!names.isEmpty() || !types.isEmpty()) {
            return (names.isEmpty() ? types : names).asked(copy);
        }
        boolean again = !copying && (copy || exchanged);
        if (!added.isEmpty()) {
            return new Verdict.Alter(
                    "column %s of table %s added, as at the source"
                            .formatted(String.join(", ", added), name),
                    statements,
                    again,
                    again || copying || !comparisons.isEmpty() ? null : known());
        }
        if (again) {
            return new Verdict.Copy(
                    "the log does not tell which of its columns the changes were made to");
        }
        return comparisons.isEmpty()
                ? new Verdict.Fits(known())
                : new Verdict.Compare(comparisons, known());
    }

    /** Columns of the destination that the source has no more, and what would drop them. */
    public List<String> leftovers() {
        return goneAtTheSource().stream()
                .map(column -> DefinitionStatements.dropColumn(altered, column) + ";")
                .toList();
    }

    /** What can be required of the columns just added, once their rows have values. */
    public List<String> finishing() {
        return definitions.stream()
                .filter(each -> added.contains(each.name()) && !each.isGenerated())
                .flatMap(each -> text.finish(altered, each).stream())
                .toList();
    }

    /** What the table is known as, once the destination has every column. */
    private KnownTable known() {
        if (known == null || !numbered) {
            return receivers.received(known == null ? source.known(name) : source.known(known));
        }
        Set<String> gone = new LinkedHashSet<>(known.gone());
        known.columns().stream()
                .filter(column -> !numbers.contains(column.number()))
                .forEach(column -> gone.add(column.name()));
        wanted.forEach(column -> gone.remove(column.name()));
        gone.removeIf(column -> receivers.named(column).isEmpty());
        boolean asNow = isAsNow();
        int last = numbers.stream().mapToInt(Integer::intValue).max().orElse(0);
        return receivers.received(
                new KnownTable(
                        name,
                        source.oid(),
                        asNow ? source.fileNode() : known.fileNode(),
                        // Not the source's: columns made and dropped may be still to come.
                        Math.max(last, known.lastNumber()),
                        asNow ? source.columns() : wanted,
                        List.copyOf(gone)));
    }

    /** Whether the table is judged as the source has it now. */
    private boolean isAsNow() {
        List<KnownColumn> now =
                source.columns().stream().filter(each -> !isGenerated(each)).toList();
        List<KnownColumn> then = wanted.stream().filter(each -> !isGenerated(each)).toList();
        if (now.size() != then.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            boolean same =
                    now.get(i).name().equals(then.get(i).name())
                            && now.get(i).isOfType(then.get(i))
                            && (known == null || now.get(i).number() == then.get(i).number());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** As the source has the column now. */
    private Optional<Definition> definition(KnownColumn column) {
        return column.number() == 0
                ? definitions.stream().filter(each -> each.name().equals(column.name())).findFirst()
                : Optional.ofNullable(byNumber.get(column.number()));
    }
}
