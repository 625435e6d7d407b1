package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.sandbox.PostgresServer;

/**
 * Rows that a transaction updates or deletes one after the other go together where they are many.
 */
class RowRunPgTest extends RowRunScene {

    @Test
    void runsOfAnyLength_endTheSame() throws Exception {
        try (LiveTables live = live(T)) {
            live.atSource("INSERT INTO t SELECT g, g, 's' FROM generate_series(1, 2000) g");
            for (int rows : new int[] {1, 15, 16, 17, 999, 1000, 1001}) {
                live.atSource(
                        "UPDATE t SET n = -n, s = CASE id % 3 WHEN 0 THEN NULL ELSE s || id END"
                                + " WHERE id <= "
                                + rows,
                        "DELETE FROM t WHERE id <= " + rows,
                        "INSERT INTO t SELECT g, g, 'again' FROM generate_series(1, %d) g"
                                .formatted(rows));
            }
            assertThat(together(live)).isEqualTo(2 * (16 + 17 + 999 + 1000 + 1000));
            assertThat(live.progress.updates.sum()).isEqualTo(3049);
            assertThat(live.progress.deletes.sum()).isEqualTo(3049);
        }
    }

    /** More than may wait for each other. */
    @Test
    void wideRows_endTheSame() throws Exception {
        try (LiveTables live = live(T)) {
            assertThat(together(live, FILL, "UPDATE t SET s = repeat(md5(id::text), 400)"))
                    .isEqualTo(100);
            assertThat(together(live, "UPDATE t SET s = repeat(md5(id::text), 1000)")).isZero();
            assertThat(together(live, "UPDATE t SET s = repeat(md5(id::text), 9000) WHERE id < 20"))
                    .isZero();
        }
    }

    @Test
    void anotherTransaction_anotherTable_anotherOperation_endARun() throws Exception {
        try (LiveTables live = live(T, T.replace("TABLE t", "TABLE u"))) {
            assertThat(
                            together(
                                    live,
                                    FILL,
                                    "INSERT INTO u TABLE t",
                                    "DO $$ BEGIN FOR i IN 1..100 LOOP UPDATE t SET n = 0 WHERE id ="
                                        + " i; UPDATE u SET n = 1 WHERE id = i; END LOOP; END $$",
                                    "DO $$ BEGIN FOR i IN 1..50 LOOP UPDATE t SET n = n + 1 WHERE"
                                        + " id = i; DELETE FROM t WHERE id = 50 + i; INSERT INTO t"
                                        + " VALUES (1000 + i); END LOOP; END $$"))
                    .isZero();
            assertThat(
                            together(
                                    live,
                                    "UPDATE t SET n = 2 WHERE id <= 10",
                                    "UPDATE t SET n = 3 WHERE id BETWEEN 11 AND 20"))
                    .isZero();
        }
    }

    @Test
    void whatComesAfterARun_findsItsRows() throws Exception {
        try (LiveTables live = live(T, T.replace("TABLE t", "TABLE u"))) {
            assertThat(
                            together(
                                    live,
                                    "BEGIN; "
                                            + FILL
                                            + "; UPDATE t SET n = n + 1; DELETE FROM t WHERE id >"
                                            + " 50; INSERT INTO t SELECT g, 0 FROM"
                                            + " generate_series(40, 90) g ON CONFLICT (id) DO"
                                            + " UPDATE SET n = 7; INSERT INTO u TABLE t; DELETE"
                                            + " FROM u; TRUNCATE u; COMMIT"))
                    .isEqualTo(100 + 50 + 90);
        }
    }

