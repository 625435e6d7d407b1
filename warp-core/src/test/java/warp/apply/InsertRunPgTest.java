package warp.apply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.sandbox.PostgresServer;

/** Rows that a transaction inserts one after the other, which go by COPY where they are many. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InsertRunPgTest {

    private @Nullable PostgresServer server;

    @BeforeAll
    void start() {
        server = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        requireNonNull(server).close();
    }

    private LiveTables live(String... ddl) throws SQLException {
        return new LiveTables(requireNonNull(server), requireNonNull(server), ddl);
    }

    @Test
    void runsOfAnyLength_arriveWhole() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (n int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, a text, b"
                                + " numeric, c text[], twice numeric GENERATED ALWAYS AS (2 * b)"
                                + " STORED)")) {
            for (int rows : new int[] {1, 15, 16, 17, 999, 1000, 1001}) {
                live.atSource(
                        """
                        INSERT INTO t (a, b, c) SELECT CASE g %% 3 WHEN 0 THEN NULL ELSE g::text END,
                        g / 7.0, ARRAY[g::text, NULL, ''] FROM generate_series(1, %d) g\
                        """
                                .formatted(rows));
            }
            live.drain();
            assertThat(live.compare().differences()).isEmpty();
            assertThat(live.progress.inserts.sum()).isEqualTo(3049);
        }
    }

    @Test
    void whatComesAfterARun_findsItsRows() throws Exception {
        try (LiveTables live =
                live(
                        "CREATE TABLE t (n int PRIMARY KEY, a text)",
                        "CREATE TABLE u (n int PRIMARY KEY, a text)")) {
            live.atSource(
                    "INSERT INTO t SELECT g FROM generate_series(1, 100) g; UPDATE t SET a = 'x';"
                        + " DELETE FROM t WHERE n > 10; INSERT INTO t SELECT g FROM"
                        + " generate_series(11, 90) g; TRUNCATE u; INSERT INTO u SELECT g FROM"
                        + " generate_series(1, 70) g; TRUNCATE u; INSERT INTO u SELECT * FROM t",
                    "DO $$ BEGIN FOR i IN 1000..1200 LOOP INSERT INTO t VALUES (i); INSERT INTO u"
                            + " VALUES (i); END LOOP; END $$");
            live.drain();
            assertThat(live.compare().differences()).isEmpty();
        }
    }

    /** More than may wait for each other. */
    @Test
    void wideRows_arriveWhole() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (n int PRIMARY KEY, a text)")) {
            live.atSource(
                    "INSERT INTO t SELECT g, repeat(md5(g::text), 5000) FROM generate_series(1,"
                            + " 100) g");
            live.drain();
            assertThat(live.compare().differences()).isEmpty();
        }
    }

    @Test
    void aRowOfARunThatIsRefused_leavesNothingOfItsTransaction() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (n int PRIMARY KEY, a text)")) {
            live.atDestination("INSERT INTO t VALUES (150, 'mine')");
            live.atSource("INSERT INTO t SELECT g FROM generate_series(1, 200) g");
            Lsn before = live.progressAtDestination();
            assertThatThrownBy(live::drain)
                    .isInstanceOf(WarpException.class)
                    .hasMessageContaining("INSERT of public.t in transaction ")
                    .hasMessageContaining("duplicate key");
            assertThat(live.progressAtDestination()).isEqualTo(before);
            assertThat(live.compare().differences()).isNotEmpty();
        }
    }

    /** The server has said no before all of the COPY, and of the next ones, is sent. */
    @Test
    void theFirstOfManyWideRowsThatIsRefused_isHeardOfInTheEnd() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (n int PRIMARY KEY, a text)")) {
            live.atDestination("INSERT INTO t VALUES (1, 'mine')");
            live.atSource(
                    "INSERT INTO t SELECT g, repeat('x', 2000) FROM generate_series(1, 5000) g");
            assertThatThrownBy(live::drain)
                    .isInstanceOf(WarpException.class)
                    .hasMessageContaining("INSERT of public.t in transaction ")
                    .hasMessageContaining("duplicate key");
        }
    }

    @Test
    void aTriggerThatLeavesRowsOut_isNamed() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (n int PRIMARY KEY, a text)")) {
            live.atDestination(
                    "CREATE FUNCTION but_seven() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                            + " RETURN CASE WHEN NEW.n <> 7 THEN NEW END; END $$",
                    "CREATE TRIGGER but_seven BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION"
                            + " but_seven()",
                    "ALTER TABLE t ENABLE ALWAYS TRIGGER but_seven");
            live.atSource("INSERT INTO t SELECT g FROM generate_series(1, 64) g");
            assertThatThrownBy(live::drain)
                    .isInstanceOf(WarpException.class)
                    .hasMessageContaining("left 1 rows out");
        }
    }

    /** As if it were alone: the table can be held from this transaction on. */
    @Test
    void aRowThatDoesNotFitTheTable_isToldAsSuch() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (n int PRIMARY KEY, a text)")) {
            live.atDestination("ALTER TABLE t ALTER a TYPE varchar(3)");
            live.atSource(
                    "INSERT INTO t SELECT g, repeat('x', g / 10) FROM generate_series(1, 64) g");
            assertThatThrownBy(live::drain).isInstanceOf(TableRefused.class);
        }
    }

    /** What COPY's text format has words of its own for. */
    @Test
    void everyCharacter_arrivesAsItIs() throws Exception {
        try (LiveTables live = live("CREATE TABLE t (n int PRIMARY KEY, a text, b bytea)")) {
            live.atSource(
                    "INSERT INTO t SELECT g, chr(g), decode(lpad(to_hex(g), 4, '0'), 'hex') FROM"
                            + " generate_series(1, 3000) g",
                    """
                    INSERT INTO t SELECT 3000 + row_number() OVER (), a FROM unnest(ARRAY['\\.', '\\N',
                    '\\', '\\\\', E'\\\n', E'a\tb\\tc', E'\r\n', '', ' ', NULL, 'NULL', '"', '\\x41', '😀']) a,
                    generate_series(1, 5)\
                    """);
            live.drain();
            assertThat(live.compare().differences()).isEmpty();
            assertThat(live.progress.inserts.sum()).isEqualTo(3070);
        }
    }
}
