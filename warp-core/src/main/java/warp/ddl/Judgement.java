package warp.ddl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.ddl.SourceTable.Definition;
import warp.model.Column;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ServerVersion;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TableRule;
import warp.sql.DefinitionStatements;

/**
 * Compares what the next change of a table looks like with what the destination has.
 *
 * <p>The change may be older than the source's catalog: since then columns may have been renamed,
 * dropped and made. Columns keep their number all their life, so what was known tells an added
 * column from a renamed one; where nothing was known and both readings are possible, both are shown
 * and nothing is done. Where the catalog does not have a column of the change any more, the table
 * is taken as it is now and copied again: what the change was worth is in the rows.
 *
 * <p>Pure, for one question.
 */
public final class Judgement {

    private final TableName name;
    private final @Nullable KnownTable known;
    private final SourceTable source;
    private final List<Definition> definitions;
    private final Table destination;
    private final TableRule rule;
    private final ServerVersion version;
    private final List<String> statements = new ArrayList<>();
    private final List<String> added = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private boolean copy;
    private boolean copying;

    /**
     * @param name as the migration calls the table
     * @param known what it was known as; null where nothing is known
     * @param rule what its columns are called there, and which of them travel
     * @param version of the destination
     */
    public Judgement(
            TableName name,
            @Nullable KnownTable known,
            SourceTable source,
            List<Definition> definitions,
            Table destination,
            TableRule rule,
            ServerVersion version) {
        this.name = name;
        this.known = known;
        this.source = source;
        this.definitions = List.copyOf(definitions);
        this.destination = destination;
        this.rule = rule;
        this.version = version;
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
        if (known != null && known.oid() != source.oid() && !copying) {
            return new Verdict.Copy("it was dropped and made again at the source");
        }
        boolean now = shape == null || shape.columns().isEmpty() || copying || isAhead(shape);
        copy = now && shape != null && !shape.columns().isEmpty() && !copying;
        List<KnownColumn> wanted = now ? source.columns() : columnsOf(shape);
        wanted.forEach(this::judge);
        if (now || isAsNow(wanted)) {
            definitions.stream().filter(Definition::isGenerated).forEach(this::judgeGenerated);
        }
        return verdict(wanted);
    }

    private Verdict renamed() {
        if (destination.name().equals(source.name())) {
            return new Verdict.Renamed(source.name());
        }
        return new Verdict.Ask(
                "table %s is called %s at the source now".formatted(name, source.name()),
                semicolons(DefinitionStatements.rename(destination.name(), source.name())),
                false);
    }

    /**
     * Whether the catalog is not to be trusted about a column that was not known: it does not have
     * it any more, has another one of its name, or may have, as columns made since have been
     * dropped.
     */
    private boolean isAhead(Relation shape) {
        return shape.columns().stream().anyMatch(this::isAhead);
    }

    private boolean isAhead(RelationColumn column) {
        KnownColumn before = known == null ? null : known.column(column.name()).orElse(null);
        boolean told = column.typeOid() != 0;
        if (before != null && (!told || isOfType(column, before))) {
            return false;
        }
        Definition now = definition(column.name()).orElse(null);
        if (now == null) {
            return rule.takes(column.name()) && receiver(column.name()).isEmpty();
        }
        return (told && !isOfType(column, now.column())) || (before == null && hasGaps());
    }

    private static boolean isOfType(RelationColumn column, KnownColumn other) {
        return column.typeOid() == other.typeOid() && column.typeModifier() == other.typeModifier();
    }

    /** Whether a column that was made after the table was known has been dropped again. */
    private boolean hasGaps() {
        if (known == null) {
            return false;
        }
        long live =
                source.columns().stream()
                        .filter(column -> column.number() > known.lastNumber())
                        .count();
        return live < source.lastNumber() - known.lastNumber();
    }

    private static List<KnownColumn> columnsOf(@Nullable Relation shape) {
        return shape == null
                ? List.of()
                : shape.columns().stream()
                        .map(column ->
                                new KnownColumn(
                                        0, column.typeOid(), column.typeModifier(), column.name()))
                        .toList();
    }

    private Optional<Column> receiver(String column) {
        return destination.column(rule.receiverOf(column));
    }

    private void judge(KnownColumn wanted) {
        if (!rule.takes(wanted.name())) {
            return;
        }
        Definition now = definition(wanted.name()).orElse(null);
        Column there = receiver(wanted.name()).orElse(null);
        if (there != null) {
            judgeType(wanted, now, there);
        } else if (now != null && !now.isGenerated()) {
            judgeMissing(now);
        }
    }

    private void judgeType(KnownColumn wanted, @Nullable Definition now, Column there) {
        KnownColumn before = known == null ? null : known.column(wanted.name()).orElse(null);
        if (before == null || now == null) {
            return;
        }
        boolean another = before.number() != 0 && before.number() != now.column().number();
        if (another) {
            // Dropped and added under the same name: the rows there have the old one's values.
            copy = true;
        }
        boolean told = wanted.typeOid() != 0;
        KnownColumn type = told ? wanted : now.column();
        boolean retyped =
                before.typeOid() != 0
                        && (type.typeOid() != before.typeOid()
                                || type.typeModifier() != before.typeModifier());
        if (retyped && !there.typeName().equals(now.typeName())) {
            reasons.add(
                    "column %s of table %s is of type %s at the source now"
                            .formatted(wanted.name(), name, now.typeName()));
            String column = rule.receiverOf(wanted.name());
            if (another) {
                // Another column of that name: what the old one has need not be of the new type.
                asked.add(DefinitionStatements.dropColumn(destination.name(), column));
                asked.add(
                        DefinitionStatements.addColumn(
                                destination.name(),
                                DefinitionStatements.column(
                                        column, now.typeName(), now.collation())));
            } else {
                asked.add(
                        DefinitionStatements.alterType(destination.name(), column, now.typeName()));
            }
        }
    }

