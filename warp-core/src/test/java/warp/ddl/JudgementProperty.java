package warp.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import warp.ddl.SourceTable.Definition;
import warp.model.Column;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.ServerVersion;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TableRule;
import warp.testing.Seed;

/**
 * A whole migration of one table in memory: a source whose columns change while its rows do, a
 * stream, a destination, what is judged of it, and a person who runs what is asked for, perhaps
 * only half of it. In the end every column has the rows that it has at the source. What goes on
 * between is that of {@code migration.Mending}; {@code DefinitionProperty} does the same with
 * servers, which takes thousands of times as long.
 */
class JudgementProperty {

    private static final int HISTORIES = Integer.getInteger("warp.histories", 500);
    private static final TableName NAME = new TableName("s", "t");
    private static final int INT = 23;
    private static final int TEXT = 25;

    @Test
    void everyHistory_endsEqual() {
        long seed = Seed.of(JudgementProperty.class);
        int copies = 0;
        for (int i = 0; i < HISTORIES; i++) {
            History history = new History(new SplittableRandom(seed + i));
            try {
                copies += history.run();
            } catch (RuntimeException | AssertionError wrong) {
                throw new AssertionError(
                        "seed %d: %s".formatted(seed + i, String.join("\n", history.said)), wrong);
            }
        }
        // A copy is always right; most must do without.
        assertThat(copies).isBetween(1, 4 * HISTORIES);
    }

    private static String typeName(int type) {
        return type == INT ? "integer" : "text";
    }

    /** A moment of the source: its columns, and its rows by number of column. */
    private record Moment(
            int last,
            int file,
            List<KnownColumn> columns,
            Map<Integer, Map<Integer, String>> rows,
            @Nullable Change change) {

        SourceTable table() {
            return new SourceTable(7, NAME, false, file, true, false, 0, last, columns);
        }

        List<Definition> definitions() {
            return columns.stream()
                    .map(column ->
                            new Definition(
                                    column,
                                    typeName(column.typeOid()),
                                    false,
                                    null,
                                    false,
                                    null,
                                    "",
                                    "",
                                    null,
                                    null))
                    .toList();
        }
    }

    /** A row as the stream has it; no values: deleted. */
    private record Change(Relation shape, int id, @Nullable Map<String, @Nullable String> values) {}

    private static final class History {
        private final SplittableRandom random;
        private final List<String> said = new ArrayList<>();
        private final List<Moment> moments = new ArrayList<>();
        private final boolean typed;

        // The source.
        private final List<KnownColumn> columns = new ArrayList<>();
        private final Map<Integer, Map<Integer, String>> rows = new TreeMap<>();
        private int last = 3;
        private int file = 1;
        private int ids;
        private int values;

        // The destination.
        private final List<Column> there = new ArrayList<>();
        private final Map<Integer, Map<Integer, String>> copied = new TreeMap<>();
        private int lastThere;

        // Warp.
        private KnownTable known;
        private int looked;
        private boolean held;
        private boolean copying;
        private final List<Change> waiting = new ArrayList<>();
        private int copies;

        History(SplittableRandom random) {
            this.random = random;
            this.typed = random.nextBoolean();
            columns.add(new KnownColumn(1, INT, -1, "id", false, 0));
            columns.add(new KnownColumn(2, INT, -1, "a", false, 0));
            columns.add(new KnownColumn(3, TEXT, -1, "b", false, 0));
            for (KnownColumn column : columns) {
                addThere(column.name(), column.typeOid());
            }
            this.known = received(moment(null).table().known(NAME));
        }

        int run() {
            for (int i = random.nextInt(5, 30); i > 0; i--) {
                step();
            }
            int at = 1;
            while (at < moments.size()) {
                Change change = moments.get(at).change();
                if (change != null) {
                    take(change);
                }
                at++;
                if (held && random.nextInt(3) == 0) {
                    at = mend(at);
                } else if (!held && random.nextInt(6) == 0) {
                    at = watch(at);
                }
            }
            for (int i = 0; i < 60; i++) {
                watch(at);
                if (!held) {
                    requireEqual();
                    return copies;
                }
                mend(at);
            }
            throw new AssertionError("asks for ever");
        }

        // ---- the source