    @Test
    void aKeyThatComesAgain_endsARun() throws Exception {
        try (LiveTables live = live(T)) {
            assertThat(
                            together(
                                    live,
                                    FILL,
                                    "BEGIN; UPDATE t SET n = n + 1; UPDATE t SET n = n * 2; UPDATE"
                                            + " t SET s = NULL WHERE id < 17; COMMIT"))
                    .isEqualTo(216);
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN 1..200 LOOP UPDATE t SET n = n + i WHERE"
                                            + " id = 1 + i % 7; END LOOP; END $$"))
                    .isZero();
        }
    }

    @Test
    void aChangeOfKey_goesAlone() throws Exception {
        try (LiveTables live = live(T)) {
            assertThat(together(live, FILL, "UPDATE t SET id = id + 1000")).isZero();
            assertThat(
                            together(
                                    live,
                                    "UPDATE t SET id = CASE WHEN id % 50 = 0 THEN -id ELSE id END,"
                                            + " n = 9"))
                    .isEqualTo(98);
            // Keys handed on from row to row.
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN 1001..1040 LOOP DELETE FROM t WHERE id ="
                                        + " i; UPDATE t SET id = i WHERE id = i + 50; END LOOP; END"
                                        + " $$"))
                    .isZero();
        }
    }

    @Test
    void unchangedToast_isAShapeOfItsOwn() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (id int PRIMARY KEY, big text, n int, other text)",
                        "ALTER TABLE t ALTER big SET STORAGE EXTERNAL, ALTER other SET STORAGE"
                                + " EXTERNAL")) {
            assertThat(
                            together(
                                    live,
                                    "INSERT INTO t SELECT g, repeat(g::text, 3000), 0, repeat('o',"
                                            + " 3000) FROM generate_series(1, 60) g",
                                    "UPDATE t SET n = 1",
                                    "UPDATE t SET n = 2, other = 'short' WHERE id <= 30"))
                    .isEqualTo(90);
            // Of the first 30 rows another value is short now.
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN 1..60 LOOP UPDATE t SET n = 3 WHERE id ="
                                            + " i; END LOOP; END $$"))
                    .isEqualTo(60);
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN 1..60 LOOP UPDATE t SET n = 4, big = CASE"
                                        + " i % 2 WHEN 0 THEN NULL ELSE big END WHERE id = i; END"
                                        + " LOOP; END $$"))
                    .isZero();
        }
    }

    @Test
    void keysOfSeveralColumns_andValuesOfEveryKind_endTheSame() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TYPE mood AS ENUM ('sad', 'a, \"b\" \\', 'NULL')",
                        "CREATE TABLE t (m mood, k text, u uuid, at timestamptz, a text[], b bytea,"
                            + " c char(5), j jsonb, f float8, p box, d numeric(9, 2), twice numeric"
                            + " GENERATED ALWAYS AS (2 * d) STORED, PRIMARY KEY (k, m, u))")) {
            live.atSource(
                    """
                    INSERT INTO t SELECT m, k, md5(g::text)::uuid, now() FROM unnest(enum_range(NULL::mood)) m,
                    unnest(ARRAY['', ' ', 'NULL', '\\', '"', '{a,b}', E'\t\n', 'ä', '😀']) k, generate_series(1, 3) g\
                    """);
            assertThat(
                            together(
                                    live,
                                    "UPDATE t SET a = ARRAY[k, NULL, m::text], b = '\\x00ff5c', c ="
                                        + " 'x', j = to_jsonb(k), f = '-0', p = '(1,2),(0,0)', d ="
                                        + " 1.5, at = 'infinity'",
                                    "DELETE FROM t WHERE m = 'sad'"))
                    .isEqualTo(81 + 27);
        }
    }

    @Test
    void aReplicaIdentityByAnIndex_isTheKey() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (id int NOT NULL, n int, UNIQUE (id))",
                        "ALTER TABLE t REPLICA IDENTITY USING INDEX t_id_key",
                        "CREATE TABLE u (n int PRIMARY KEY, id int NOT NULL, UNIQUE (id))",
                        "ALTER TABLE u REPLICA IDENTITY USING INDEX u_id_key")) {
            live.atSource(
                    "INSERT INTO t SELECT g, g FROM generate_series(1, 40) g",
                    "INSERT INTO u SELECT g, g FROM generate_series(1, 40) g");
            assertThat(together(live, "UPDATE t SET n = 0", "DELETE FROM t")).isEqualTo(80);
            // Another key is there, which an update may hand on.
            assertThat(
                            together(
                                    live,
                                    "DO $$ BEGIN FOR i IN REVERSE 40..1 LOOP UPDATE u SET n = n + 1"
                                            + " WHERE id = i; END LOOP; END $$"))
                    .isZero();
            assertThat(together(live, "DELETE FROM u")).isEqualTo(40);
        }
    }

    @Test
    void wholeOldRows_goAlone() throws Exception {
        try (LiveTables live = live(T, "ALTER TABLE t REPLICA IDENTITY FULL")) {
            assertThat(together(live, FILL, "UPDATE t SET n = 0", "DELETE FROM t")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"9.6, 18, 0", "12, 18, 190", "12, 12, 190", "18, 9.6, 190"})
    void serversOfOtherVersions_endTheSame(String from, String to, long expected) throws Exception {
        try (PostgresServer source = PostgresServer.start(from);
                PostgresServer destination = PostgresServer.start(to);
                LiveTables live =
                        new LiveTables(
                                source,
                                destination,
                                T,
                                "ALTER TABLE t ALTER s SET STORAGE EXTERNAL")) {
            live.atSource(
                    FILL,
                    "UPDATE t SET n = 0, s = repeat('x', 3000) WHERE id > 50",
                    "UPDATE t SET n = 1",
                    "DELETE FROM t WHERE id > 60",
                    "UPDATE t SET id = -id, n = 7 WHERE id > 10");
            assertThat(together(live)).isEqualTo(expected);
        }
    }
}
