package warp.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.TableName;
import warp.testing.Seed;

/**
 * Tables that change all the time, of which Warp sees what the stream and, later, the catalog tell.
 * The test knows the numbers of every moment: what is told must be true, or nothing be told.
 */
class NumberingProperty {

    private static final int HISTORIES = 4_000;
    private static final TableName NAME = new TableName("s", "t");
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    @Test
    void whatIsTold_isTrue() {
        long seed = Seed.of(NumberingProperty.class);
        int told = 0;
        for (int i = 0; i < HISTORIES; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            told += follow(random, states(random), "seed " + (seed + i));
        }
        assertThat(told).isGreaterThan(HISTORIES);
    }

    /** A moment: the live columns, and the highest number that there has been. */
    private record State(int last, List<KnownColumn> columns) {

        SourceTable table() {
            return new SourceTable(7, NAME, false, 1, true, false, 0, last, columns);
        }

        Relation shape(boolean typed) {
            return new Relation(
                    typed ? 7 : 0,
                    NAME,
                    ReplicaIdentity.DEFAULT,
                    typed,
                    columns.stream()
                            .filter(column -> !typed || !column.generated())
                            .map(column ->
                                    new RelationColumn(
                                            column.name(),
                                            false,
                                            typed ? column.typeOid() : 0,
                                            typed ? column.typeModifier() : -1))
                            .toList());
        }
    }

    /** Goes through it as Warp does; returns how many shapes were told the numbers of. */
    private static int follow(SplittableRandom random, List<State> states, String said) {
        boolean typed = random.nextBoolean();
        KnownTable known = states.getFirst().table().known(NAME);
        List<State> unproven = new ArrayList<>();
        int told = 0;
        int at = 0;
        while (at < states.size()) {
            State state = states.get(at);
            Relation shape = state.shape(typed);
            if (fits(shape, known)) {
                unproven.add(state);
                at++;
                continue;
            }
            // Sooner or later somebody looks at the catalog.
            int looked = random.nextInt(at, states.size());
            SourceTable now = states.get(looked).table();
            Optional<List<KnownColumn>> columns =
                    Numbering.isDoubtful(known, now)
                            ? Optional.empty()
                            : Numbering.of(shape, known, now);
            requireRight(unproven, known, now, typed, said);
            unproven.clear();
            if (columns.isEmpty()) {
                known = now.known(NAME); // Copied again.
                at = looked;
                continue;
            }
            require(
                    numbersAndNames(columns.get(), typed)
                            .equals(numbersAndNames(state.columns(), typed)),
                    said,
                    state,
                    known,
                    now);
            told++;
            known = next(known, columns.get());
        }
        requireRight(unproven, known, states.getLast().table(), typed, said);
        return told;
    }

    /** Unless the table is doubtful, what looked like the known one has been just that. */
    private static void requireRight(
            List<State> applied, KnownTable known, SourceTable now, boolean typed, String said) {
        if (Numbering.isDoubtful(known, now)) {
            return;
        }
        for (State state : applied) {
            require(
                    numbers(state.columns(), typed).equals(numbers(known.columns(), typed)),
                    said,
                    state,
                    known,
                    now);
        }
    }

    /** As {@code Judgement} leaves it. */
    private static KnownTable next(KnownTable known, List<KnownColumn> columns) {
        int last = columns.stream().mapToInt(KnownColumn::number).max().orElse(0);
        return new KnownTable(NAME, 7, 1, Math.max(last, known.lastNumber()), columns, List.of());
    }

    private static void require(
            boolean met, String said, State state, KnownTable known, SourceTable now) {
        if (!met) {
            throw new AssertionError("%s: %s, known %s, now %s".formatted(said, state, known, now));
        }
    }

    private static List<Integer> numbers(List<KnownColumn> columns, boolean typed) {
        return columns.stream()
                .filter(column -> !typed || !column.generated())
                .map(KnownColumn::number)
                .toList();
    }

    private static List<String> numbersAndNames(List<KnownColumn> columns, boolean typed) {
        return columns.stream()
                .filter(column -> !typed || !column.generated())
                .map(column -> column.number() + column.name())
                .toList();
    }

    /** What {@code apply.Fit} lets pass. */
    private static boolean fits(Relation shape, KnownTable known) {
        List<String> expected =
                known.columns().stream()
                        .filter(column -> !shape.identityKnown() || !column.generated())
                        .map(column ->
                                column.name()
                                        + (shape.identityKnown() ? " " + column.typeOid() : ""))
                        .toList();
        return shape.columns().stream()
                .map(column ->
                        column.name() + (shape.identityKnown() ? " " + column.typeOid() : ""))
                .toList()
                .equals(expected);
    }

    private static List<State> states(SplittableRandom random) {
        List<KnownColumn> columns = new ArrayList<>();
        int last = 0;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            last += random.nextInt(1, 3);
            columns.add(column(random, last, NAMES.get(i)));
        }
        List<State> states = new ArrayList<>(List.of(new State(last, List.copyOf(columns))));
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            last = alter(random, columns, last);
            // Nobody may write between two.
            if (random.nextInt(3) > 0) {
                states.add(new State(last, List.copyOf(columns)));
            }
        }
        states.add(new State(last, List.copyOf(columns)));
        return states;
    }

    private static KnownColumn column(SplittableRandom random, int number, String name) {
        return new KnownColumn(number, random.nextInt(1, 3), -1, name, random.nextInt(8) == 0, 0);
    }

    /** One change; returns the highest number. */
    private static int alter(SplittableRandom random, List<KnownColumn> columns, int last) {
        List<String> free = new ArrayList<>(NAMES);
        columns.forEach(column -> free.remove(column.name()));
        int which = columns.isEmpty() ? -1 : random.nextInt(columns.size());
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                if (!free.isEmpty()) {
                    String name = free.get(random.nextInt(free.size()));
                    columns.add(column(random, last + 1, name));
                    return last + 1;
                }
            }
            case 2 -> {
                if (which >= 0) {
                    columns.remove(which);
                }
            }
            case 3 -> {
                if (which >= 0 && !free.isEmpty()) {
                    KnownColumn old = columns.get(which);
                    String name = free.get(random.nextInt(free.size()));
                    columns.set(which, altered(old, old.typeOid(), name));
                }
            }
            default -> {
                if (which >= 0) {
                    KnownColumn old = columns.get(which);
                    columns.set(which, altered(old, random.nextInt(1, 3), old.name()));
                }
            }
        }
        return last;
    }

    private static KnownColumn altered(KnownColumn old, int type, String name) {
        return new KnownColumn(old.number(), type, -1, name, old.generated(), 0);
    }
}
