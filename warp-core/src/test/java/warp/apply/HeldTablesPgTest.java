package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.model.Hold;
import warp.model.TableName;
import warp.sandbox.PostgresServer;
import warp.state.HoldStore;

/** A table that does not fit is held from exactly one change on, and loses nothing. */
@Timeout(120)
class HeldTablesPgTest {

    private static final TableName T = new TableName("public", "t");

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void addedColumn_holdsItsTableFromThatChangeOn_whileOthersGoOn(String version)
            throws Exception {
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18");
                LiveTables live =
                        new LiveTables(
                                source,
                                destination,
                                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                                "CREATE TABLE o (id int PRIMARY KEY)",
                                "CREATE TABLE f (a int, b text)",
                                "ALTER TABLE f REPLICA IDENTITY FULL")) {
            live.atSource(
                    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
                    "INSERT INTO f VALUES (1, 'x'), (1, 'x')");
            live.drain();
            live.atSource(
                    "BEGIN; INSERT INTO t VALUES (3, 'c'); INSERT INTO o VALUES (1); ALTER TABLE t"
                        + " ADD COLUMN w text; INSERT INTO t VALUES (4, 'd', 'w'); UPDATE t SET id"
                        + " = 30 WHERE id = 3; COMMIT",
                    "DELETE FROM t WHERE id = 1",
                    "ALTER TABLE f ADD COLUMN c int",
                    "DELETE FROM f WHERE ctid = (SELECT min(ctid) FROM f)",
                    "UPDATE f SET c = 1",
                    "INSERT INTO o VALUES (2)");
            live.drain();
            assertThat(rows(live, "SELECT id::text AS it FROM public.o ORDER BY id"))
                    .containsExactly("1", "2");
            // What came before the ALTER, in the same transaction, is there already.
            assertThat(rows(live, "SELECT id::text AS it FROM public.t ORDER BY id"))
                    .containsExactly("1", "2", "3");
            HoldStore store = new HoldStore(live.destination(), LiveTables.SLOT);
            assertThat(store.standing())
                    .extracting(each -> each.hold().table().name())
                    .containsExactly("f", "t");
            HoldStore.Standing standing = store.find(T).orElseThrow();
            assertThat(standing.changes()).isEqualTo(3);
            assertThat(standing.hold().statements().toString())
                    .contains("ALTER TABLE \"public\".\"t\" ADD COLUMN \"w\"");
            assertThat(rows(live, "SELECT 1::text AS it FROM warp.held WHERE position IS NULL"))
                    .isEmpty();

            // Still held after a start, and only once.
            live.atSource("INSERT INTO t VALUES (5, 'e', 'v')");
            live.drainHolding(Set.of(T, new TableName("public", "f")));
            Hold still = live.replay(T);
            assertThat(still).isNotNull();

            live.atDestination("ALTER TABLE t ADD COLUMN w text", "ALTER TABLE f ADD c int");
            assertReplayed(live, T);
            assertReplayed(live, new TableName("public", "f"));
            assertThat(live.compare().differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void truncateOfSeveral_emptiesEachInItsOwnTime(String version) throws Exception {
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18");
                LiveTables live =
                        new LiveTables(
                                source,
                                destination,
                                "CREATE TABLE o (id int PRIMARY KEY)",
                                "CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES o)")) {
            live.atSource("INSERT INTO o VALUES (1), (2)", "INSERT INTO t VALUES (1, 1)");
            live.drain();
            live.atSource(
                    "ALTER TABLE t ADD COLUMN w text",
                    "UPDATE t SET w = 'x'",
                    "TRUNCATE o CASCADE",
                    "INSERT INTO o VALUES (3)",
                    "INSERT INTO t VALUES (2, 3, 'y')");
            live.drain();
            assertThat(rows(live, "SELECT id::text AS it FROM public.o")).containsExactly("3");
            assertThat(rows(live, "SELECT id::text AS it FROM public.t")).containsExactly("1");
            live.atDestination("ALTER TABLE t ADD COLUMN w text");
            assertReplayed(live, T);
            assertThat(live.compare().differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void refusedValue_holdsFromItsTransactionOn(String version) throws Exception {
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18");
                LiveTables live =
                        new LiveTables(
                                source,
                                destination,
                                "CREATE TYPE mood AS ENUM ('sad')",
                                "CREATE TABLE t (id int PRIMARY KEY, m mood)",
                                "CREATE TABLE o (id int PRIMARY KEY)")) {
            live.atSource(
                    "ALTER TYPE mood ADD VALUE 'glad'",
                    "INSERT INTO t VALUES (1, 'sad'); INSERT INTO o VALUES (1)",
                    "BEGIN; INSERT INTO t VALUES (2, 'sad'); INSERT INTO o VALUES (2);"
                            + " INSERT INTO t VALUES (3, 'glad'); COMMIT",
                    "UPDATE t SET m = 'glad'",
                    "DELETE FROM t WHERE id = 2");
            TableRefused refused = live.drainRefused();
            assertThat(refused.table()).isEqualTo(T);
            assertThat(refused.problem().sqlState()).contains("22P02");
            live.drainAfter(refused);
            assertThat(rows(live, "SELECT id::text AS it FROM public.t")).containsExactly("1");
            assertThat(rows(live, "SELECT id::text AS it FROM public.o ORDER BY 1"))
                    .containsExactly("1", "2");
            // It goes as far as it can: row 2 comes before the value that is not known.
            assertThat(live.replay(T)).isNotNull();
            assertThat(rows(live, "SELECT id::text AS it FROM public.t ORDER BY 1"))
                    .containsExactly("1", "2");
            live.atDestination("ALTER TYPE mood ADD VALUE 'glad'");
            assertReplayed(live, T);
            assertThat(live.compare().differences()).isEmpty();
        }
    }

    private static void assertReplayed(LiveTables live, TableName table) {
        @Nullable Hold still = live.replay(table);
        assertThat(still).as(String.valueOf(still)).isNull();
        HoldStore store = new HoldStore(live.destination(), LiveTables.SLOT);
        assertThat(store.changes(table, 0, 1)).isEmpty();
        store.release(table);
        assertThat(store.find(table)).isEmpty();
    }

    private static List<String> rows(LiveTables live, String query) {
        return live.destination().query(query).stream().map(row -> row.text("it")).toList();
    }
}
