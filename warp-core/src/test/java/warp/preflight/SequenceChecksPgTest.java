package warp.preflight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import warp.sandbox.PostgresServer;

/** What is said about sequences before anything is touched. */
@ParameterizedClass
@ValueSource(strings = {"9.6", "18"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SequenceChecksPgTest {

    private static final String ORDERS = "CREATE TABLE orders (id bigserial PRIMARY KEY)";

    @Parameter private String version = "";
    private @Nullable PostgresServer source;
    private @Nullable PostgresServer destination;

    @BeforeParameterizedClassInvocation
    void start() {
        source = PostgresServer.start(version);
        destination = PostgresServer.start("18");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        requireNonNull(source).close();
        requireNonNull(destination).close();
    }

    private Checked pair() throws SQLException {
        return Checked.fresh(requireNonNull(source), requireNonNull(destination));
    }

    @Test
    void sequencesThatFollow_areANoteOnly() throws SQLException {
        Checked checked = pair().atBoth(ORDERS, "CREATE SEQUENCE free");

        assertThat(checked.errors()).isEmpty();
        assertThat(checked.warnings()).isEmpty();
        assertThat(checked.notes())
                .filteredOn(text -> text.contains("sequence"))
                .singleElement()
                .asString()
                .startsWith("NOTE: destination: 2 sequences follow the source: set after the copy,")
                .contains("HINT: let Warp end after applications have stopped writing");
    }

    @Test
    void missingSequences_areNamedWithTheCommandThatBringsThem() throws SQLException {
        Checked checked =
                pair().atSource(ORDERS, "CREATE SEQUENCE \"Free one\"")
                        .atDestination("CREATE TABLE orders (id bigint PRIMARY KEY)");

        assertThat(checked.errors()).isEmpty();
        assertThat(checked.warnings())
                .singleElement()
                .asString()
                .startsWith(
                        "WARNING: destination: 2 sequences are missing: public.Free one,"
                                + " public.orders_id_seq\nHINT: pg_dump -s -h 127.0.0.1")
                .contains(
                        " -t '\"public\".\"Free one\"' -t '\"public\".\"orders_id_seq\"' | psql",
                        "HINT: or leave it out: -T '\"public\".\"Free one\"'");
    }

    @Test
    void excludedSequences_areNotSpokenOf() throws SQLException {
        Checked checked =
                pair().atSource(ORDERS, "CREATE SEQUENCE free")
                        .atDestination("CREATE TABLE orders (id bigint PRIMARY KEY)")
                        .tables(List.of(), List.of("public.free", "orders_id_seq"));

        assertThat(checked.errors()).isEmpty();
        assertThat(checked.warnings()).isEmpty();
        assertThat(checked.notes()).noneMatch(text -> text.contains("sequence"));
    }

    @Test
    void chosenTables_takeOnlyTheirOwnAlong() throws SQLException {
        Checked checked =
                pair().atBoth(ORDERS, "CREATE SEQUENCE free").tables(List.of("orders"), List.of());

        assertThat(checked.notes())
                .anyMatch(text -> text.contains("1 sequence follows the source"));
    }

    @Test
    void differentDefinitions_areShownAsTheStatementThatMendsThem() throws SQLException {
        Checked checked =
                pair().atBoth(ORDERS)
                        .atSource(
                                "CREATE SEQUENCE steps INCREMENT 5 CACHE 20 MAXVALUE 1000 CYCLE",
                                "CREATE SEQUENCE down INCREMENT -1 MINVALUE -50")
                        .atDestination(
                                "CREATE SEQUENCE steps", "CREATE SEQUENCE down INCREMENT -1");

        List<String> warnings = checked.warnings();
        assertThat(warnings)
                .singleElement()
                .asString()
                .isEqualTo(
                        "WARNING: destination: 2 sequences are defined otherwise than at the"
                                + " source: public.down, public.steps\n"
                                + "HINT: ALTER SEQUENCE \"public\".\"down\" MINVALUE -50;\n"
                                + "HINT: ALTER SEQUENCE \"public\".\"steps\" INCREMENT BY 5"
                                + " MAXVALUE 1000 CACHE 20 CYCLE;");
        checked.atDestination(
                warnings.getFirst()
                        .lines()
                        .filter(line -> line.startsWith("HINT: "))
                        .map(line -> line.substring("HINT: ".length()))
                        .toArray(String[]::new));
        assertThat(checked.warnings()).isEmpty();
    }

    @Test
    void missingPrivileges_areShownAsTheGrantThatGivesThem() throws SQLException {
        Checked checked = pair().atBoth(ORDERS);
        for (PostgresServer server : List.of(requireNonNull(source), requireNonNull(destination))) {
            server.execute(
                    "postgres",
                    "DROP ROLE IF EXISTS \"a mover\"",
                    "CREATE ROLE \"a mover\" LOGIN PASSWORD 'warp'");
        }
        checked.as("a mover");
        List<String> warnings =
                checked.warnings().stream().filter(text -> text.contains("sequence")).toList();

        assertThat(warnings)
                .hasSize(2)
                .anySatisfy(text ->
                        assertThat(text)
                                .startsWith(
                                        "WARNING: source: role \"a mover\" may not read 1"
                                                + " sequence: public.orders_id_seq, so")
                                .contains(
                                        "HINT: GRANT SELECT ON SEQUENCE"
                                                + " \"public\".\"orders_id_seq\" TO \"a mover\";"))
                .anySatisfy(text ->
                        assertThat(text)
                                .startsWith(
                                        "WARNING: destination: role \"a mover\" may not set 1"
                                                + " sequence: public.orders_id_seq, so")
                                .contains(
                                        "HINT: GRANT SELECT, UPDATE ON SEQUENCE"
                                                + " \"public\".\"orders_id_seq\" TO \"a mover\";"));
        checked.atSource("GRANT SELECT ON SEQUENCE public.orders_id_seq TO \"a mover\"")
                .atDestination(
                        "GRANT SELECT, UPDATE ON SEQUENCE public.orders_id_seq TO \"a mover\"");
        assertThat(checked.warnings()).noneMatch(text -> text.contains("sequence"));
    }
}
