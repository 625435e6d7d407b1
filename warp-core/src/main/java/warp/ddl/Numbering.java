package warp.ddl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;

/**
 * Which columns the names of a change meant. A column keeps its number all its life, and its name
 * only until somebody gives it another one; the stream tells names, in the order of the numbers,
 * and of test_decoding's old rows not even all. The catalog tells numbers, as of now.
 *
 * <p>A change is applied only if it looks exactly like what is known ({@code apply.Fit}): the same
 * names in the same order, of the same types. Two columns can still have been exchanged behind such
 * a row: one dropped, another made under its name. So:
 *
 * <ul>
 *   <li>Where every known column is still there, there were as many columns as are known, hence the
 *       same ones: all that was applied went where it belongs. The same holds where none has been
 *       made since.
 *   <li>Where a known one is gone and one has been made, nobody can tell: the table is {@linkplain
 *       #isDoubtful doubtful}, and must be copied again.
 *   <li>Of the first change that looks otherwise, the columns that are known come first, and those
 *       made since after them, in order. Whether that says which ones it has, depends on how many
 *       there are and how many there have been; where it does not, nothing is guessed.
 * </ul>
 *
 * <p>Pure.
 */
final class Numbering {

    private Numbering() {}

    /**
     * Whether changes may have been applied to the wrong columns since the table was known: what is
     * at the destination cannot be relied upon.
     */
    static boolean isDoubtful(KnownTable known, SourceTable now) {
        boolean dropped =
                known.columns().stream()
                        .anyMatch(column ->
                                column.number() != 0 && now.numbered(column.number()).isEmpty());
        return dropped && now.lastNumber() > known.lastNumber();
    }

    /**
     * The table as it was when the change was made, generated columns included as far as they were
     * known; empty where that cannot be told. The table must not be doubtful.
     */
    static Optional<List<KnownColumn>> of(Relation shape, KnownTable known, SourceTable now) {
        if (!shape.whole()) {
            return ofPart(shape, known, now);
        }
        boolean withGenerated = !shape.identityKnown();
        List<RelationColumn> told = known.told(shape);
        List<KnownColumn> before = travelling(known.columns(), withGenerated);
        List<KnownColumn> after = travelling(now.columns(), withGenerated);
        // Known from a time after the change, it had the first ones: none has ever been dropped.
        boolean complete = now.columns().size() == now.lastNumber();
        return numbers(told.size(), before, after, known.lastNumber(), now.lastNumber(), complete)
                .map(numbers -> numbered(told, numbers, known, now, withGenerated));
    }

    /**
     * Of an old row, the columns that were printed: they are the known ones, or nothing is known.
     */
    private static Optional<List<KnownColumn>> ofPart(
            Relation shape, KnownTable known, SourceTable now) {
        if (known.told(shape).stream().allMatch(told -> known.column(told.name()).isPresent())) {
            return Optional.of(known.columns());
        }
        boolean onlyRenamed =
                known.lastNumber() == now.lastNumber()
                        && known.columns().size() == now.columns().size()
                        && known.told(shape).stream()
                                .allMatch(told -> now.column(told.name()).isPresent());
        return onlyRenamed ? Optional.of(now.columns()) : Optional.empty();
    }

    private static List<KnownColumn> travelling(List<KnownColumn> columns, boolean withGenerated) {
        return columns.stream().filter(column -> withGenerated || !column.generated()).toList();
    }

    private static Optional<List<Integer>> numbers(
            int count,
            List<KnownColumn> before,
            List<KnownColumn> after,
            int last,
            int lastNow,
            boolean complete) {
        if (count == before.size()) {
            return Optional.of(before.stream().map(KnownColumn::number).toList());
        }
        if (lastNow == last && count == after.size()) {
            return Optional.of(after.stream().map(KnownColumn::number).toList());
        }
        if (lastNow == last) {
            return count < before.size() && complete
                    ? Optional.of(before.stream().map(KnownColumn::number).limit(count).toList())
                    : Optional.empty();
        }
        List<Integer> made =
                after.stream().map(KnownColumn::number).filter(each -> each > last).toList();
        int more = count - before.size();
        List<Integer> all = IntStream.rangeClosed(last + 1, lastNow).boxed().toList();
        boolean everyOne = more == all.size();
        boolean noneDropped = made.equals(all);
        if (more < 0 || more > all.size() || (!everyOne && !noneDropped)) {
            return Optional.empty();
        }
        List<Integer> numbers = new ArrayList<>();
        before.forEach(column -> numbers.add(column.number()));
        numbers.addAll(all.subList(0, more));
        return Optional.of(numbers);
    }

    private static List<KnownColumn> numbered(
            List<RelationColumn> told,
            List<Integer> numbers,
            KnownTable known,
            SourceTable now,
            boolean withGenerated) {
        List<KnownColumn> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < told.size(); i++) {
            columns.add(numbered(told.get(i), numbers.get(i), known, now));
            names.add(told.get(i).name());
        }
        if (!withGenerated) {
            known.columns().stream()
                    .filter(column -> column.generated() && !names.contains(column.name()))
                    .filter(column -> now.numbered(column.number()).isPresent())
                    .forEach(columns::add);
        }
        columns.sort(java.util.Comparator.comparingInt(KnownColumn::number));
        return columns;
    }

    private static KnownColumn numbered(
            RelationColumn told, int number, KnownTable known, SourceTable now) {
        @Nullable KnownColumn before = known.numbered(number).orElse(null);
        @Nullable KnownColumn after = now.numbered(number).orElse(null);
        KnownColumn like = after != null ? after : before;
        if (like == null) {
            return new KnownColumn(
                    number, told.typeOid(), told.typeModifier(), told.name(), false, 0);
        }
        boolean toldType = told.typeOid() != 0;
        return new KnownColumn(
                number,
                toldType ? told.typeOid() : like.typeOid(),
                toldType ? told.typeModifier() : like.typeModifier(),
                told.name(),
                like.generated(),
                0);
    }
}
