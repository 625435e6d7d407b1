package warp.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a database that is copied is made of. */
enum CopyShape {
    PGBENCH,
    WIDE,
    MANY,
    MIXED;

    private static final int TABLES_PER_TRANSACTION = 100;
    private static final int ROWS_EACH = 100;

    /** Of {@code wide}: two values of 8 KB each, which the server keeps out of line. */
    private static final int WIDE_ROW_BYTES = 16_384;

    /** Of {@code mixed}, about. */
    private static final int MIXED_ROW_BYTES = 512;

    private static final long MEGABYTE = 1024 * 1024;

    /** The word for it on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * How large.
     *
     * @param scale of pgbench
     * @param megabytes of {@code wide}; {@code mixed} has a quarter
     * @param tables of {@code many}
     */
    record Size(int scale, int megabytes, int tables) {

        static final int TABLES_USUAL = 2000;
    }

    /** Whether its copies are of very many files; see {@link CopyContestants}. */
    boolean keeps() {
        return this == MANY;
    }

    /** What it is, for the report. */
    String describe(Size size) {
        return switch (this) {
            case PGBENCH ->
                    "pgbench scale %d, %,d rows"
                            .formatted(size.scale(), size.scale() * (long) TpcbBacklog.ROWS);
            case WIDE -> "one table of %,d MB of TOASTed rows".formatted(size.megabytes());
            case MANY -> "%,d tables of %d rows".formatted(size.tables(), ROWS_EACH);
            case MIXED -> "one table of 40 columns of %d types".formatted(KINDS.size());
        };
    }

    Content content(Size size) {
        return switch (this) {
            case PGBENCH -> TpcbBacklog.content(size.scale());
            case WIDE -> wide(size.megabytes() * MEGABYTE / WIDE_ROW_BYTES);
            case MANY -> many(size.tables());
            case MIXED -> mixed(size.megabytes() * MEGABYTE / 4 / MIXED_ROW_BYTES);
        };
    }

    /** Of random bytes, made once and combined, since they take long to make and do not shrink. */
    private static Content wide(long rows) {
        return new Content(
                List.of(
                        "CREATE TABLE wide (id bigint, kind int, changed timestamptz, document"
                                + " text, picture bytea)"),
                List.of(
                        """
                        CREATE TEMPORARY TABLE piece AS
                            SELECT n, string_agg(uuid_send(gen_random_uuid()), '') AS bytes
                            FROM generate_series(0, 1023) n, generate_series(1, 192) GROUP BY n
                        """,
                        "CREATE UNIQUE INDEX ON piece (n)",
                        "ANALYZE piece",
                        """
                        INSERT INTO wide
                            SELECT g, g %% 100, timestamptz '2020-01-01' + g * interval '1 second',
                                replace(encode(a.bytes || b.bytes, 'base64'), E'\\n', ''),
                                c.bytes || a.bytes || substr(b.bytes, 1, 2048)
                            FROM generate_series(1, %d) g
                            JOIN piece a ON a.n = g %% 1024
                            JOIN piece b ON b.n = (g * 7 + 3) %% 1024
                            JOIN piece c ON c.n = (g / 1024) %% 1024
                        """
                                .formatted(rows),
                        "DROP TABLE piece"),
                List.of(
                        "ALTER TABLE wide ADD PRIMARY KEY (id)",
                        "CREATE INDEX ON wide (kind, changed)"));
    }

    private static Content many(int tables) {
        return new Content(
                List.of(
                        forEachTable(
                                tables,
                                "CREATE TABLE %1$s (id bigint, customer int NOT NULL, kind"
                                        + " varchar(20), amount numeric(12, 2), at timestamptz)")),
                List.of(
                        forEachTable(
                                tables,
                                "INSERT INTO %%1$s SELECT g, mod(g, 7), ''kind '' || mod(g, 3), g * 1.5, now() FROM generate_series(1, %d) g"
                                        .formatted(ROWS_EACH))),
                List.of(
                        forEachTable(tables, "ALTER TABLE %1$s ADD PRIMARY KEY (id)"),
                        forEachTable(tables, "CREATE INDEX ON %1$s (customer)")));
    }

    private static String forEachTable(int tables, String statement) {
        return """
        DO $$
        BEGIN
            FOR i IN 1..%d LOOP
                EXECUTE format('%s', 'small_' || i);
                IF i %% %d = 0 THEN
                    COMMIT;
                END IF;
            END LOOP;
        END $$
        """
                .formatted(tables, statement, TABLES_PER_TRANSACTION);
    }

    /** A column's type and what it holds in row {@code g}. */
    private record Column(String type, String value) {}

    private static final List<Column> KINDS =
            List.of(
                    new Column("bigint", "g * 1000003"),
                    new Column("integer", "g % 100000"),
                    new Column("smallint", "g % 30000"),
                    new Column("numeric(14, 4)", "g * 1.2345"),
                    new Column("double precision", "g / 7.0"),
                    new Column("real", "g / 3.0"),
                    new Column("boolean", "g % 3 = 0"),
                    new Column("text", "'a text of row ' || g"),
                    new Column("varchar(60)", "md5(g::text)"),
                    new Column("char(8)", "'c' || g % 100"),
                    new Column("date", "date '2000-01-01' + (g % 9000)::int"),
                    new Column("time", "time '00:00' + g * interval '1 second'"),
                    new Column("timestamp", "timestamp '2000-01-01' + g * interval '1 minute'"),
                    new Column("timestamptz", "timestamptz '2000-01-01' + g * interval '1 minute'"),
                    new Column("interval", "g * interval '1 second'"),
                    new Column("uuid", "md5(g::text)::uuid"),
                    new Column("jsonb", "jsonb_build_object('row', g, 'kind', g % 7)"),
                    new Column("bytea", "decode(md5(g::text), 'hex')"),
                    new Column("inet", "inet '10.0.0.0' + g % 100000"),
                    new Column("int[]", "ARRAY[g % 10, g % 100, g % 1000]::int[]"));

    /** Each kind twice; every fifth value of the second is missing. */
    private static Content mixed(long rows) {
        List<String> columns = new ArrayList<>(List.of("id bigint"));
        List<String> values = new ArrayList<>(List.of("g"));
        for (int i = 0; i < KINDS.size(); i++) {
            Column kind = KINDS.get(i);
            columns.add("a%d %s".formatted(i, kind.type()));
            values.add(kind.value());
            if (i > 0) {
                columns.add("b%d %s".formatted(i, kind.type()));
                values.add("CASE WHEN (g + %d) %% 5 > 0 THEN %s END".formatted(i, kind.value()));
            }
        }
        return new Content(
                List.of("CREATE TABLE mixed (%s)".formatted(String.join(", ", columns))),
                List.of(
                        Stream.of(
                                        "INSERT INTO mixed SELECT",
                                        String.join(", ", values),
                                        "FROM generate_series(1::bigint, %d) g".formatted(rows))
                                .collect(Collectors.joining(" "))),
                List.of(
                        "ALTER TABLE mixed ADD PRIMARY KEY (id)",
                        "CREATE INDEX ON mixed (a12)",
                        "CREATE INDEX ON mixed (a8)"));
    }
}
