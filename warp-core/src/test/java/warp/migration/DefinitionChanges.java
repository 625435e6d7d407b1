package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** Definitions that change at a source of one version while a migration goes on. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DefinitionChanges {

    private static final Pattern STATEMENT = Pattern.compile("Run at the destination: (.*;)");

    private final String version;
    private PostgresServer source;
    private PostgresServer destination;

    @TempDir Path directory;

    DefinitionChanges(String version) {
        this.version = version;
    }

    @BeforeAll
    void start() {
        source = PostgresServer.start(version);
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
    }

    private boolean atLeast(int major) {
        return !version.equals("9.6") && Integer.parseInt(version) >= major;
    }

    private Move move() throws Exception {
        return Move.between(source, destination, directory);
    }

    /** What a person would paste. */
    static List<String> statements(String printed) {
        List<String> statements = new ArrayList<>();
        Matcher matcher = STATEMENT.matcher(printed);
        while (matcher.find()) {
            if (!statements.contains(matcher.group(1))) {
                statements.add(matcher.group(1));
            }
        }
        return statements;
    }

    @Test
    void addedColumns_arriveWithTheValuesThatOldRowsHave() throws Exception {
        try (Move move = move()) {
            move.atBoth(
                    "CREATE TABLE t (id int PRIMARY KEY, v text)",
                    "CREATE TABLE quiet (id int PRIMARY KEY)",
                    "CREATE TABLE f (a int)",
                    "ALTER TABLE f REPLICA IDENTITY FULL");
            move.atSource(
                    "INSERT INTO t SELECT g, 'v' FROM generate_series(1, 100) g",
                    "INSERT INTO quiet SELECT generate_series(1, 5)",
                    "INSERT INTO f VALUES (1), (1)");
            move.run("--until=copied");
            move.atSource(
                    "BEGIN; UPDATE t SET v = 'w' WHERE id = 1; ALTER TABLE t ADD COLUMN n text;"
                        + " INSERT INTO t VALUES (101, 'x', 'y'); ALTER TABLE t ADD COLUMN d"
                        + " numeric(8,2) NOT NULL DEFAULT 1.50; UPDATE t SET d = 2 WHERE id = 3;"
                        + " COMMIT",
                    "ALTER TABLE t ADD COLUMN \"vol é\" float8 DEFAULT random()",
                    "DELETE FROM t WHERE id = 7",
                    "UPDATE t SET \"vol é\" = 5 WHERE id = 8",
                    "ALTER TABLE t ADD COLUMN s serial",
                    "INSERT INTO t (id) VALUES (200)",
                    "ALTER TABLE quiet ADD COLUMN q int DEFAULT 42",
                    "BEGIN; ALTER TABLE t ADD COLUMN undone int; UPDATE t SET undone = 1; ROLLBACK",
                    "ALTER TABLE f ADD COLUMN b json",
                    "UPDATE f SET b = '{}' WHERE ctid = (SELECT min(ctid) FROM f)");
            move.catchUp();
            move.assertEqual("public");
            move.atSource("INSERT INTO t (id) VALUES (300)", "UPDATE quiet SET q = 1");
            move.catchUp();
            move.assertEqual("public");
            assertThat(
                            move.askDestination(
                                    "SELECT string_agg(attname || attnotnull, ' ' ORDER BY attname)"
                                            + " FROM pg_attribute WHERE attrelid = 't'::regclass"
                                            + " AND attname IN ('d', 's') AND attnum > 0"))
                    .isEqualTo("dtrue strue");
            assertThat(move.askDestination("SELECT count(*) FROM warp.held")).isEqualTo("0");
            assertThat(move.askDestination("SELECT count(*) FROM warp.held_shape")).isEqualTo("0");
        }
    }

    @Test
    void generatedColumn_isAddedWithItsExpression() throws Exception {
        if (!atLeast(12)) {
            return;
        }
        try (Move move = move()) {
            move.atBoth("CREATE TABLE t (id int PRIMARY KEY)");
            move.atSource("INSERT INTO t SELECT generate_series(1, 10)");
            move.run("--until=copied");
            move.atSource(
                    "ALTER TABLE t ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED",
                    "ALTER TABLE t ADD COLUMN v int",
                    "UPDATE t SET v = twice");
            move.catchUp();
            move.assertEqual("public");
        }
    }

    @Test
    void columnAddedAndDroppedAgain_losesNothing() throws Exception {
        try (Move move = move()) {
            move.atBoth("CREATE TABLE t (id int PRIMARY KEY, v text)");
            move.atSource("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
            move.run("--until=copied");
            move.atSource(
                    "ALTER TABLE t ADD COLUMN c int",
                    "UPDATE t SET c = 1, v = 'c' WHERE id = 1",
                    "ALTER TABLE t DROP COLUMN c",
                    "ALTER TABLE t ADD COLUMN c int",
                    "ALTER TABLE t DROP COLUMN c",
                    "INSERT INTO t VALUES (3, 'd')",
                    "ALTER TABLE t ADD COLUMN c text DEFAULT 'new'",
                    "DELETE FROM t WHERE id = 2");
            move.catchUp();
            move.assertEqual("public");
        }
    }

    @Test
    void renamedAndRetypedColumns_holdTheirTableAlone_untilAPersonRunsWhatIsSaid()
            throws Exception {
        try (Move move = move()) {
            move.atBoth(
                    "CREATE TABLE t (id int PRIMARY KEY, a text, n numeric(6,1), k varchar(3))",
                    "CREATE TABLE o (id int PRIMARY KEY)");
            move.atSource("INSERT INTO t VALUES (1, 'a', 1.5, 'abc'), (2, 'b', 2.5, 'def')");
            move.run("--until=copied");
            move.atSource(
                    "UPDATE t SET a = 'x' WHERE id = 1",
                    "BEGIN; UPDATE t SET a = 'y' WHERE id = 2; ALTER TABLE t RENAME a TO b;"
                            + " UPDATE t SET b = b || 'z'; INSERT INTO o VALUES (1); COMMIT",
                    "ALTER TABLE t ALTER n TYPE numeric(8,3)",
                    "UPDATE t SET n = n + 0.123",
                    "ALTER TABLE t ALTER k TYPE varchar(10)",
                    "UPDATE t SET k = k || '-longer', id = id + 10",
                    "INSERT INTO o VALUES (2)");
            String printed = move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up");
            assertThat(printed).contains("RENAME COLUMN \"a\" TO \"b\";");
            assertThat(move.askDestination("SELECT count(*) FROM o")).isEqualTo("2");
            assertThat(move.askDestination("SELECT string_agg(a, ' ' ORDER BY id) FROM t"))
                    .isEqualTo("x y");
            // Nothing is forgotten by a run in between.
            move.atSource("DELETE FROM t WHERE id = 12", "INSERT INTO t VALUES (3, 'n', 1, 'k')");
            answer(move, printed);
            move.assertEqual("public");
        }
    }

    @Test
    void columnsThatTakeEachOthersNames_loseNothing() throws Exception {
        try (Move move = move()) {
            move.atBoth(
                    "CREATE TABLE again (id int PRIMARY KEY, a int, b text)",
                    "CREATE TABLE key (id int PRIMARY KEY, v text)",
                    "CREATE TABLE swap (id int PRIMARY KEY, a text, b text)",
                    "CREATE TABLE chain (id int PRIMARY KEY, a text, b text, gone text)");
            move.atSource(
                    "INSERT INTO again VALUES (1, 1, 'old')",
                    "INSERT INTO key VALUES (1, 'a'), (2, 'b')",
                    "INSERT INTO swap VALUES (1, 'a', 'b')",
                    "INSERT INTO chain VALUES (1, 'a', 'b', 'gone')");
            move.run("--until=copied");
            move.atSource("ALTER TABLE chain DROP COLUMN gone");
            String dropped = move.catchUp();
            assertThat(dropped).contains("ALTER TABLE \"public\".\"chain\" DROP COLUMN \"gone\";");
            move.atSource(
                    // Nothing in the log tells this b from the other.
                    "ALTER TABLE again DROP COLUMN b, ADD COLUMN b text",
                    "INSERT INTO again VALUES (2, 2, 'new')",
                    "ALTER TABLE again ADD COLUMN c int",
                    "INSERT INTO again VALUES (3, 3, 'new', 3)",
                    "ALTER TABLE again RENAME COLUMN b TO d",
                    "UPDATE again SET d = d || '!' WHERE id = 2",
                    "ALTER TABLE key ADD COLUMN long bigint",
                    "UPDATE key SET long = id + 10000000000",
                    "UPDATE swap SET a = 'aa'",
                    "ALTER TABLE swap RENAME a TO x; ALTER TABLE swap RENAME b TO a; ALTER TABLE"
                            + " swap RENAME x TO b",
                    "UPDATE swap SET a = a || '!'",
                    "UPDATE chain SET a = 'aa'",
                    "ALTER TABLE chain RENAME b TO gone; ALTER TABLE chain RENAME a TO b",
                    "UPDATE chain SET b = b || '!'");
            String printed = move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up");
            assertThat(printed)
                    .contains(
                            "Table public.again is copied again",
                            "Table public.swap is copied again");
            move.assertEqualRows("SELECT id, a, c, d FROM again");
            move.assertEqualRows("SELECT id, a, b FROM swap");
            assertThat(answer(move, printed))
                    .contains(
                            "ALTER TABLE \"public\".\"chain\" DROP COLUMN \"gone\";",
                            "ALTER TABLE \"public\".\"chain\" RENAME COLUMN \"b\" TO \"gone\";");
            move.atSource(
                    "ALTER TABLE key DROP COLUMN id; ALTER TABLE key RENAME long TO id; ALTER TABLE"
                            + " key ADD PRIMARY KEY (id)",
                    "DELETE FROM key WHERE v = 'a'",
                    "INSERT INTO key VALUES ('c', 3)");
            printed = move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up");
            assertThat(answer(move, printed))
                    .contains(
                            "ALTER TABLE \"public\".\"key\" RENAME COLUMN \"long\" TO \"id\";",
                            "ALTER TABLE \"public\".\"key\" ADD PRIMARY KEY (\"id\");");
            move.catchUp();
            move.assertEqualRows("SELECT id, v FROM key");
            move.assertEqualRows("SELECT id, b, gone FROM chain");
        }
    }

    /** Does what is asked for, until nothing more is; returns all statements. */
    private static List<String> answer(Move move, String first) throws Exception {
        List<String> all = new ArrayList<>();
        String printed = first;
        for (int asked = 0; asked < 5; asked++) {
            List<String> statements =
                    statements(printed.substring(printed.lastIndexOf(" is held since")));
            assertThat(statements).as(printed).isNotEmpty();
            all.addAll(statements);
            move.atDestination(statements.toArray(String[]::new));
            try (WarpCommand command = move.start("--until=caught-up")) {
                ExitCode code = command.await();
                printed = command.printed();
                if (code == ExitCode.DONE) {
                    return all;
                }
                assertThat(code).as(printed).isEqualTo(ExitCode.NEEDS_PERSON);
            }
        }
        throw new AssertionError("asks for ever: " + all);
    }

    @Test
    void columnMadeInAdvance_isTakenAsItIs_whereItsRowsAgree() throws Exception {
        try (Move move = move()) {
            move.atBoth(
                    "CREATE TABLE same (id int PRIMARY KEY)",
                    "CREATE TABLE other (id int PRIMARY KEY)");
            move.atSource("INSERT INTO same VALUES (1)", "INSERT INTO other VALUES (1)");
            move.run("--until=copied");
            move.atDestination(
                    "ALTER TABLE same ADD COLUMN v json",
                    "ALTER TABLE other ADD COLUMN v json DEFAULT '{}'");
            for (String table : List.of("same", "other")) {
                move.atSource(
                        "ALTER TABLE %s ADD COLUMN v json".formatted(table),
                        "INSERT INTO %s VALUES (2, '[]')".formatted(table));
            }
            assertThat(move.catchUp())
                    .contains("Table public.other is copied again")
                    .doesNotContain("Table public.same is copied again");
            move.assertEqual("public");
        }
    }

    @Test
    void renamedAndMovedTable_isHeldUnderItsOldName() throws Exception {
        try (Move move = move()) {
            move.atBoth("CREATE SCHEMA s", "CREATE TABLE t (id int PRIMARY KEY, a text)");
            move.atSource("INSERT INTO t VALUES (1, 'a')");
            move.run("--until=copied");
            move.atSource(
                    "UPDATE t SET a = 'b'",
                    "ALTER TABLE t SET SCHEMA s",
                    "ALTER TABLE s.t RENAME TO u",
                    "INSERT INTO s.u VALUES (2, 'c')",
                    "DELETE FROM s.u WHERE id = 1");
            String printed = move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up");
            move.atDestination(statements(printed).toArray(String[]::new));
            move.catchUp();
            move.atSource("INSERT INTO s.u VALUES (3, 'd')");
            move.catchUp();
            move.assertEqual("public", "s");
        }
    }

    @Test
    void droppedColumnAndTable_areKeptAndSaid() throws Exception {
        try (Move move = move()) {
            move.atBoth(
                    "CREATE TABLE t (id int PRIMARY KEY, a text, b int)",
                    "CREATE TABLE n (id int PRIMARY KEY, must int NOT NULL)",
                    "CREATE TABLE gone (id int PRIMARY KEY)");
            move.atSource("INSERT INTO t VALUES (1, 'a', 1)", "INSERT INTO n VALUES (1, 1)");
            move.run("--until=copied");
            move.atSource(
                    "INSERT INTO gone VALUES (1)",
                    "ALTER TABLE t DROP COLUMN a",
                    "INSERT INTO t VALUES (2, 2)",
                    "DROP TABLE gone");
            String printed = move.catchUp();
            assertThat(printed).contains("DROP COLUMN \"a\";", "DROP TABLE \"public\".\"gone\";");
            assertThat(
                            move.askDestination(
                                    "SELECT string_agg(id || coalesce(a, '-'), ' ' ORDER BY id)"
                                            + " FROM t"))
                    .isEqualTo("1a 2-");
            move.atSource("ALTER TABLE n DROP COLUMN must", "INSERT INTO n VALUES (2)");
            printed = move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up");
            assertThat(statements(printed))
                    .contains("ALTER TABLE \"public\".\"n\" DROP COLUMN \"must\";");
            move.atDestination(
                    "ALTER TABLE n DROP COLUMN must",
                    "ALTER TABLE t DROP COLUMN a",
                    "DROP TABLE gone");
            move.catchUp();
            move.assertEqual("public");
        }
    }

    @Test
    void newTables_areSaid_andTakenAlongWhenAsked() throws Exception {
        try (Move move = move()) {
            move.atBoth("CREATE TABLE t (id int PRIMARY KEY)");
            move.run("--until=copied");
            move.atSource(
                    "CREATE TABLE made (id serial PRIMARY KEY, v text DEFAULT 'x' NOT NULL,"
                            + " UNIQUE (v, id))",
                    "CREATE INDEX ON made (v)",
                    "INSERT INTO made (v) VALUES ('a'), ('b')",
                    "CREATE TABLE made_log (id int PRIMARY KEY)",
                    "INSERT INTO t VALUES (1)");
            String[] which = {"-T", "*_log"};
            assertThat(move.catchUp(which)).contains("Table public.made is new");
            move.atSource("UPDATE made SET v = 'c' WHERE id = 1");
            move.catchUp("-T", "*_log", "--new-tables");
            move.atSource("INSERT INTO made (v) VALUES ('d')", "DELETE FROM made WHERE id = 2");
            move.catchUp("-T", "*_log", "--new-tables");
            assertThat(
                            move.compare(
                                            warp.sandbox.DatabaseContent.Scope.ofTables(
                                                    "public.t", "public.made"))
                                    .differences())
                    .isEmpty();
            assertThat(
                            move.askDestination(
                                    "SELECT count(*) FROM pg_indexes WHERE tablename = 'made'"))
                    .isEqualTo("3");
        }
    }

    @Test
    void newPartitions_areMadeAndCopied() throws Exception {
        if (!atLeast(11)) {
            return;
        }
        try (Move move = move()) {
            move.atBoth(
                    "CREATE TABLE p (id int, at int, v text, PRIMARY KEY (id, at))"
                            + " PARTITION BY RANGE (at)",
                    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
            move.atSource("INSERT INTO p VALUES (1, 1, 'a')");
            move.run("--until=copied");
            move.atSource(
                    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                    "INSERT INTO p VALUES (2, 11, 'b'), (3, 2, 'c')",
                    "CREATE TABLE p3 (v text, at int NOT NULL, id int NOT NULL, PRIMARY KEY (id,"
                            + " at))",
                    "INSERT INTO p3 SELECT 'x', 20 + g % 10, g FROM generate_series(1001, 1500) g",
                    "ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (20) TO (30)",
                    "CREATE TABLE p4 PARTITION OF p FOR VALUES FROM (30) TO (40)"
                            + " PARTITION BY LIST (at)",
                    "CREATE TABLE p4_1 PARTITION OF p4 FOR VALUES IN (31, 32)",
                    "INSERT INTO p VALUES (4, 31, 'd')",
                    "UPDATE p SET at = 12 WHERE id = 1");
            move.catchUp();
            move.atSource("UPDATE p SET v = v || '!'", "DELETE FROM p WHERE id % 3 = 0");
            move.catchUp();
            move.assertEqual("public");
            // Columns are those of the parent, for all at once.
            move.atSource(
                    "ALTER TABLE p ADD COLUMN n int NOT NULL DEFAULT 7",
                    "INSERT INTO p (id, at, n) VALUES (5, 3, 8), (6, 13, 9), (7, 32, 10)",
                    "UPDATE p SET n = 1 WHERE id = 2");
            assertThat(move.catchUp()).doesNotContain("copied again");
            move.assertEqual("public");
        }
    }
}
