package warp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import warp.sandbox.DatabaseContent.Scope;

/** The oldest and the newest server, which print values most differently. */
class DatabaseContentPgTest {

    private static PostgresServer old;
    private static PostgresServer young;

    @BeforeAll
    static void startServers() {
        old = PostgresServer.builder("9.6").encoding("LATIN1").start();
        young = PostgresServer.start(PostgresBinaries.newest());
    }

    @AfterAll
    static void stopServers() {
        old.close();
        young.close();
    }

    @BeforeEach
    void createDatabases() throws SQLException {
        old.createDatabase("d");
        young.createDatabase("d");
    }

    @AfterEach
    void dropDatabases() throws SQLException {
        old.execute("postgres", "DROP DATABASE d");
        young.execute("postgres", "DROP DATABASE d");
    }

    @Test
    void sameValuesOfTrickyTypes_areEqualAcrossVersionsAndEncodings() throws SQLException {
        both("CREATE DOMAIN degrees AS float8", "CREATE DOMAIN curve AS real[]");
        both("CREATE TYPE spot AS (label text, place point, near float8[])");
        both("CREATE TYPE span AS RANGE (subtype = float8)");
        both(
                """
                CREATE TABLE t (id int PRIMARY KEY, r real, d float8, rs real[], ds float8[][],
                    p point, ps path[], deg degrees, cur curve, s spot, sp span, m money,
                    i interval, ts timestamptz, b bytea, j json, n numeric, x text, v varchar(9)[])
                """,
                """
                INSERT INTO t VALUES
                (1, 0.1, 1.0/3, '{0.1,NULL,-0}', '{{1e-300,2},{3,NaN}}', '(0.1,0.2)',
                 '{"((0.1,0.2),(3,4))",NULL}', 0.3, '{0.7}', ROW('a', '(0.7,1)', '{0.9}'),
                 '[0.1,0.3)', 12.5, '1 day -2:03:04.5', '2020-02-29 12:00+05', '\\x00ff',
                 '{"a" :  1}', 1.500, 'é', '{"a,b",NULL}'),
                (2, 'NaN', '-Infinity', '{}', NULL, NULL, NULL, NULL, NULL, NULL, 'empty', NULL,
                 NULL, 'infinity', '', NULL, 'NaN', '', '{}')
                """);
        assertThat(compare().toString()).isEqualTo("1 tables, 2 rows compared: equal");
    }

    @Test
    void floatsThatDifferInTheLastBit_areDifferent() throws SQLException {
        both("CREATE TABLE t (d float8)");
        old.execute("d", "INSERT INTO t VALUES (0.1::float8 + 0.2::float8)");
        young.execute("d", "INSERT INTO t VALUES (0.3)");
        assertThat(compare().differences().getFirst())
                .isEqualTo("table public.t: 1 rows only at the source, 1 only at the destination");
    }

    @Test
    void duplicates_areCounted() throws SQLException {
        both("CREATE TABLE t (x int, j json)");
        old.execute("d", "INSERT INTO t SELECT 1, '{}' FROM generate_series(1, 3)");
        young.execute("d", "INSERT INTO t SELECT 1, '{}' FROM generate_series(1, 2)");
        assertThat(compare().differences())
                .containsExactly(
                        "table public.t: 1 rows only at the source, 0 only at the destination",
                        "    only at the source:      (x=1, j={})");
    }

    @Test
    void missingExtraAndChangedRows_areShownWithTheirKeys() throws SQLException {
        both("CREATE TABLE t (note text, id int PRIMARY KEY)");
        old.execute("d", "INSERT INTO t VALUES ('same', 1), (NULL, 2), ('gone', 4)");
        young.execute("d", "INSERT INTO t VALUES ('same', 1), ('', 2), ('new', 3)");
        assertThat(compare().differences())
                .containsExactly(
                        "table public.t: 2 rows only at the source, 2 only at the destination",
                        "    only at the source:      (id=2, note=null)",
                        "    only at the destination: (id=2, note=)",
                        "    only at the destination: (id=3, note=new)",
                        "    only at the source:      (id=4, note=gone)");
    }

    @Test
    void manyDifferences_areCountedButNotAllShown() throws SQLException {
        both("CREATE TABLE t (id int PRIMARY KEY)");
        old.execute("d", "INSERT INTO t SELECT generate_series(1, 1000)");
        assertThat(compare().differences())
                .hasSize(6)
                .first()
                .isEqualTo(
                        "table public.t: 1000 rows only at the source, 0 only at the destination");
    }

    @Test
    void columnsInAnotherOrder_areEqual() throws SQLException {
        old.execute("d", "CREATE TABLE t (a int, b text)", "INSERT INTO t VALUES (1, 'x')");
        young.execute("d", "CREATE TABLE t (b text, a int)", "INSERT INTO t VALUES ('x', 1)");
        assertThat(compare().isEqual()).isTrue();
    }

    @Test
    void tablesAndColumnsOfOneSideOnly_areNamed() throws SQLException {
        old.execute("d", "CREATE TABLE a ()", "CREATE TABLE c (x int, y int)");
        young.execute("d", "CREATE TABLE b ()", "CREATE TABLE c (x int, z int)");
        assertThat(compare().differences())
                .containsExactly(
                        "table public.a is only at the source",
                        "table public.b is only at the destination",
                        "table public.c has columns [x, y] at the source, [x, z] at the"
                                + " destination");
    }

    @Test
    void schemaWarpAndWhatIsOutOfScope_isNotCompared() throws SQLException {
        young.execute("d", "CREATE SCHEMA warp", "CREATE TABLE warp.progress ()");
        assertThat(compare().isEqual()).isTrue();

        both("CREATE SCHEMA s", "CREATE TABLE s.t (x int)", "CREATE TABLE t (x int)");
        old.execute("d", "INSERT INTO t VALUES (1)");
        assertThat(compare().isEqual()).isFalse();
        assertThat(compare(Scope.ofSchemas("s")).isEqual()).isTrue();
        assertThat(compare(Scope.ofTables("s.t")).tables()).isEqualTo(1);
        assertThat(compare(Scope.ofTables("public.t")).isEqual()).isFalse();
    }

    @Test
    void textsBeyondTheBasicPlane_areMergedInTheServersOrder() throws SQLException {
        young.execute("postgres", "CREATE DATABASE e TEMPLATE template0");
        young.execute("d", "CREATE TABLE t (x text)");
        young.execute("e", "CREATE TABLE t (x text)");
        young.execute("d", "INSERT INTO t VALUES ('\uFFFD'), ('\uD83D\uDE00'), ('a')");
        young.execute("e", "INSERT INTO t VALUES ('\uD83D\uDE00'), ('\uFFFD')");
        try (Connection one = young.connect("d");
                Connection two = young.connect("e")) {
            assertThat(DatabaseContent.compare(one, two).differences())
                    .containsExactly(
                            "table public.t: 1 rows only at the source, 0 only at the destination",
                            "    only at the source:      (x=a)");
        }
        young.execute("postgres", "DROP DATABASE e");
    }

    private static void both(String... statements) throws SQLException {
        old.execute("d", statements);
        young.execute("d", statements);
    }

    private static Comparison compare() throws SQLException {
        return compare(Scope.all());
    }

    private static Comparison compare(Scope scope) throws SQLException {
        try (Connection one = old.connect("d");
                Connection two = young.connect("d")) {
            return DatabaseContent.compare(one, two, scope);
        }
    }
}
