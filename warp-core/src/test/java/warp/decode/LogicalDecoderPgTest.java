package warp.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.TableName;
import warp.model.Tuple;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/** What real servers write is decoded to what was written. */
class LogicalDecoderPgTest {

    private static final String DATABASE = "postgres";
    private static final TableName HOSTILE = new TableName("Odd \"Sch.ema", "t: INSERT:");
    private static final String HOSTILE_SQL = "\"Odd \"\"Sch.ema\".\"t: INSERT:\"";

    /** A plugin of a server's version. */
    record Source(String version, String plugin) {

        boolean isPgOutput() {
            return plugin.equals("pgoutput");
        }

        boolean isTen() {
            return !version.startsWith("9.");
        }

        LogicalDecoder decoder() {
            return isPgOutput() ? new PgOutputDecoder() : new TestDecodingDecoder();
        }

        String slotQuery() {
            if (isPgOutput()) {
                return "SELECT lsn::text, data FROM pg_logical_slot_get_binary_changes('s', null,"
                        + " null, 'proto_version', '1', 'publication_names', 'p', 'messages',"
                        + " 'true')";
            }
            return "SELECT "
                    + (isTen() ? "lsn" : "location")
                    + "::text, convert_to(data, 'UTF8') FROM pg_logical_slot_get_changes('s', null,"
                    + " null, 'include-xids', 'on', 'include-timestamp', 'on')";
        }
    }

    static Stream<Source> sources() {
        return Stream.of(
                new Source("9.6", "test_decoding"),
                new Source("18", "test_decoding"),
                new Source("18", "pgoutput"));
    }

    /** A session, a slot that begins after the tables were made, and its decoder. */
    private record SlotStream(Source source, Connection session, LogicalDecoder decoder) {

        void execute(String... statements) throws SQLException {
            try (Statement statement = session.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }

        @Nullable String one(String query) throws SQLException {
            try (Statement statement = session.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                assertThat(rows.next()).isTrue();
                return rows.getString(1);
            }
        }

        /** All events since the last call. */
        List<ChangeEvent> events() throws SQLException {
            List<ChangeEvent> events = new ArrayList<>();
            try (Statement statement = session.createStatement();
                    ResultSet rows = statement.executeQuery(source.slotQuery())) {
                while (rows.next()) {
                    Lsn position = Lsn.parse(rows.getString(1));
                    byte[] data = rows.getBytes(2);
                    ChangeEvent event = decoder.decode(position, data, 0, data.length);
                    if (event instanceof ChangeEvent.Commit commit) {
                        assertThat(commit.endLsn()).isEqualTo(position);
                    }
                    if (event != null) {
                        events.add(event);
                    }
                }
            }
            return events;
        }

        /** The events of rows and tables since the last call. */
        List<ChangeEvent> changes() throws SQLException {
            return events().stream()
                    .filter(e -> !(e instanceof ChangeEvent.Begin))
                    .filter(e -> !(e instanceof ChangeEvent.Commit))
                    .toList();
        }
    }

    private interface Scenario {
        void run(SlotStream stream) throws SQLException;
    }

    private static void with(Source source, List<String> tables, Scenario scenario)
            throws SQLException {
        try (PostgresServer server = PostgresServer.start(source.version());
                Connection session = server.connect(DATABASE)) {
            SlotStream stream = new SlotStream(source, session, source.decoder());
            stream.execute(tables.toArray(String[]::new));
            if (source.isPgOutput()) {
                stream.execute("CREATE PUBLICATION p FOR ALL TABLES");
            }
            stream.execute(
                    "SELECT pg_create_logical_replication_slot('s', '" + source.plugin() + "')");
            scenario.run(stream);
        }
    }

    private static List<@Nullable String> texts(@Nullable Tuple tuple) {
        List<@Nullable String> texts = new ArrayList<>();
        for (int i = 0; tuple != null && i < tuple.size(); i++) {
            texts.add(tuple.isUnchanged(i) ? "(unchanged)" : tuple.text(i));
        }
        return texts;
    }

