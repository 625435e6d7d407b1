package warp.sequences;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.RuleOptions;
import warp.model.SequencePair;
import warp.model.SequenceValue;
import warp.model.Side;
import warp.model.TableName;
import warp.plan.TablePatterns;
import warp.plan.TableRules;
import warp.postgres.Connector;
import warp.postgres.SequenceCatalog;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;

@ParameterizedClass
@ValueSource(strings = {"9.6", "10", "18"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SequencePassPgTest {

    private static final String DATABASE = "numbers";

    @Parameter private String version = "";
    private @Nullable PostgresServer oldServer;
    private @Nullable PostgresServer newServer;

    @BeforeParameterizedClassInvocation
    void start() {
        oldServer = PostgresServer.start(version);
        newServer = PostgresServer.start("18");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        source().close();
        destination().close();
    }

    @BeforeEach
    void databases() throws SQLException {
        for (PostgresServer server : List.of(source(), destination())) {
            server.execute("postgres", "DROP DATABASE IF EXISTS " + DATABASE);
            server.createDatabase(DATABASE);
        }
    }

    private PostgresServer source() {
        return requireNonNull(oldServer);
    }

    private PostgresServer destination() {
        return requireNonNull(newServer);
    }

    private void atSource(String... statements) throws SQLException {
        source().execute(DATABASE, statements);
    }

    private void atDestination(String... statements) throws SQLException {
        destination().execute(DATABASE, statements);
    }

    private void atBoth(String... statements) throws SQLException {
        atSource(statements);
        atDestination(statements);
    }

    private static Session open(Side side, PostgresServer server) {
        return TestConnections.open(side, server, DATABASE);
    }

    private static SequenceScope scope(String... tables) {
        Set<TableName> names = new HashSet<>();
        for (String table : tables) {
            names.add(new TableName("public", table));
        }
        return new SequenceScope(
                names, TablePatterns.of(List.of(), List.of()), TableRules.of(RuleOptions.NONE));
    }

    private Following pass(SequenceScope scope) {
        try (Session from = open(Side.SOURCE, source());
                Session to = open(Side.DESTINATION, destination())) {
            return SequencePass.run(from, to, scope.pairs(from, to));
        }
    }

    private static Map<TableName, SequenceValue> values(Side side, PostgresServer server) {
        try (Session session = open(side, server)) {
            return SequenceCatalog.values(session, SequenceCatalog.sequences(session));
        }
    }

    private Map<TableName, SequenceValue> valuesAtSource() {
        return values(Side.SOURCE, source());
    }

    private Map<TableName, SequenceValue> valuesAtDestination() {
        return values(Side.DESTINATION, destination());
    }

    private static TableName name(String sequence) {
        return new TableName("public", sequence);
    }

    @Test
    void everyKind_standsWhereTheSourceDoes() throws SQLException {
        atBoth(
                "CREATE TABLE orders (id bigserial PRIMARY KEY, note text)",
                "CREATE SEQUENCE free",
                "CREATE SEQUENCE untouched START 7",
                "CREATE SEQUENCE placed",
                "CREATE SEQUENCE down INCREMENT -3 MINVALUE -1000 MAXVALUE -1 START -1",
                "CREATE SEQUENCE round MINVALUE 1 MAXVALUE 5 CYCLE",
                "CREATE SEQUENCE most",
                "CREATE SEQUENCE least INCREMENT -1 MINVALUE -9223372036854775808",
                "CREATE SCHEMA \"A schema\"",
                "CREATE SEQUENCE \"A schema\".\"it's \"\"the?\"\" {ñ}\"");
        atSource(
                "INSERT INTO orders (note) VALUES ('a'), ('b'), ('c')",
                "SELECT nextval('free')",
                "SELECT setval('placed', 4711, false)",
                "SELECT nextval('down'), nextval('down')",
                "SELECT nextval('round') FROM generate_series(1, 7)",
                "SELECT setval('most', 9223372036854775807)",
                "SELECT setval('least', -9223372036854775808)",
                "SELECT setval('\"A schema\".\"it''s \"\"the?\"\" {ñ}\"', 12)");
        atDestination("SELECT setval('round', 4)");

        Following first = pass(scope("orders"));

        assertThat(first.compared()).isEqualTo(9);
        assertThat(first.set()).hasSize(8).doesNotContain(name("untouched"));
        assertThat(first.further()).isEmpty();
        assertThat(first.refused()).isEmpty();
        assertThat(valuesAtDestination())
                .isEqualTo(valuesAtSource())
                .containsEntry(name("orders_id_seq"), new SequenceValue(3, true))
                .containsEntry(name("placed"), new SequenceValue(4711, false))
                .containsEntry(name("untouched"), new SequenceValue(7, false))
                .containsEntry(name("down"), new SequenceValue(-4, true))
                .containsEntry(name("round"), new SequenceValue(2, true))
                .containsEntry(name("most"), new SequenceValue(Long.MAX_VALUE, true))
                .containsEntry(name("least"), new SequenceValue(Long.MIN_VALUE, true));
        assertThat(pass(scope("orders")).set()).isEmpty();
    }

    @Test
    void identity_follows() throws SQLException {
        String identity =
                "CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text)";
        if (version.equals("9.6")) {
            atSource("CREATE TABLE people (id serial PRIMARY KEY, name text)");
            atDestination(identity);
        } else {
            atBoth(identity);
        }
        atSource("INSERT INTO people (name) VALUES ('a'), ('b')");

        assertThat(pass(scope("people")).set()).containsExactly(name("people_id_seq"));
        assertThat(valuesAtDestination()).isEqualTo(valuesAtSource());
    }

    @Test
    void destinationThatIsFurther_staysUnlessItCycles() throws SQLException {
        atBoth(
                "CREATE SEQUENCE up",
                "CREATE SEQUENCE down INCREMENT -1",
                "CREATE SEQUENCE called",
                "CREATE SEQUENCE round CYCLE");
        atSource(
                "SELECT setval('up', 10)",
                "SELECT setval('down', -10)",
                "SELECT setval('called', 10, false)",
                "SELECT setval('round', 10)");
        atDestination(
                "SELECT setval('up', 11)",
                "SELECT setval('down', -11)",
                "SELECT setval('called', 10, true)",
                "SELECT setval('round', 11)");

        Following result = pass(scope());

        assertThat(result.further()).containsExactly(name("called"), name("down"), name("up"));
        assertThat(result.set()).containsExactly(name("round"));
        assertThat(valuesAtDestination())
                .containsEntry(name("up"), new SequenceValue(11, true))
                .containsEntry(name("down"), new SequenceValue(-11, true))
                .containsEntry(name("called"), new SequenceValue(10, true))
                .containsEntry(name("round"), new SequenceValue(10, true));
    }

    @Test
    void valueOutOfTheDestinationsRange_isRefusedAlone() throws SQLException {
        atSource("CREATE SEQUENCE a", "CREATE SEQUENCE b", "CREATE SEQUENCE c");
        atDestination("CREATE SEQUENCE a", "CREATE SEQUENCE b MAXVALUE 100", "CREATE SEQUENCE c");
        atSource("SELECT setval('a', 500), setval('b', 500), setval('c', 500)");

        Following result = pass(scope());

        assertThat(result.set()).containsExactly(name("a"), name("c"));
        assertThat(result.refused())
                .singleElement()
                .satisfies(refused -> {
                    assertThat(refused.sequence()).isEqualTo(name("b"));
                    assertThat(refused.side()).isEqualTo(Side.DESTINATION);
                    assertThat(refused.reason()).contains("out of bounds");
                });
    }

    @Test
    void withoutPrivilege_isRefusedAlone() throws SQLException {
        atBoth("CREATE SEQUENCE closed", "CREATE SEQUENCE half", "CREATE SEQUENCE open");
        for (PostgresServer server : List.of(source(), destination())) {
            server.execute(
                    "postgres",
                    "DROP ROLE IF EXISTS mover",
                    "CREATE ROLE mover LOGIN PASSWORD 'warp'");
        }
        atBoth("GRANT USAGE ON SCHEMA public TO mover", "GRANT SELECT, UPDATE ON open TO mover");
        atSource("GRANT SELECT ON half TO mover", "SELECT setval('open', 9)");
        atDestination("GRANT SELECT ON half TO mover");
        try (Session from =
                        new Connector(
                                        TestConnections.settings(
                                                Side.SOURCE, source(), DATABASE, "mover", "warp"),
                                        "warp-test")
                                .open();
                Session to =
                        new Connector(
                                        TestConnections.settings(
                                                Side.DESTINATION,
                                                destination(),
                                                DATABASE,
                                                "mover",
                                                "warp"),
                                        "warp-test")
                                .open()) {

            Following result = SequencePass.run(from, to, scope().pairs(from, to));

            assertThat(result.set()).containsExactly(name("open"));
            assertThat(result.refused())
                    .containsExactly(
                            new Refused(name("closed"), Side.SOURCE, "no privilege to read it"),
                            new Refused(name("half"), Side.DESTINATION, "no privilege to set it"));
        }
        for (PostgresServer server : List.of(source(), destination())) {
            server.execute(DATABASE, "DROP OWNED BY mover");
        }
    }

    @Test
    void thoseThatAreDroppedMeanwhile_keepNoOtherFromFollowing() throws SQLException {
        int many = 2 * SequenceCatalog.BATCH_MAX + 7;
        for (int from = 0; from < many; from += 1000) {
            atBoth(
                    ("DO $$ BEGIN FOR i IN %d..%d LOOP EXECUTE 'CREATE SEQUENCE s' || i; END LOOP;"
                                    + " END $$")
                            .formatted(from + 1, Math.min(from + 1000, many)));
        }
        for (int from = 0; from < many; from += 1000) {
            atSource(
                    "SELECT setval(oid::regclass, 77) FROM pg_class WHERE relkind = 'S' ORDER BY"
                            + " oid LIMIT 1000 OFFSET "
                            + from);
        }
        try (Session from = open(Side.SOURCE, source());
                Session to = open(Side.DESTINATION, destination())) {
            List<SequencePair> pairs = scope().pairs(from, to);
            assertThat(pairs).hasSize(many);
            atSource("DROP SEQUENCE s1004");
            atDestination("DROP SEQUENCE s5");

            Following result = SequencePass.run(from, to, pairs);

            assertThat(result.set()).hasSize(many - 2);
            assertThat(result.refused())
                    .extracting(Refused::sequence)
                    .containsExactlyInAnyOrder(name("s1004"), name("s5"));
        }
    }

    @Test
    void scope_followsOwnersUsersAndPartitionedTables() throws SQLException {
        List<String> tables =
                new ArrayList<>(
                        List.of(
                                "CREATE TABLE orders (id serial PRIMARY KEY)",
                                "CREATE TABLE other (id serial PRIMARY KEY)",
                                "CREATE SEQUENCE used",
                                "CREATE TABLE lines (id int DEFAULT nextval('used'),"
                                        + " other int DEFAULT nextval('other_id_seq'))",
                                "CREATE TEMPORARY SEQUENCE passing",
                                "CREATE SCHEMA warp",
                                "CREATE SEQUENCE warp.own",
                                "CREATE SEQUENCE free"));
        if (!version.equals("9.6")) {
            tables.add("CREATE TABLE whole (id serial, day int) PARTITION BY RANGE (day)");
            tables.add("CREATE TABLE part PARTITION OF whole FOR VALUES FROM (0) TO (9)");
        }
        atBoth(tables.toArray(String[]::new));
        atSource("CREATE SEQUENCE only_here");
        atDestination("CREATE SEQUENCE only_there");
        try (Session from = open(Side.SOURCE, source());
                Session to = open(Side.DESTINATION, destination())) {
            List<TableName> expected =
                    new ArrayList<>(List.of(name("free"), name("orders_id_seq"), name("used")));
            assertThat(scope("orders", "lines").pairs(from, to))
                    .extracting(SequencePair::name)
                    .contains(name("other_id_seq"))
                    .containsAll(expected)
                    .hasSize(4);
            assertThat(scope("orders").pairs(from, to))
                    .extracting(SequencePair::name)
                    .containsExactlyElementsOf(expected);
            if (!version.equals("9.6")) {
                assertThat(scope("part").pairs(from, to))
                        .extracting(SequencePair::name)
                        .containsExactly(name("free"), name("used"), name("whole_id_seq"));
            }
        }
    }
}
