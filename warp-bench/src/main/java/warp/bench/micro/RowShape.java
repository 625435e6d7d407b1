package warp.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warp.model.Column;
import warp.model.ReplicaIdentity;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;

/** Tables whose rows are changed. */
public enum RowShape {
    /** Four columns, like an account of pgbench: two numbers, the key another, and a text. */
    NARROW,

    /** Forty columns of six types; one value in ten is NULL. */
    WIDE;

    /** {@code pg_class.oid} of the table at both sides. */
    static final int TABLE_OID = 16_384;

    private static final int NULLS = 10;

    private static final int WIDE_COLUMNS = 40;

    /** A built-in type, by its OID and that of its array. */
    enum Type {
        INT8(20, 1016, "bigint"),
        INT4(23, 1007, "integer"),
        TEXT(25, 1009, "text"),
        TIMESTAMPTZ(1184, 1185, "timestamp with time zone"),
        NUMERIC(1700, 1231, "numeric"),
        BOOL(16, 1000, "boolean");

        private final int oid;
        private final int arrayOid;
        private final String title;

        Type(int oid, int arrayOid, String title) {
            this.oid = oid;
            this.arrayOid = arrayOid;
            this.title = title;
        }

        int oid() {
            return oid;
        }

        /** Some value, as a server prints it. */
        private String value(int seed) {
            return switch (this) {
                case INT8 -> Long.toString(1_000_000L + seed);
                case INT4 -> Integer.toString(seed * 31);
                case TEXT -> "what is known of the item " + seed + ", in words";
                case TIMESTAMPTZ -> "2026-01-01 12:%02d:%02d.5+00".formatted(seed % 60, seed % 59);
                case NUMERIC -> seed + ".25";
                case BOOL -> seed % 2 == 0 ? "t" : "f";
            };
        }
    }

    /** Types as {@code warp.sql.ApplyStatements#typesOf} gives them. */
    static List<String> typeLines() {
        return List.of(Type.values()).stream()
                .map(type -> "%d %d b %s".formatted(type.oid, type.arrayOid, type.title))
                .toList();
    }

    List<Type> types() {
        return switch (this) {
            case NARROW -> List.of(Type.INT8, Type.INT4, Type.INT4, Type.TEXT);
            case WIDE -> {
                Type[] all = Type.values();
                yield IntStream.range(0, WIDE_COLUMNS).mapToObj(i -> all[i % all.length]).toList();
            }
        };
    }

    String column(int index) {
        return index == 0 ? "id" : "c" + index;
    }

    /** The first column is the key. */
    boolean isKey(int index) {
        return index == 0;
    }

    /**
     * A value; null for NULL.
     *
     * @param version every other value of the row differs with it
     */
    byte @Nullable [] value(int index, int key, int version) {
        if (isKey(index)) {
            return Type.INT8.value(key).getBytes(StandardCharsets.US_ASCII);
        }
        return index % NULLS == NULLS - 1
                ? null
                : types().get(index)
                        .value(key + index + version * (index % 2))
                        .getBytes(StandardCharsets.US_ASCII);
    }

    /** The table at both sides. */
    TablePair pair() {
        List<Type> types = types();
        List<Column> columns =
                IntStream.range(0, types.size())
                        .mapToObj(i ->
                                new Column(
                                        column(i),
                                        i + 1,
                                        types.get(i).oid,
                                        types.get(i).title,
                                        true,
                                        isKey(i),
                                        false,
                                        false,
                                        "pg_catalog"))
                        .toList();
        Table table =
                new Table(
                        TABLE_OID,
                        new TableName("public", "item"),
                        columns,
                        ReplicaIdentity.DEFAULT,
                        List.of(column(0)),
                        0,
                        0,
                        0,
                        false,
                        false,
                        false,
                        false);
        return new TablePair(table, table);
    }
}