    private static List<String> names(Relation relation) {
        return relation.columns().stream().map(RelationColumn::name).toList();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void hostileNamesAndTypes_areReadAsTheyAreInTheCatalog(Source source) throws SQLException {
        List<String> tables =
                List.of(
                        "CREATE SCHEMA \"Odd \"\"Sch.ema\"",
                        "CREATE TYPE \"my ]: 'type\" AS ENUM ('a', 'it''s ]: \"b\"')",
                        "CREATE DOMAIN flag AS boolean",
                        "CREATE TABLE "
                                + HOSTILE_SQL
                                + " (id int PRIMARY KEY, \"na me]\" varchar(40), \"x[text]:\" text,"
                                + " \"new-tuple:\" \"my ]: 'type\"[], \"É'\" numeric, \"select\""
                                + " boolean, bits bit(3), vb bit varying, f float8, at timestamptz,"
                                + " \"a\"\"b\" bytea, fl flag, c \"char\", o oid, n name)");
        with(
                source,
                tables,
                stream -> {
                    stream.execute(
                            "SET TimeZone = 'UTC'",
                            "INSERT INTO "
                                    + HOSTILE_SQL
                                    + " VALUES (-1, ' x'' y', E'a\\nb\\\\ '' new-tuple: é',"
                                    + " ARRAY['a', 'it''s ]: \"b\"']::\"my ]: 'type\"[], 'NaN',"
                                    + " true, B'101', B'', '-Infinity', '2021-07-23"
                                    + " 21:33:06.146+02', '\\x00ff', 'f', '''', 4294967295, null)");
                    ChangeEvent.Insert insert = (ChangeEvent.Insert) stream.changes().getFirst();
                    assertThat(insert.relation().name()).isEqualTo(HOSTILE);
                    assertThat(names(insert.relation()))
                            .containsExactly(
                                    "id",
                                    "na me]",
                                    "x[text]:",
                                    "new-tuple:",
                                    "É'",
                                    "select",
                                    "bits",
                                    "vb",
                                    "f",
                                    "at",
                                    "a\"b",
                                    "fl",
                                    "c",
                                    "o",
                                    "n");
                    assertThat(texts(insert.row()))
                            .containsExactly(
                                    "-1",
                                    " x' y",
                                    "a\nb\\ ' new-tuple: é",
                                    "{a,\"it's ]: \\\"b\\\"\"}",
                                    "NaN",
                                    source.isPgOutput() ? "t" : "true",
                                    "101",
                                    "",
                                    "-Infinity",
                                    "2021-07-23 19:33:06.146+00",
                                    "\\x00ff",
                                    "f",
                                    "'",
                                    "4294967295",
                                    null);
                });
    }

    @ParameterizedTest
    @MethodSource("sources")
    void randomTexts_areReadAsTheyWereWritten(Source source) throws SQLException {
        long seed = Seed.of(LogicalDecoderPgTest.class);
        RandomEvents random = new RandomEvents(new Random(seed));
        List<List<@Nullable String>> written = new ArrayList<>();
        with(
                source,
                List.of("CREATE TABLE r (a text, b varchar, c text[])"),
                stream -> {
                    stream.session().setAutoCommit(false);
                    try (PreparedStatement insert =
                            stream.session()
                                    .prepareStatement(
                                            "INSERT INTO r VALUES (?, ?, ARRAY[?]) RETURNING"
                                                    + " c::text")) {
                        for (int i = 0; i < 500; i++) {
                            String a = random.text(0);
                            String b = i % 5 == 0 ? null : random.text(0);
                            insert.setString(1, a);
                            insert.setString(2, b);
                            insert.setString(3, random.text(0));
                            try (ResultSet row = insert.executeQuery()) {
                                assertThat(row.next()).isTrue();
                                List<@Nullable String> values = new ArrayList<>();
                                values.add(a);
                                values.add(b);
                                values.add(row.getString(1));
                                written.add(values);
                            }
                        }
                    }
                    stream.session().commit();
                    stream.session().setAutoCommit(true);
                    List<List<@Nullable String>> read = new ArrayList<>();
                    for (ChangeEvent event : stream.changes()) {
                        read.add(texts(((ChangeEvent.Insert) event).row()));
                    }
                    assertThat(read).as("seed %d", seed).isEqualTo(written);
                });
    }

    @ParameterizedTest
    @MethodSource("sources")
    void changesOfAKeyedTable_tellTheOldKeyOnlyWhereItChanged(Source source) throws SQLException {
        with(
                source,
                List.of(
                        "CREATE TABLE k (v text, id int PRIMARY KEY, big text)",
                        "ALTER TABLE k ALTER COLUMN big SET STORAGE EXTERNAL"),
                stream -> {
                    stream.execute(
                            "INSERT INTO k VALUES ('a', 1, repeat('it''s ', 20000))",
                            "UPDATE k SET v = 'b'",
                            "UPDATE k SET id = 2",
                            "DELETE FROM k");
                    List<ChangeEvent> changes = stream.changes();
                    assertThat(changes).hasSize(4);
                    ChangeEvent.Insert insert = (ChangeEvent.Insert) changes.get(0);
                    assertThat(insert.row().text(2)).isEqualTo("it's ".repeat(20_000));

                    ChangeEvent.Update valueOnly = (ChangeEvent.Update) changes.get(1);
                    assertThat(valueOnly.relation()).isSameAs(insert.relation());
                    assertThat(valueOnly.old()).isNull();
                    assertThat(texts(valueOnly.row())).containsExactly("b", "1", "(unchanged)");

                    ChangeEvent.Update newKey = (ChangeEvent.Update) changes.get(2);
                    assertThat(newKey.relation()).isSameAs(insert.relation());
                    assertThat(newKey.oldIsKey()).isTrue();
                    assertThat(texts(newKey.old())).containsExactly(null, "1", null);
                    assertThat(texts(newKey.row())).containsExactly("b", "2", "(unchanged)");

                    ChangeEvent.Delete delete = (ChangeEvent.Delete) changes.get(3);
                    int id = names(delete.relation()).indexOf("id");
                    assertThat(delete.oldIsKey()).isTrue();
                    assertThat(delete.old().text(id)).isEqualTo("2");
                    assertThat(delete.relation().columns()).hasSize(source.isPgOutput() ? 3 : 1);
                });
    }

    @ParameterizedTest
    @MethodSource("sources")
    void changesOfATableWithIdentityFull_tellTheWholeOldRow(Source source) throws SQLException {
        with(
                source,
                List.of(
                        "CREATE TABLE f (a int, b text, c text)",
                        "ALTER TABLE f REPLICA IDENTITY FULL"),
                stream -> {
                    stream.execute(
                            "INSERT INTO f VALUES (1, null, 'it''s')",
                            "UPDATE f SET b = 'x'",
                            "UPDATE f SET b = null",
                            "DELETE FROM f");
                    List<ChangeEvent> changes = stream.changes();
                    ChangeEvent.Update update = (ChangeEvent.Update) changes.get(1);
                    assertThat(texts(update.old())).containsExactly("1", null, "it's");
                    assertThat(texts(update.row())).containsExactly("1", "x", "it's");
                    assertThat(update.oldIsKey()).isEqualTo(!source.isPgOutput());
                    ChangeEvent.Delete delete = (ChangeEvent.Delete) changes.get(3);
                    if (source.isPgOutput()) {
                        assertThat(delete.relation().identity()).isEqualTo(ReplicaIdentity.FULL);
                        assertThat(texts(delete.old())).containsExactly("1", null, "it's");
                    } else {
                        assertThat(names(delete.relation())).containsExactly("a", "c");
                        assertThat(texts(delete.old())).containsExactly("1", "it's");
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("sources")
    void transactions_haveTheirTimeAndMessages(Source source) throws SQLException {
        with(
                source,
                List.of("CREATE TABLE t (id int PRIMARY KEY)"),
                stream -> {
                    String now = "SELECT (extract(epoch FROM clock_timestamp()) * 1e6)::bigint";
                    stream.execute("SET TimeZone = 'Asia/Kolkata'");
                    long before = Long.parseLong(Objects.requireNonNull(stream.one(now)));
                    stream.execute(
                            "BEGIN",
                            "INSERT INTO t VALUES (1)",
                            "SELECT pg_logical_emit_message(true, 'warp', 'it''s, sz: 1')",
                            "COMMIT");
                    long after = Long.parseLong(Objects.requireNonNull(stream.one(now)));
                    List<ChangeEvent> events = stream.events();
                    assertThat(events)
                            .extracting(event -> event.getClass().getSimpleName())
                            .containsExactly("Begin", "Insert", "Message", "Commit");
                    ChangeEvent.Message message = (ChangeEvent.Message) events.get(2);
                    assertThat(message.transactional()).isTrue();
                    assertThat(message.prefix()).isEqualTo("warp");
                    assertThat(message.content()).isEqualTo("it's, sz: 1");
                    ChangeEvent.Commit commit = (ChangeEvent.Commit) events.get(3);
                    assertThat(commit.commitMicros()).isBetween(before, after);
                });
    }

    /** Of the small subtransaction 18 says "Stream Abort", as if it had been sent. */
    @Test
    void subtransactionUndoneWithItsLargeTransaction_isPassedOver() throws SQLException {
        with(
                new Source("18", "pgoutput"),
                List.of("CREATE TABLE t (id int PRIMARY KEY, v text)"),
                stream -> {
                    stream.execute(
                            "SET logical_decoding_work_mem = '64kB'",
                            "BEGIN",
                            "SAVEPOINT small",
                            "INSERT INTO t VALUES (1, 'small')",
                            "RELEASE small",
                            "INSERT INTO t SELECT g, repeat('x', 100) FROM generate_series(2, 5000)"
                                    + " g",
                            "ROLLBACK",
                            "INSERT INTO t VALUES (7, 'seen')");
                    assertThat(stream.events())
                            .extracting(event -> event.getClass().getSimpleName())
                            .containsExactly("Begin", "Insert", "Commit");
                });
    }

    @ParameterizedTest
    @MethodSource("sources")
    void truncate_namesEveryTableAndFlag(Source source) throws SQLException {
        with(
                source,
                List.of("CREATE TABLE \"A, b\" (id int)", "CREATE TABLE c (id int)"),
                stream -> {
                    if (!source.isTen()) {
                        // Before 11 a TRUNCATE leaves no trace in the stream.
                        stream.execute("TRUNCATE c");
                        assertThat(stream.changes()).isEmpty();
                        return;
                    }
                    stream.execute("TRUNCATE c", "TRUNCATE \"A, b\", c RESTART IDENTITY CASCADE");
                    List<ChangeEvent> changes = stream.changes();
                    ChangeEvent.Truncate one = (ChangeEvent.Truncate) changes.get(0);
                    assertThat(one.relations())
                            .extracting(r -> r.name().name())
                            .containsExactly("c");
                    assertThat(one.cascade() || one.restartIdentity()).isFalse();
                    ChangeEvent.Truncate two = (ChangeEvent.Truncate) changes.get(1);
                    assertThat(two.relations())
                            .extracting(r -> r.name().name())
                            .containsExactlyInAnyOrder("A, b", "c");
                    assertThat(two.cascade() && two.restartIdentity()).isTrue();
                });
    }

    @ParameterizedTest
    @MethodSource("sources")
    void changedTable_givesAnotherRelation(Source source) throws SQLException {
        with(
                source,
                List.of("CREATE TABLE t (id int PRIMARY KEY, a text)"),
                stream -> {
                    stream.execute(
                            "INSERT INTO t VALUES (1, 'a')",
                            "ALTER TABLE t ADD COLUMN b text",
                            "INSERT INTO t VALUES (2, 'a', 'b')",
                            "ALTER TABLE t DROP COLUMN a",
                            "INSERT INTO t VALUES (3, 'b')");
                    List<Relation> relations = new ArrayList<>();
                    for (ChangeEvent event : stream.changes()) {
                        relations.add(((ChangeEvent.Insert) event).relation());
                    }
                    assertThat(relations)
                            .extracting(LogicalDecoderPgTest::names)
                            .containsExactly(
                                    List.of("id", "a"),
                                    List.of("id", "a", "b"),
                                    List.of("id", "b"));
                });
    }

    @Test
    void testDecodingOfATableWithOids_showsTheSystemColumnFirst() throws SQLException {
        with(
                new Source("9.6", "test_decoding"),
                List.of("CREATE TABLE o (id int) WITH OIDS"),
                stream -> {
                    stream.execute("INSERT INTO o VALUES (1)");
                    ChangeEvent.Insert insert = (ChangeEvent.Insert) stream.changes().getFirst();
                    assertThat(names(insert.relation())).containsExactly("oid", "id");
                });
    }

    @Test
    void testDecodingOfATableWithoutIdentity_doesNotTellTheRow() throws SQLException {
        with(
                new Source("9.6", "test_decoding"),
                List.of("CREATE TABLE n (id int)"),
                stream -> {
                    stream.execute(
                            "INSERT INTO n VALUES (1)", "UPDATE n SET id = 2", "DELETE FROM n");
                    List<ChangeEvent> changes = stream.changes();
                    ChangeEvent.Update update = (ChangeEvent.Update) changes.get(1);
                    assertThat(update.old()).isNull();
                    assertThat(texts(update.row())).containsExactly("2");
                    ChangeEvent.Delete delete = (ChangeEvent.Delete) changes.get(2);
                    assertThat(delete.relation().columns()).isEmpty();
                });
    }
}