    /** The destination lacks a column that the source has. */
    private void judgeMissing(Definition now) {
        Optional<KnownColumn> before =
                known == null ? Optional.empty() : known.numbered(now.column().number());
        if (before.isPresent() && receiver(before.get().name()).isPresent()) {
            reasons.add(
                    "column %s of table %s is called %s at the source now"
                            .formatted(before.get().name(), name, now.name()));
            asked.add(
                    DefinitionStatements.renameColumn(
                            destination.name(),
                            rule.receiverOf(before.get().name()),
                            rule.receiverOf(now.name())));
            return;
        }
        List<String> gone = known == null ? goneAtTheSource() : List.of();
        if (!gone.isEmpty()) {
            reasons.add(
                    "table %s has a column %s at the source and lacks %s, which the destination has: renamed, or dropped and added? Run the one or the other"
                            .formatted(name, now.name(), String.join(", ", gone)));
            for (String old : gone) {
                asked.add(DefinitionStatements.renameColumn(destination.name(), old, now.name()));
            }
            asked.add(
                    DefinitionStatements.addColumn(
                            destination.name(), new ColumnText(version).plain(now)));
            return;
        }
        add(now);
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
        statements.addAll(new ColumnText(version).add(destination.name(), now));
        boolean rewritten = known == null || known.fileNode() != source.fileNode();
        // What rows got by being written anew is not in the log.
        copy |= rewritten && !now.hasMissing();
    }

    private void judgeGenerated(Definition now) {
        if (rule.takes(now.name())
                && receiver(now.name()).isEmpty()
                && (known == null || known.numbered(now.column().number()).isEmpty())) {
            added.add(now.name());
            statements.addAll(new ColumnText(version).add(destination.name(), now));
        }
    }

    private Verdict verdict(List<KnownColumn> wanted) {
        if (!reasons.isEmpty()) {
            return new Verdict.Ask(String.join("; ", reasons), semicolons(asked), copy);
        }
        if (!added.isEmpty()) {
            return new Verdict.Alter(
                    "column %s of table %s added, as at the source"
                            .formatted(String.join(", ", added), name),
                    statements,
                    copy);
        }
        return copy && !copying
                ? new Verdict.Copy("its columns have changed more than once")
                : new Verdict.Fits(knownNow(wanted));
    }

    /** Columns of the destination that the source has no more, and what would drop them. */
    public List<String> leftovers() {
        return goneAtTheSource().stream()
                .map(column -> DefinitionStatements.dropColumn(destination.name(), column) + ";")
                .toList();
    }

    /** What can be required of the columns just added, once their rows have values. */
    public List<String> finishing() {
        ColumnText text = new ColumnText(version);
        return definitions.stream()
                .filter(each -> added.contains(each.name()) && !each.isGenerated())
                .flatMap(each -> text.finish(destination.name(), each).stream())
                .toList();
    }

    /** As the source has it now, where that is what the change looks like. */
    private KnownTable knownNow(List<KnownColumn> wanted) {
        if (isAsNow(wanted) || known == null) {
            return source.known(name);
        }
        if (wanted.stream().allMatch(column -> column.typeOid() == 0)) {
            // test_decoding tells no types, and of old rows not every column.
            return new KnownTable(
                    name, source.oid(), known.fileNode(), known.lastNumber(), known.columns());
        }
        List<KnownColumn> columns = wanted.stream().map(this::known).toList();
        int last = columns.stream().mapToInt(KnownColumn::number).max().orElse(0);
        return new KnownTable(
                name, source.oid(), known.fileNode(), Math.max(last, known.lastNumber()), columns);
    }

    /** A column of the change with its number, where that is known. */
    private KnownColumn known(KnownColumn wanted) {
        int number =
                Stream.of(
                                known == null
                                        ? Optional.<KnownColumn>empty()
                                        : known.column(wanted.name()),
                                source.column(wanted.name()))
                        .flatMap(Optional::stream)
                        .mapToInt(KnownColumn::number)
                        .findFirst()
                        .orElse(0);
        return new KnownColumn(number, wanted.typeOid(), wanted.typeModifier(), wanted.name());
    }

    private boolean isAsNow(List<KnownColumn> wanted) {
        List<KnownColumn> travelling =
                definitions.stream()
                        .filter(each -> !each.isGenerated())
                        .map(Definition::column)
                        .toList();
        List<KnownColumn> compared =
                wanted.stream().filter(column -> isNotGenerated(column.name())).toList();
        if (travelling.size() != compared.size()) {
            return false;
        }
        for (int i = 0; i < compared.size(); i++) {
            KnownColumn one = compared.get(i);
            KnownColumn other = travelling.get(i);
            boolean sameType =
                    one.typeOid() == 0
                            || (one.typeOid() == other.typeOid()
                                    && one.typeModifier() == other.typeModifier());
            if (!one.name().equals(other.name()) || !sameType) {
                return false;
            }
        }
        return true;
    }

    private boolean isNotGenerated(String column) {
        return definition(column).map(each -> !each.isGenerated()).orElse(true);
    }

    private Optional<Definition> definition(String column) {
        return definitions.stream().filter(each -> each.name().equals(column)).findFirst();
    }

    private static List<String> semicolons(List<String> texts) {
        return texts.stream().map(text -> text + ";").toList();
    }
}
