package warp.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Some tables made up from a seed, in schema {@code made}: columns of all sorts, keys of every kind
 * or none, indexes, partitions, rows that are wide, many or none; and statements that write to
 * them. Both sides can have them where they are of the source's version or newer. Any thread may
 * use it.
 */
public final class RandomTables {

    private static final int TABLES_MAX = 7;
    private static final int COLUMNS_MAX = 9;
    private static final int IDS = 4000;

    /** How the source identifies an old row. */
    private enum Key {
        ID("PRIMARY KEY (id)"),
        BOTH("PRIMARY KEY (part, id)"),
        NUMERIC("PRIMARY KEY (num)"),
        TEXT("PRIMARY KEY (code)"),
        INDEX(""),
        FULL("");

        private final String constraint;

        Key(String constraint) {
            this.constraint = constraint;
        }
    }

    /**
     * A column's type, and a value made of {@code i}, equal now and then.
     *
     * @param since the first major version that has it
     */
    private record Kind(String type, String value, double since) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind("smallint", "(i % 30000)::int2", 9),
                    new Kind("int", "nullif(i % 100, 7)", 9),
                    new Kind("bigint", "i * 1000000007::int8", 9),
                    new Kind("numeric", "i / 7.0", 9),
                    new Kind("numeric(12,2)", "(i % 1000000) * 1.01", 9),
                    new Kind("float8", "i / 3.0::float8", 9),
                    new Kind("real", "(i % 977) / 3.0::real", 9),
                    new Kind("text", "repeat(md5(i::text), i % 4)", 9),
                    new Kind("text", "repeat(md5(i::text), 100 + i % 100)", 9),
                    new Kind("varchar(60)", "'v ä ' || i % 50", 9),
                    new Kind("char(9)", "(i % 1000)::text", 9),
                    new Kind("bytea", "decode(md5(i::text), 'hex')", 9),
                    new Kind("boolean", "nullif(i % 3, 2) = 1", 9),
                    new Kind("date", "date '2020-02-28' + i % 1000", 9),
                    new Kind(
                            "timestamptz",
                            "timestamptz '1999-12-31 23:59:59.999999Z' + i * interval '1 min'",
                            9),
                    new Kind("timestamp", "timestamp 'infinity'", 9),
                    new Kind("interval", "i * interval '1 day 2.5 s'", 9),
                    new Kind("time", "time '00:00' + i * interval '13 s'", 9),
                    new Kind("uuid", "md5(i::text)::uuid", 9),
                    new Kind("json", "('{\"a\" : [' || i || ', null]}')::json", 9),
                    new Kind("jsonb", "('{\"b\":{\"c\":\"ü\\t' || i || '\"}}')::jsonb", 9),
                    new Kind("int[]", "ARRAY[i % 5, NULL, i]", 9),
                    new Kind("text[]", "ARRAY['a\"b', NULL, '{' || i % 9 || '}']", 9),
                    new Kind("inet", "inet '10.0.0.0' + i", 9),
                    new Kind("point", "point(i / 3.0, i % 7)", 9),
                    new Kind("int4range", "int4range(i % 100, i % 100 + i % 3)", 9),
                    new Kind("tsvector", "to_tsvector('simple', 'word' || i % 20 || ' x')", 9),
                    new Kind("xml", "('<a n=\"' || i || '\"/>')::xml", 9),
                    new Kind("bit varying(40)", "i::bit(20)::bit varying(40)", 9),
                    new Kind("money", "(i % 9999)::money", 9),
                    new Kind("pg_lsn", "('0/' || to_hex(i % 99999))::pg_lsn", 9),
                    new Kind(
                            "int4multirange",
                            "int4multirange(int4range(0, i % 9), int4range(20, 21 + i % 9))",
                            14));

    private record Table(String name, Key key, List<Kind> columns, int rows, boolean parted) {
        private List<String> names() {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                names.add("c" + i);
            }
            return names;
        }
    }

    private final LoadSchema schema;
    private final List<Table> tables = new ArrayList<>();
    private final List<String> indexes = new ArrayList<>();

    private RandomTables(long seed, String major) {
        this.schema = LoadSchema.of(major);
        RandomGenerator random = new Random(seed);
        List<Kind> kinds = KINDS.stream().filter(kind -> kind.since <= schema.major()).toList();
        for (int i = 1 + random.nextInt(TABLES_MAX); i > 0; i--) {
            tables.add(table(random, "made.\"t " + i + "\"", kinds));
        }
        tables.forEach(table -> index(random, table));
    }

    /** Those of a seed, for a source of this major version. */
    public static RandomTables of(long seed, String major) {
        return new RandomTables(seed, major);
    }

    private Table table(RandomGenerator random, String name, List<Kind> kinds) {
        List<Kind> columns = new ArrayList<>();
        for (int i = random.nextInt(COLUMNS_MAX); i >= 0; i--) {
            columns.add(kinds.get(random.nextInt(kinds.size())));
        }
        Key key = Key.values()[random.nextInt(Key.values().length)];
        int rows =
                switch (random.nextInt(5)) {
                    case 0 -> 0;
                    case 1 -> 15_000;
                    default -> random.nextInt(IDS);
                };
        boolean parted = key == Key.BOTH && schema.major() >= 11 && random.nextBoolean();
        return new Table(name, key, List.copyOf(columns), rows, parted);
    }

    private void index(RandomGenerator random, Table table) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < table.columns.size(); i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, Random.from(random));
        for (int i = random.nextInt(3); i > 0 && !numbers.isEmpty(); i--) {
            int column = numbers.removeLast();
            String type = table.columns.get(column).type;
            if (!List.of("json", "xml", "point").contains(type) && !table.parted) {
                indexes.add(
                        "CREATE INDEX ON %s (%s)"
                                .formatted(
                                        table.name,
                                        type.equals("text")
                                                ? "md5(c" + column + ")"
                                                : "c" + column));
            }
        }
    }

    /** The statements that create them, without rows. */
    public List<String> create() {
        List<String> all = new ArrayList<>(List.of("CREATE SCHEMA made"));
        tables.forEach(table -> all.addAll(create(table)));
        all.addAll(indexes);
        return all;
    }

    private static List<String> create(Table table) {
        StringBuilder sql = new StringBuilder("CREATE TABLE " + table.name);
        sql.append(" (part int NOT NULL, id bigserial, num numeric NOT NULL, code text NOT NULL");
        for (int i = 0; i < table.columns.size(); i++) {
            sql.append(", c").append(i).append(' ').append(table.columns.get(i).type);
        }
        if (!table.key.constraint.isEmpty()) {
            sql.append(", ").append(table.key.constraint);
        }
        List<String> all = new ArrayList<>();
        if (table.parted) {
            all.add(sql + ") PARTITION BY HASH (part)");
            for (int i = 0; i < 3; i++) {
                all.add(
                        "CREATE TABLE %s PARTITION OF %s FOR VALUES WITH (MODULUS 3, REMAINDER %d)"
                                .formatted(table.name.replace("t ", "p" + i + " "), table.name, i));
            }
            return all;
        }
        all.add(sql + ")");
        if (table.key == Key.INDEX) {
            String index = "key of " + table.name.replaceAll("made.|\"", "");
            all.add("CREATE UNIQUE INDEX \"%s\" ON %s (num, code)".formatted(index, table.name));
            all.add(
                    "ALTER TABLE %s REPLICA IDENTITY USING INDEX \"%s\""
                            .formatted(table.name, index));
        } else if (table.key == Key.FULL) {
            all.add("ALTER TABLE " + table.name + " REPLICA IDENTITY FULL");
        }
        return all;
    }

    /** The statements that put the first rows in. */
    public List<String> fill() {
        return tables.stream().filter(t -> t.rows > 0).map(t -> insert(t, 1, t.rows)).toList();
    }

    private String insert(Table table, long first, long last) {
        StringBuilder sql = new StringBuilder("INSERT INTO " + table.name + " (part, num, code");
        table.names().forEach(name -> sql.append(", ").append(name));
        // Rows without a key are there several times.
        String i = table.key == Key.FULL ? "i % 50" : "i";
        sql.append(") SELECT i % 5, i + 0.0, 'code ' || i");
        table.columns.forEach(kind -> sql.append(", ").append(kind.value));
        return sql.append(
                        " FROM (SELECT %s AS i FROM generate_series(%d, %d) i) made"
                                .formatted(i, first, last))
                .append(table.parted || schema.major() < 9.5 ? "" : " ON CONFLICT DO NOTHING")
                .toString();
    }

    /**
     * One statement that adds a column to one of them, now and then by writing all rows anew.
     *
     * @param number one that no other column has
     */
    public String addColumn(RandomGenerator random, int number) {
        String fallback =
                switch (random.nextInt(3)) {
                    case 0 -> "";
                    case 1 -> " DEFAULT " + number;
                    default -> " DEFAULT (random() * 1000)::int";
                };
        return "ALTER TABLE %s ADD COLUMN added%d int%s"
                .formatted(tables.get(random.nextInt(tables.size())).name, number, fallback);
    }

    /** One statement that writes to one of them. */
    String statement(RandomGenerator random, boolean truncates) {
        Table table = tables.get(random.nextInt(tables.size()));
        long at = random.nextInt(IDS);
        return switch (random.nextInt(9)) {
            case 0, 1 -> insert(table, at + IDS * 10L, at + IDS * 10L + random.nextInt(20));
            case 2, 3, 4 -> update(random, table) + some(table, at, random.nextInt(4));
            case 5 -> "DELETE FROM " + table.name + some(table, at, random.nextInt(6));
            case 6 -> key(random, table) + some(table, at, 0);
            case 7 -> "UPDATE " + table.name + " SET part = part" + some(table, at, 1);
            default ->
                    truncates && random.nextInt(8) == 0
                            ? "TRUNCATE " + table.name + (random.nextBoolean() ? " CASCADE" : "")
                            : update(random, table) + some(table, at, 9);
        };
    }

    /** What one cannot identify is limited by the place where it lies. */
    private static String some(Table table, long at, int more) {
        return table.key == Key.FULL
                ? " WHERE ctid IN (SELECT ctid FROM %s WHERE num = %d LIMIT %d FOR UPDATE)"
                        .formatted(table.name, at % 50, 1 + more)
                : " WHERE num BETWEEN %d AND %d".formatted(at, at + more);
    }

    private static String update(RandomGenerator random, Table table) {
        int column = random.nextInt(table.columns.size());
        String value =
                random.nextInt(6) == 0
                        ? "NULL"
                        : "(SELECT %s FROM (SELECT %d AS i) made)"
                                .formatted(table.columns.get(column).value, random.nextInt(1000));
        return "UPDATE %s SET c%d = %s".formatted(table.name, column, value);
    }

    private static String key(RandomGenerator random, Table table) {
        return switch (table.key) {
            case ID, FULL -> "UPDATE " + table.name + " SET id = id + " + (1 << 20);
            case BOTH ->
                    table.parted
                            ? "UPDATE " + table.name + " SET part = part + 1"
                            : "UPDATE " + table.name + " SET part = part + 1, id = -id";
            // equal, and yet printed in another way
            case NUMERIC ->
                    "UPDATE %s SET num = num + 0.%s"
                            .formatted(table.name, "0".repeat(1 + random.nextInt(4)));
            case TEXT, INDEX ->
                    "UPDATE %s SET code = code || ' %d'"
                            .formatted(table.name, random.nextInt(1000));
        };
    }
}
