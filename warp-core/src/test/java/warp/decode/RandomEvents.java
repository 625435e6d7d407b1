package warp.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.TableName;
import warp.model.Tuple;

/** Relations and events with hostile names and values. */
final class RandomEvents {

    private static final String[] PIECES = {
        "a",
        "B",
        "_",
        "0",
        " ",
        ".",
        ",",
        ":",
        "'",
        "''",
        "\"",
        "\"\"",
        "[",
        "]",
        "[]",
        "\\",
        "\n",
        "new-tuple:",
        " new-tuple:",
        "old-key:",
        ": INSERT:",
        "null",
        "unchanged-toast-datum",
        "B'",
        "(no-tuple-data)",
        "é",
        "中",
        "😀",
        ", sz: 1 content:",
        "%",
        "$1",
        "\u0001",
    };

    private final RandomGenerator random;

    RandomEvents(RandomGenerator random) {
        this.random = random;
    }

    String text(int piecesMin) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(piecesMin, piecesMin + 5); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    Relation relation(int oid) {
        List<RelationColumn> columns = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            // The number keeps names unique, as the catalog does.
            columns.add(
                    new RelationColumn(
                            i + text(0), random.nextBoolean(), random.nextInt(), random.nextInt()));
        }
        ReplicaIdentity[] identities = ReplicaIdentity.values();
        return new Relation(
                oid,
                new TableName(text(1), text(1)),
                identities[random.nextInt(identities.length)],
                true,
                columns);
    }

    Tuple tuple(int columns, boolean mayBeUnchanged) {
        Tuple.Builder tuple = new Tuple.Builder(columns, 16);
        for (int i = 0; i < columns; i++) {
            switch (random.nextInt(mayBeUnchanged ? 5 : 4)) {
                case 0 -> tuple.addNull();
                case 4 -> tuple.addUnchanged();
                default -> tuple.add(text(0).getBytes(StandardCharsets.UTF_8));
            }
        }
        return tuple.build();
    }

    ChangeEvent event(Relation relation) {
        int columns = relation.columns().size();
        return switch (random.nextInt(7)) {
            case 0 -> new ChangeEvent.Begin(random.nextInt());
            case 1 ->
                    new ChangeEvent.Commit(
                            new Lsn(random.nextLong()), random.nextLong(0, 4_000_000_000_000_000L));
            case 2 -> new ChangeEvent.Insert(relation, tuple(columns, false));
            case 3 -> update(relation, columns);
            case 4 -> new ChangeEvent.Delete(relation, tuple(columns, false), random.nextBoolean());
            case 5 ->
                    new ChangeEvent.Truncate(
                            List.of(relation, relation),
                            random.nextBoolean(),
                            random.nextBoolean());
            default ->
                    new ChangeEvent.Message(
                            new Lsn(random.nextLong()), random.nextBoolean(), text(0), text(0));
        };
    }

    private ChangeEvent update(Relation relation, int columns) {
        Tuple row = tuple(columns, true);
        return random.nextBoolean()
                ? new ChangeEvent.Update(relation, null, false, row)
                : new ChangeEvent.Update(
                        relation, tuple(columns, false), random.nextBoolean(), row);
    }
}
