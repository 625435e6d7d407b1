package warp.postgres;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import warp.model.Column;
import warp.model.ReplicaIdentity;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.sandbox.PostgresServer;

@ParameterizedClass
@ValueSource(strings = {"9.6", "10", "13", "18"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogPgTest {

    @Parameter private String version = "";
    private @Nullable PostgresServer running;

    private PostgresServer server() {
        return requireNonNull(running);
    }

    private Session open() {
        return TestConnections.open(Side.SOURCE, server(), "postgres");
    }

    private boolean isAtLeast(int major) {
        return Double.parseDouble(version) >= major;
    }

    @BeforeParameterizedClassInvocation
    void fill() throws SQLException {
        PostgresServer server = PostgresServer.start(version);
        running = server;
        server.execute(
                "postgres",
                "CREATE EXTENSION citext",
                "CREATE SCHEMA \"My Schema\"",
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE DOMAIN positive AS int CHECK (value > 0)",
                "CREATE DOMAIN \"list of numbers\" AS int[]",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE TYPE unequal AS (a int, b json)",
                "CREATE TYPE span AS RANGE (subtype = numeric)",
                "CREATE TABLE \"My Schema\".\"a \"\"table\"\" ñ\" (\"the key\" bigint, part text,"
                        + " other int NOT NULL, PRIMARY KEY (part, \"the key\"))",
                "CREATE TABLE holes (a int, gone int, b varchar(10))",
                "ALTER TABLE holes DROP COLUMN gone",
                "CREATE TABLE nothing ()",
                "CREATE TABLE by_index (a int, b int NOT NULL UNIQUE)",
                "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_b_key",
                "CREATE TABLE whole (a int)",
                "ALTER TABLE whole REPLICA IDENTITY FULL",
                "CREATE TABLE deferred (a int PRIMARY KEY DEFERRABLE)",
                "CREATE TABLE guarded (a int PRIMARY KEY)",
                "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
                "CREATE UNLOGGED TABLE not_in_the_log (a int)",
                "CREATE TABLE types (" + TYPES + ")",
                "CREATE SCHEMA warp",
                "CREATE TABLE warp.mine (a int)",
                "CREATE VIEW a_view AS SELECT 1",
                "CREATE TABLE filled (id int PRIMARY KEY, t text)",
                "INSERT INTO filled SELECT g, repeat('x', 100) FROM generate_series(1, 5000) g",
                "ANALYZE filled");
    }

    private static final String TYPES =
            "b bool, i int, n numeric(10,2), t text, vc varchar(3), j json, jb jsonb, x xml,"
                    + " rc regclass, p point, ia int[], ja json[], ts timestamptz, oidv oidvector,"
                    + " m mood, ma mood[], d positive, da \"list of numbers\", r pair, u unequal,"
                    + " ir int4range, s span, c citext, cd cidr, ra regclass[], ba box[]";

    @AfterParameterizedClassInvocation
    void stop() {
        server().close();
    }

    private Map<String, Table> tables() {
        try (Session session = open()) {
            return Catalog.tables(session).stream()
                    .collect(Collectors.toMap(table -> table.name().toString(), table -> table));
        }
    }

    private Table table(String schema, String name) {
        Table table = tables().get(schema + "." + name);
        assertThat(table).as(name).isNotNull();
        return requireNonNull(table);
    }

    private Table table(String name) {
        return table("public", name);
    }

    @Test
    void tables_areThoseOfTheUser() {
        assertThat(tables().keySet())
                .contains("My Schema.a \"table\" ñ", "public.holes", "public.nothing")
                .doesNotContain("warp.mine", "public.a_view", "public.not_in_the_log")
                .noneMatch(name -> name.startsWith("pg_catalog"));
        try (Session session = open()) {
            assertThat(Catalog.unloggedTables(session))
                    .containsExactly(new TableName("public", "not_in_the_log"));
        }
    }

    @Test
    void keyColumns_followTheReplicaIdentity() {
        Table quoted = table("My Schema", "a \"table\" ñ");
        assertThat(quoted.identity()).isEqualTo(ReplicaIdentity.DEFAULT);
        assertThat(quoted.keyColumns()).containsExactly("part", "the key");
        assertThat(table("by_index").identity()).isEqualTo(ReplicaIdentity.INDEX);
        assertThat(table("by_index").keyColumns()).containsExactly("b");
        assertThat(table("whole").identity()).isEqualTo(ReplicaIdentity.FULL);
        assertThat(table("whole").keyColumns()).isEmpty();
    }

    @Test
    void deferrableKey_identifiesNothing() {
        assertThat(table("deferred").hasUsableIdentity()).isFalse();
    }

    @Test
    void droppedColumns_leaveHoles() {
        assertThat(table("holes").columns())
                .extracting(Column::name, Column::number, Column::typeName)
                .containsExactly(tuple("a", 1, "integer"), tuple("b", 3, "character varying(10)"));
        assertThat(table("nothing").columns()).isEmpty();
    }

    @Test
    void sizes_areThoseOnDisk() {
        Table filled = table("filled");
        assertThat(filled.heapPages()).isBetween(70L, 120L);
        assertThat(filled.bytes()).isGreaterThanOrEqualTo(filled.heapPages() * 8192);
        assertThat(filled.rowsEstimated()).isEqualTo(5000);
        assertThat(table("holes").bytes()).isGreaterThanOrEqualTo(0);
    }

    @Test
    void rowSecurity_isSeen() {
        assertThat(table("guarded").rowSecurity()).isTrue();
        assertThat(table("guarded").rowSecurityForced()).isFalse();
        assertThat(table("holes").rowSecurity()).isFalse();
    }

    @Test
    void binaryForm_isTrustedOnlyWhereItIsTheSameEverywhere() {
        Map<Boolean, List<String>> columns =
                table("types").columns().stream()
                        .collect(
                                Collectors.partitioningBy(
                                        Column::binarySafe,
                                        Collectors.mapping(Column::name, Collectors.toList())));
        assertThat(columns.get(true))
                .containsExactlyInAnyOrder(
                        "b", "i", "n", "t", "vc", "j", "jb", "p", "ia", "ja", "ts", "m", "d", "da",
                        "ir", "s", "cd", "ba");
        assertThat(columns.get(false))
                .containsExactlyInAnyOrder("x", "rc", "oidv", "ma", "r", "u", "c", "ra");
    }

    @Test
    void equality_isThatOfTheDefaultOperatorClass() {
        Table types = table("types");
        for (String name :
                List.of(
                        "b", "i", "n", "t", "vc", "jb", "rc", "ia", "ts", "oidv", "m", "ma", "d",
                        "da", "r", "ir", "s", "cd", "ra")) {
            assertThat(types.column(name).orElseThrow().equality())
                    .as(name)
                    .isEqualTo("pg_catalog");
        }
        assertThat(types.column("c").orElseThrow().equality()).isEqualTo("public");
        for (String name : List.of("j", "x", "p", "ja", "u", "ba")) {
            assertThat(types.column(name).orElseThrow().equality()).as(name).isNull();
        }
    }

    /** They are not asked for, so what is said of them must hold at every server. */
    @Test
    void plainTypes_areWhatTheCatalogsSayTheyAre() throws SQLException {
        try (Session session = open()) {
            Map<Integer, String> plain = PlainTypes.names(session.version());
            String columns =
                    plain.entrySet().stream()
                            .map(type -> "c%d %s".formatted(type.getKey(), type.getValue()))
                            .collect(Collectors.joining(", "));
            server().execute("postgres", "CREATE TABLE plain (" + columns + ")");
            List<Row> said =
                    CatalogQuery.of(Catalog.class, "types").rows(session).stream()
                            .filter(type -> plain.containsKey(type.oid("type")))
                            .filter(type -> type.integer("modifier") == -1)
                            .toList();
            assertThat(said)
                    .allMatch(type -> type.flag("binary_safe"))
                    .allMatch(type -> type.text("equality").equals(PlainTypes.EQUALITY))
                    .extracting(type -> type.oid("type"), type -> type.text("name"))
                    .containsExactlyInAnyOrderElementsOf(
                            plain.entrySet().stream()
                                    .map(type -> tuple(type.getKey(), type.getValue()))
                                    .toList());
        } finally {
            server().execute("postgres", "DROP TABLE plain");
        }
    }

    @Test
    void typeNames_areQualifiedUnlessBuiltIn() {
        Table types = table("types");
        assertThat(types.column("m").orElseThrow().typeName()).isEqualTo("public.mood");
        assertThat(types.column("da").orElseThrow().typeName())
                .isEqualTo("public.\"list of numbers\"");
        assertThat(types.column("n").orElseThrow().typeName()).isEqualTo("numeric(10,2)");
    }

    @Test
    void histogram_comesFromTheKeysStatistics() {
        Table filled = table("filled");
        try (Session session = open()) {
            var histogram = Catalog.keyHistogram(session, filled).orElseThrow();
            assertThat(histogram.column()).isEqualTo("id");
            assertThat(histogram.bounds()).hasSize(101).startsWith("1").endsWith("5000");
            assertThat(Catalog.keyHistogram(session, table("holes"))).isEmpty();
        }
    }

    @Test
    void partitions_areLeavesWithTheirAncestors() throws SQLException {
        if (!isAtLeast(10)) {
            try (Session session = open()) {
                assertThat(Catalog.partitionAncestors(session)).isEmpty();
            }
            return;
        }
        server().execute(
                        "postgres",
                        "CREATE SCHEMA parts",
                        "CREATE TABLE parts.top (a int, b int) PARTITION BY RANGE (a)",
                        "CREATE TABLE parts.middle PARTITION OF parts.top FOR VALUES FROM (0) TO"
                                + " (9) PARTITION BY LIST (b)",
                        "CREATE TABLE parts.leaf PARTITION OF parts.middle FOR VALUES IN (1)");

        assertThat(table("parts", "leaf").partition()).isTrue();
        assertThat(tables()).doesNotContainKeys("parts.top", "parts.middle");
        assertThat(table("holes").partition()).isFalse();
        try (Session session = open()) {
            assertThat(Catalog.partitionAncestors(session))
                    .containsEntry(
                            new TableName("parts", "leaf"),
                            List.of(
                                    new TableName("parts", "middle"),
                                    new TableName("parts", "top")));
        }
    }

    @Test
    void generatedAndIdentityColumns_areTold() throws SQLException {
        if (!isAtLeast(12)) {
            assertThat(table("types").columns())
                    .noneMatch(Column::generated)
                    .noneMatch(Column::identityAlways);
            return;
        }
        server().execute(
                        "postgres",
                        "CREATE TABLE computed (a int GENERATED ALWAYS AS IDENTITY,"
                                + " b int GENERATED BY DEFAULT AS IDENTITY,"
                                + " c int GENERATED ALWAYS AS (7) STORED)");

        Table computed = table("computed");
        assertThat(computed.columns())
                .extracting(Column::identityAlways)
                .containsExactly(true, false, false);
        assertThat(computed.columns())
                .extracting(Column::generated)
                .containsExactly(false, false, true);
        assertThat(computed.columns())
                .extracting(Column::notNull)
                .containsExactly(true, true, false);
    }
}