        private Moment moment(@Nullable Change change) {
            Map<Integer, Map<Integer, String>> copy = new TreeMap<>();
            rows.forEach((id, row) -> copy.put(id, Map.copyOf(row)));
            Moment moment = new Moment(last, file, List.copyOf(columns), copy, change);
            moments.add(moment);
            return moment;
        }

        private String value(int type) {
            return (type == INT ? "i" : "t") + ++values;
        }

        private void step() {
            if (random.nextInt(2) == 0) {
                write();
            } else {
                alter();
                moment(null);
            }
        }

        private void write() {
            int id = random.nextInt(3) == 0 ? ++ids : random.nextInt(ids + 1);
            if (id == 0) {
                return;
            }
            if (rows.containsKey(id) && random.nextInt(5) == 0) {
                rows.remove(id);
                said.add("DELETE " + id);
                moment(new Change(shape(typed ? columns : columns.subList(0, 1)), id, null));
                return;
            }
            Map<Integer, String> row = rows.computeIfAbsent(id, _ -> new HashMap<>());
            Map<String, @Nullable String> told = new HashMap<>();
            for (KnownColumn column : columns.subList(1, columns.size())) {
                if (random.nextBoolean()) {
                    row.put(column.number(), value(column.typeOid()));
                }
                told.put(column.name(), row.get(column.number()));
            }
            said.add("PUT " + id + " " + told);
            moment(new Change(shape(columns), id, told));
        }

        private Relation shape(List<KnownColumn> told) {
            return new Relation(
                    typed ? 7 : 0,
                    NAME,
                    ReplicaIdentity.DEFAULT,
                    typed,
                    told.size() == columns.size(),
                    told.stream()
                            .map(column ->
                                    new RelationColumn(
                                            column.name(), false, typed ? column.typeOid() : 0, -1))
                            .toList());
        }

