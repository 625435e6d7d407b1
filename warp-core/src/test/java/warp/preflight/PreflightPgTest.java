package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PreflightPgTest {

    private static final String ORDERS =
            "CREATE TABLE orders (id int PRIMARY KEY, note text NOT NULL)";

    private static final String SWITCH =
            "HINT: or let Warp see to all such tables: --keyless=unique-index, or full,"
                    + " inserts-only, exclude\n"
                    + "HINT: or to this one, under \"rules:\" of a config file: ";

    private PostgresServer source;
    private PostgresServer destination;
    private PostgresServer old;

    @BeforeAll
    void start() {
        source = PostgresServer.builder("18").setting("max_prepared_transactions", "5").start();
        destination = PostgresServer.start("18");
        old = PostgresServer.start("9.6");
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
        old.close();
    }

    private Checked pair() throws SQLException {
        return Checked.fresh(source, destination);
    }

    @Test
    void healthyPair_givesNothingButThePlan() throws SQLException {
        PreflightReport report = pair().atBoth(ORDERS).report();

        assertThat(report.findings()).isEmpty();
        assertThat(report.hasErrors()).isFalse();
        assertThat(report.tables())
                .extracting(TablePair::name)
                .containsExactly(new TableName("public", "orders"));
        assertThat(report.notEmpty()).isEmpty();
    }

    @Test
    void healthyOldSource_givesOnlyANote() throws SQLException {
        PreflightReport report = Checked.fresh(old, destination).atBoth(ORDERS).report();

        assertThat(report.findings())
                .extracting(Finding::severity)
                .containsExactly(Finding.Severity.NOTE);
        assertThat(report.findings().getFirst().report())
                .startsWith("NOTE: source: PostgreSQL 9.6 does not log TRUNCATE")
                .contains("HINT: use DELETE");
    }

    @Test
    void destinationOlderThanSource_isAWarning() throws SQLException {
        assertThat(Checked.fresh(source, old).atBoth(ORDERS).warnings())
                .singleElement()
                .asString()
                .startsWith(
                        "WARNING: destination: PostgreSQL 9.6.24 is older than the source's 18");
    }

    @Test
    void sameDatabaseTwice_isAnError() throws SQLException {
        Checked checked = pair().atBoth(ORDERS);

        PreflightReport report =
                checked.report(
                        TestConnections.settings(Side.SOURCE, source, Checked.SOURCE_DATABASE),
                        TestConnections.settings(
                                Side.DESTINATION, source, Checked.SOURCE_DATABASE));

        assertThat(Checked.texts(report, Finding.Severity.ERROR))
                .singleElement()
                .asString()
                .startsWith("ERROR: source and destination are the same database: 127.0.0.1:")
                .contains("HINT: give another host, port or database as --destination");
    }

    @Test
    void anotherDatabaseOfTheSameServer_isFine() throws SQLException {
        assertThat(Checked.fresh(source, source).atBoth(ORDERS).errors()).isEmpty();
    }

    @Test
    void missingTables_areListedWithTheCommandToRun() throws SQLException {
        assertThat(
                        pair().atSource(ORDERS, "CREATE TABLE \"Odd 'one'\" (id int PRIMARY KEY)")
                                .errors())
                .singleElement()
                .asString()
                .isEqualTo(
                        "ERROR: destination: 2 tables are missing: public.Odd 'one',"
                                + " public.orders\nHINT: pg_dump -s -h 127.0.0.1 -p "
                                + source.port()
                                + " -U postgres -d shop | psql -h 127.0.0.1 -p "
                                + destination.port()
                                + " -U postgres -d 'new shop'");
    }

    @Test
    void someTablesMissing_areNamedToPgDump() throws SQLException {
        assertThat(
                        pair().atBoth(ORDERS)
                                .atSource("CREATE TABLE \"Odd 'one'\" (id int PRIMARY KEY)")
                                .errors())
                .singleElement()
                .asString()
                .contains("1 table is missing: public.Odd 'one'")
                .contains(" -d shop -t '\"public\".\"Odd '\\''one'\\''\"' | psql");
    }

    @Test
    void manyMissingTables_areCounted() throws SQLException {
        String[] statements = new String[25];
        for (int i = 0; i < statements.length; i++) {
            statements[i] = "CREATE TABLE t%02d (id int PRIMARY KEY)".formatted(i);
        }
        assertThat(pair().atSource(statements).errors())
                .singleElement()
                .asString()
                .contains("25 tables are missing: public.t00, ", "public.t19 and 5 more\n");
    }

    @Test
    void anotherKindOfRelation_isNamed() throws SQLException {
        assertThat(
                        pair().atSource(ORDERS)
                                .atDestination("CREATE VIEW orders AS SELECT 1 AS id, '' AS note")
                                .errors())
                .singleElement()
                .asString()
                .startsWith("ERROR: destination: public.orders is a view there")
                .contains("-T '\"public\".\"orders\"'");
    }

    @Test
    void columns_mustBeThere() throws SQLException {
        assertThat(
                        pair().atSource("CREATE TABLE t (id int PRIMARY KEY, a text, b int, c int)")
                                .atDestination(
                                        "CREATE TABLE t (extra int NOT NULL, fine int NOT NULL"
                                            + " DEFAULT 1, c int GENERATED ALWAYS AS (1) STORED, b"
                                            + " uuid, id int PRIMARY KEY)")
                                .errors())
                .containsExactly(
                        "ERROR: destination: table public.t has no column \"a\"\n"
                                + "HINT: ALTER TABLE \"public\".\"t\" ADD COLUMN \"a\" text;",
                        "ERROR: destination: column \"b\" of table public.t is uuid, at the source"
                                + " it is integer\nHINT: ALTER TABLE \"public\".\"t\" ALTER COLUMN"
                                + " \"b\" TYPE integer;",
                        "ERROR: destination: column \"c\" of table public.t is generated, but the"
                                + " source has values for it\nHINT: ALTER TABLE \"public\".\"t\""
                                + " ALTER COLUMN \"c\" DROP EXPRESSION;",
                        "ERROR: destination: column \"extra\" of table public.t is NOT NULL without"
                                + " a default, and the source has no values for it\nHINT: ALTER"
                                + " TABLE \"public\".\"t\" ALTER COLUMN \"extra\" DROP NOT NULL;\n"
                                + "HINT: or give it a default");
    }

    @Test
    void narrowerColumn_isAWarning() throws SQLException {
        assertThat(
                        pair().atSource("CREATE TABLE t (id bigint PRIMARY KEY)")
                                .atDestination("CREATE TABLE t (id int PRIMARY KEY)")
                                .warnings())
                .singleElement()
                .asString()
                .contains(
                        "column \"id\" of table public.t is integer, at the source it is bigint:"
                                + " values may be refused or changed");
    }

    @Test
    void tableWithoutKey_hasThreeChoices() throws SQLException {
        assertThat(
                        pair().atBoth(
                                        "CREATE TABLE log (line text)",
                                        "CREATE TABLE pick (a int NOT NULL, b int UNIQUE)",
                                        "CREATE UNIQUE INDEX pick_me ON pick (a)",
                                        "CREATE TABLE none (id int PRIMARY KEY)",
                                        "ALTER TABLE none REPLICA IDENTITY NOTHING")
                                .errors())
                .containsExactly(
                        "ERROR: source: table public.log has no key by which its updates and"
                            + " deletes can be replicated\n"
                            + "HINT: ALTER TABLE \"public\".\"log\" ADD PRIMARY KEY (…);\n"
                            + "HINT: or, at the cost of more log: ALTER TABLE \"public\".\"log\""
                            + " REPLICA IDENTITY FULL;\n"
                            + "HINT: or leave the table out: -T '\"public\".\"log\"'\n"
                                + SWITCH
                                + "- {table: '\"public\".\"log\"', keyless: full}",
                        "ERROR: source: table public.none has no key by which its updates and"
                            + " deletes can be replicated: its REPLICA IDENTITY is NOTHING\n"
                            + "HINT: ALTER TABLE ONLY \"public\".\"none\" REPLICA IDENTITY USING"
                            + " INDEX \"none_pkey\";\n"
                            + "HINT: or: ALTER TABLE \"public\".\"none\" ADD PRIMARY KEY (…);\n"
                            + "HINT: or, at the cost of more log: ALTER TABLE \"public\".\"none\""
                            + " REPLICA IDENTITY FULL;\n"
                            + "HINT: or leave the table out: -T '\"public\".\"none\"'\n"
                                + SWITCH
                                + "- {table: '\"public\".\"none\"', keyless: unique-index}",
                        "ERROR: source: table public.pick has no key by which its updates and"
                            + " deletes can be replicated\n"
                            + "HINT: ALTER TABLE ONLY \"public\".\"pick\" REPLICA IDENTITY USING"
                            + " INDEX \"pick_me\";\n"
                            + "HINT: or: ALTER TABLE \"public\".\"pick\" ADD PRIMARY KEY (…);\n"
                            + "HINT: or, at the cost of more log: ALTER TABLE \"public\".\"pick\""
                            + " REPLICA IDENTITY FULL;\n"
                            + "HINT: or leave the table out: -T '\"public\".\"pick\"'\n"
                                + SWITCH
                                + "- {table: '\"public\".\"pick\"', keyless: unique-index}");
    }

    @Test
    void destinationWithoutIndexOnTheKey_isAWarning() throws SQLException {
        Checked checked =
                pair().atSource(ORDERS).atDestination("CREATE TABLE orders (id int, note text)");

        assertThat(checked.warnings())
                .containsExactly(
                        "WARNING: destination: table public.orders has no index on id: each update"
                                + " and delete reads the whole table\n"
                                + "HINT: CREATE UNIQUE INDEX ON \"public\".\"orders\" (\"id\");");
        assertThat(checked.resuming().warnings()).isEmpty();
    }

    @Test
    void notEmptyTables_areNoted() throws SQLException {
        Checked checked =
                pair().atBoth(ORDERS, "CREATE TABLE empty (id int PRIMARY KEY)")
                        .atDestination("INSERT INTO orders VALUES (1, 'x')");

        PreflightReport report = checked.report();

        assertThat(report.notEmpty()).containsExactly(new TableName("public", "orders"));
        assertThat(Checked.texts(report, Finding.Severity.NOTE))
                .singleElement()
                .asString()
                .startsWith("NOTE: destination: 1 table not empty: public.orders\n");
        assertThat(checked.resuming().report().findings()).isEmpty();
    }

    @Test
    void patternsThatMatchNothing_areErrorsWithNearNames() throws SQLException {
        assertThat(
                        pair().atBoth(ORDERS, "CREATE TABLE customers (id int PRIMARY KEY)")
                                .tables(List.of("ordres", "customers"), List.of("nothing_like_it"))
                                .errors())
                .containsExactly(
                        "ERROR: source: no table matches the pattern ordres\n"
                                + "HINT: near are: public.orders",
                        "ERROR: source: no table matches the pattern nothing_like_it\n"
                                + "HINT: the database has 2 tables");
    }

    @Test
    void emptyDatabase_isAnError() throws SQLException {
        assertThat(pair().errors())
                .singleElement()
                .asString()
                .contains("ERROR: source: there is no table to move in 127.0.0.1:");
    }

    @Test
    void patternOfAPartitionedTable_meansItsPartitions() throws SQLException {
        PreflightReport report =
                pair().atBoth(
                                "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY HASH (id)",
                                "CREATE TABLE parts_0 PARTITION OF parts"
                                        + " FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                                "CREATE TABLE parts_1 PARTITION OF parts"
                                        + " FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                                ORDERS)
                        .tables(List.of("parts"), List.of())
                        .report();

        assertThat(report.hasErrors()).isFalse();
        assertThat(report.tables())
                .extracting(pair -> pair.name().name())
                .containsExactly("parts_0", "parts_1");
    }

    @Test
    void foreignKeysAcrossTheChoice_areSeenBothWays() throws SQLException {
        Checked checked =
                pair().atBoth(
                                "CREATE TABLE customers (id int PRIMARY KEY)",
                                "CREATE TABLE orders (id int PRIMARY KEY,"
                                        + " customer int CONSTRAINT fk_c REFERENCES customers)",
                                "CREATE TABLE items (id int PRIMARY KEY,"
                                        + " o int CONSTRAINT fk_o REFERENCES orders)");
        checked.tables(List.of("orders"), List.of());

        assertThat(checked.warnings())
                .containsExactly(
                        "WARNING: source: table public.orders references public.customers by"
                            + " foreign key \"fk_c\", but that table is left out: its rows must be"
                            + " at the destination already\n"
                            + "HINT: take it along: -t '\"public\".\"customers\"'");
        assertThat(checked.errors())
                .containsExactly(
                        "ERROR: destination: table public.items, which does not take part,"
                                + " references public.orders by foreign key \"fk_o\": so that one"
                                + " cannot be truncated\n"
                                + "HINT: take it along: -t '\"public\".\"items\"'\n"
                                + "HINT: or: ALTER TABLE ONLY \"public\".\"items\" DROP CONSTRAINT"
                                + " \"fk_o\";");
        assertThat(checked.resuming().errors()).isEmpty();
    }

    @Test
    void unloggedTables_areToldAndLargeObjectsComeAlong() throws SQLException {
        PreflightReport report =
                pair().atBoth(ORDERS)
                        .atSource(
                                "CREATE UNLOGGED TABLE fast (id int PRIMARY KEY)",
                                "SELECT lo_create(4711)")
                        .report();

        assertThat(Checked.texts(report, Finding.Severity.WARNING))
                .singleElement()
                .satisfies(text ->
                        assertThat(text)
                                .contains("1 unlogged table will not be moved")
                                .contains("public.fast"));
        assertThat(report.of(Finding.Severity.NOTE)).isEmpty();
    }

    @Test
    void slotAndPublicationInUse_areErrorsUnlessResumed() throws SQLException {
        Checked checked = pair().atBoth(ORDERS);
        checked.atSource(
                "SELECT pg_create_logical_replication_slot('citus_warp', 'pgoutput')",
                "CREATE PUBLICATION citus_warp FOR TABLE orders");
        try {
            assertThat(checked.errors())
                    .containsExactly(
                            "ERROR: source: a replication slot \"citus_warp\" is there already, and"
                                    + " not of this migration\n"
                                    + "HINT: give another name with --slot\n"
                                    + "HINT: or, where nobody needs it: SELECT"
                                    + " pg_drop_replication_slot('citus_warp');",
                            "ERROR: source: a publication \"citus_warp\" is there already, and not"
                                    + " of this migration\n"
                                    + "HINT: give another name with --slot\n"
                                    + "HINT: or, where nobody needs it: DROP PUBLICATION"
                                    + " \"citus_warp\";");
            assertThat(checked.resuming().errors()).isEmpty();
        } finally {
            checked.atSource("SELECT pg_drop_replication_slot('citus_warp')");
        }
    }

    @Test
    void preparedTransaction_isAWarning() throws SQLException {
        Checked checked = pair().atBoth(ORDERS);
        checked.atSource(
                "BEGIN; INSERT INTO orders VALUES (1, 'x'); PREPARE TRANSACTION 'it''s mine'");
        try {
            assertThat(checked.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING: source: transaction 'it's mine' of database \"shop\"")
                    .contains("HINT: ROLLBACK PREPARED 'it''s mine';");
        } finally {
            checked.atSource("ROLLBACK PREPARED 'it''s mine'");
        }
    }

    @Test
    void oldTransaction_isAWarning() throws SQLException {
        Checked checked = pair().atBoth(ORDERS);
        try (Connection writer = source.connect(Checked.SOURCE_DATABASE);
                Statement statement = writer.createStatement();
                var session = TestConnections.open(Side.SOURCE, source, Checked.SOURCE_DATABASE)) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (1, 'x')");
            Findings findings = new Findings();
            ServerFacts facts =
                    ServerFacts.read(
                            session,
                            TestConnections.settings(Side.SOURCE, source, Checked.SOURCE_DATABASE));

            new DecodingChecks(facts, "citus_warp", false, findings).checkOpenTransactions(0);

            assertThat(findings.all())
                    .singleElement()
                    .extracting(Finding::report)
                    .asString()
                    .startsWith(
                            "WARNING: source: a transaction of role \"postgres\" (warp-sandbox,"
                                    + " pid")
                    .contains("HINT: let it end, or: SELECT pg_terminate_backend(");
            // One so young is none in the full run.
            assertThat(checked.report().findings()).isEmpty();
        }
    }

    @Test
    void destinationThatIsReadOnlyByDefault_isNoObstacle() throws SQLException {
        assertThat(
                        pair().atBoth(ORDERS)
                                .atDestination(
                                        "ALTER DATABASE \"new shop\""
                                                + " SET default_transaction_read_only = on")
                                .errors())
                .isEmpty();
    }

    @Test
    void otherEncodings_areTold() throws SQLException {
        try (PostgresServer latin = PostgresServer.builder("18").encoding("LATIN1").start();
                PostgresServer ascii = PostgresServer.builder("18").encoding("SQL_ASCII").start()) {
            assertThat(Checked.fresh(latin, destination).atBoth(ORDERS).notes())
                    .singleElement()
                    .asString()
                    .contains("the source's encoding is LATIN1, the destination's is UTF8");
            assertThat(Checked.fresh(source, latin).atBoth(ORDERS).warnings())
                    .singleElement()
                    .asString()
                    .contains("a character that LATIN1 does not have will stop the migration");
            assertThat(Checked.fresh(ascii, destination).atBoth(ORDERS).warnings())
                    .singleElement()
                    .asString()
                    .contains("SQL_ASCII holds any bytes");
        }
    }
}