        private void alter() {
            List<String> free = new ArrayList<>(List.of("a", "b", "c", "d", "e", "f"));
            columns.forEach(column -> free.remove(column.name()));
            int which = columns.size() == 1 ? 0 : random.nextInt(1, columns.size());
            KnownColumn old = columns.get(which);
            int type = random.nextBoolean() ? INT : TEXT;
            String name = free.isEmpty() ? "" : free.get(random.nextInt(free.size()));
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    if (!free.isEmpty()) {
                        columns.add(new KnownColumn(++last, type, -1, name, false, 0));
                        boolean rewritten = random.nextInt(4) == 0;
                        if (rewritten) {
                            file++;
                            rows.values().forEach(row -> row.put(last, value(type)));
                        }
                        said.add("ADD " + name + " " + typeName(type) + (rewritten ? "!" : ""));
                    }
                }
                case 2 -> {
                    if (which > 0) {
                        columns.remove(which);
                        said.add("DROP " + old.name());
                    }
                }
                case 3 -> {
                    if (which > 0 && !free.isEmpty()) {
                        columns.set(which, called(old, name));
                        said.add("RENAME " + old.name() + " " + name);
                    }
                }
                case 4 -> {
                    int other = random.nextInt(columns.size());
                    if (which > 0 && other > 0) {
                        KnownColumn second = columns.get(other);
                        columns.set(which, called(old, second.name()));
                        columns.set(other, called(second, old.name()));
                        said.add("EXCHANGE " + old.name() + " " + second.name());
                    }
                }
                case 5 -> {
                    if (which > 0) {
                        columns.remove(which);
                        columns.add(
                                new KnownColumn(++last, old.typeOid(), -1, old.name(), false, 0));
                        said.add("AGAIN " + old.name());
                    }
                }
                default -> {
                    // The plugin of 9.6 does not tell types.
                    if (which > 0 && typed && old.typeOid() == INT) {
                        columns.set(
                                which,
                                new KnownColumn(old.number(), TEXT, -1, old.name(), false, 0));
                        file++;
                        rows.values().forEach(row -> row.replace(old.number(), asText(row, old)));
                        said.add("TYPE " + old.name());
                    }
                }
            }
        }

        private static String asText(Map<Integer, String> row, KnownColumn column) {
            return row.getOrDefault(column.number(), "").replace('i', 't');
        }

        private static KnownColumn called(KnownColumn column, String name) {
            return new KnownColumn(column.number(), column.typeOid(), -1, name, false, 0);
        }

        // ---- the destination

        private void addThere(String name, int type) {
            there.add(
                    new Column(
                            name,
                            ++lastThere,
                            type,
                            typeName(type),
                            true,
                            false,
                            false,
                            false,
                            null));
        }

        private Column there(String name) {
            return there.stream()
                    .filter(column -> column.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no column " + name));
        }

        private KnownTable received(KnownTable table) {
            return table.receivedBy(name -> there(name).number());
        }

        private static final Pattern STATEMENT =
                Pattern.compile(
                        "ALTER TABLE \"s\".\"t\" (ADD COLUMN|DROP COLUMN|RENAME COLUMN|ALTER"
                            + " COLUMN) \"(\\w+)\"(?: TO \"(\\w+)\"| (?:TYPE )?(integer|text))?;?");

        private void runThere(String statement) {
            said.add("  destination: " + statement);
            Matcher parts = STATEMENT.matcher(statement);
            assertThat(parts.matches()).as(statement).isTrue();
            String name = parts.group(2);
            int type = "integer".equals(parts.group(4)) ? INT : TEXT;
            switch (parts.group(1)) {
                case "ADD COLUMN" -> {
                    assertThat(there).extracting(Column::name).doesNotContain(name);
                    addThere(name, type);
                }
                case "DROP COLUMN" -> there.remove(there(name));
                case "RENAME COLUMN" -> {
                    assertThat(there).extracting(Column::name).doesNotContain(parts.group(3));
                    replace(there(name), parts.group(3), there(name).typeOid());
                }
                default -> {
                    Column column = there(name);
                    copied.values()
                            .forEach(row ->
                                    row.computeIfPresent(
                                            column.number(), (_, text) -> text.replace('i', 't')));
                    replace(column, name, type);
                }
            }
        }

        private void replace(Column column, String name, int type) {
            there.set(
                    there.indexOf(column),
                    new Column(
                            name,
                            column.number(),
                            type,
                            typeName(type),
                            true,
                            false,
                            false,
                            false,
                            null));
        }

        private void put(int id, Map<String, @Nullable String> told) {
            Map<Integer, String> row = copied.computeIfAbsent(id, _ -> new HashMap<>());
            told.forEach((name, value) -> {
                Column column = there(name);
                if (value == null) {
                    row.remove(column.number());
                } else {
                    assertThat(value).startsWith(column.typeOid() == INT ? "i" : "t");
                    row.put(column.number(), value);
                }
            });
        }

        // ---- Warp

        private boolean fits(Relation shape) {
            if (!shape.whole()) {
                return true; // The key, which is never altered here.
            }
            List<String> expected = new ArrayList<>();
            known.columns()
                    .forEach(
                            column -> expected.add(column.name() + (typed ? column.typeOid() : 0)));
            List<String> told = new ArrayList<>();
            shape.columns().forEach(column -> told.add(column.name() + column.typeOid()));
            return told.equals(expected);
        }

        private void take(Change change) {
            held = held || !fits(change.shape()) || isRefused(change);
            if (held) {
                waiting.add(change);
            } else {
                apply(change);
            }
        }

        /** By the server, where the plugin does not tell types. */
        private boolean isRefused(Change change) {
            Map<String, @Nullable String> told = change.values();
            return !typed
                    && told != null
                    && told.entrySet().stream()
                            .anyMatch(each -> {
                                String value = each.getValue();
                                return value != null
                                        && !value.startsWith(
                                                there(each.getKey()).typeOid() == INT ? "i" : "t");
                            });
        }

        private void apply(Change change) {
            if (change.values() == null) {
                copied.remove(change.id());
            } else {
                put(change.id(), change.values());
            }
        }

        /** What {@code migration.DefinitionComparison} does, once the stream has come there. */
        private int watch(int at) {
            held |= !known.hasColumns(moments.get(at - 1).columns());
            return at;
        }

        /** Returns where the stream is then. */
        private int mend(int from) {
            int at = from;
            for (int round = 0; round < 100; round++) {
                // The catalog may be far ahead, but never goes back.
                looked = random.nextInt(Math.max(looked, at - 1), moments.size());
                Moment now = moments.get(looked);
                Judgement judgement =
                        new Judgement(NAME, known, now.table(), now.definitions(), receiving());
                Relation next = waiting.isEmpty() ? null : waiting.getFirst().shape();
                // A table is judged as it is now only if the stream has come there.
                if (next == null && !copying && looked != at - 1) {
                    at = streamUpTo(at, looked);
                    next = waiting.isEmpty() ? null : waiting.getFirst().shape();
                }
                Verdict verdict = judgement.of(next, copying);
                said.add("  judged: " + verdict);
                switch (verdict) {
                    case Verdict.Fits fits when copying -> at = copy(at, now);
                    case Verdict.Fits fits -> {
                        known = fits.known();
                        boolean moved = replay();
                        held = !waiting.isEmpty();
                        if (!held || !moved) {
                            return at;
                        }
                    }
                    case Verdict.Alter alter -> {
                        alter.statements().forEach(this::runThere);
                        copying |= alter.copy();
                        known = alter.known() == null ? known : received(alter.known());
                    }
                    case Verdict.Ask ask -> {
                        copying |= ask.copy();
                        answer(ask.statements());
                        return at;
                    }
                    case Verdict.Compare compare -> {
                        if (differs(compare)) {
                            copying = true;
                        } else {
                            known = compare.known();
                        }
                    }
                    case Verdict.Copy _ -> copying = true;
                    case Verdict.Renamed renamed -> throw new AssertionError(renamed);
                }
            }
            throw new AssertionError("mends for ever");
        }

        private int streamUpTo(int from, int moment) {
            int at = from;
            while (at - 1 < moment) {
                Change change = moments.get(at).change();
                if (change != null) {
                    waiting.add(change);
                }
                at++;
            }
            return at;
        }

        /** Whether anything has been applied. */
        private boolean replay() {
            int before = waiting.size();
            while (!waiting.isEmpty()
                    && fits(waiting.getFirst().shape())
                    && !isRefused(waiting.getFirst())) {
                apply(waiting.removeFirst());
            }
            boolean stuck = !waiting.isEmpty() && !fits(waiting.getFirst().shape());
            assertThat(stuck && waiting.size() == before).as("fits, and does not").isFalse();
            return waiting.size() < before;
        }

        /** A person, who may be half-way. */
        private void answer(List<String> statements) {
            int most = random.nextInt(3) == 0 ? random.nextInt(statements.size() + 1) : 99;
            statements.stream().limit(most).forEach(this::runThere);
        }

        private boolean differs(Verdict.Compare compare) {
            return compare.queries().stream()
                    .anyMatch(query -> {
                        Matcher name = Pattern.compile("CAST\\(\"(\\w+)\" AS text").matcher(query);
                        assertThat(name.find()).isTrue();
                        int number = there(name.group(1)).number();
                        return copied.values().stream().anyMatch(row -> row.containsKey(number));
                    });
        }

        /** As of a moment; what the stream has still to send from before it is part of it. */
        private int copy(int from, Moment now) {
            int at = Math.max(from, looked + 1);
            waiting.clear();
            copied.clear();
            now.rows()
                    .forEach((id, row) -> {
                        Map<String, @Nullable String> told = new HashMap<>();
                        now.columns()
                                .forEach(column ->
                                        told.put(column.name(), row.get(column.number())));
                        told.remove("id");
                        put(id, told);
                    });
            known = received(now.table().known(known));
            copying = false;
            copies++;
            return at;
        }

        private ReceivingTable receiving() {
            return new ReceivingTable(
                    new Table(
                            8,
                            NAME,
                            there,
                            ReplicaIdentity.DEFAULT,
                            List.of("id"),
                            0,
                            0,
                            0,
                            false,
                            false,
                            false,
                            false),
                    NAME,
                    TableRule.NONE,
                    new ServerVersion(180000));
        }

        private void requireEqual() {
            for (KnownColumn column : columns.subList(1, columns.size())) {
                int number = there(column.name()).number();
                assertThat(copied.keySet()).isEqualTo(rows.keySet());
                rows.forEach((id, row) ->
                        assertThat(copied.getOrDefault(id, Map.of()).get(number))
                                .as("column %s of row %d", column.name(), id)
                                .isEqualTo(row.get(column.number())));
            }
        }
    }
}
