package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.wire.WireSession;
import warp.sandbox.PostgresServer;

/** Statements with a password in them leave nothing of it in log, activity and statistics. */
class ConcealedPgTest {

    private static final String STATEMENT =
            "ALTER ROLE %s PASSWORD 'c4nary\\ \"\t\n''|%%s' VALID UNTIL 'infinity'";

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void aPasswordIsSet_andNowhereToBeRead(String version) throws Exception {
        try (PostgresServer server =
                PostgresServer.builder(version)
                        .setting("shared_preload_libraries", "pg_stat_statements")
                        .setting("log_statement", "all")
                        .setting("log_min_error_statement", "debug5")
                        .setting("log_min_messages", "debug1")
                        .setting("log_error_verbosity", "verbose")
                        .setting("log_min_duration_statement", "0")
                        .start()) {
            server.execute(
                    "postgres",
                    "CREATE EXTENSION pg_stat_statements",
                    "CREATE ROLE r1 LOGIN",
                    "CREATE ROLE r2 LOGIN");
            try (Session session = TestConnections.open(Side.DESTINATION, server, "postgres");
                    WireSession wire = TriedConnection.to(server).connector().openWire()) {
                session.transaction(() -> session.runConcealed(STATEMENT.formatted("r1")));
                wire.executeConcealed(STATEMENT.formatted("r2"));
                wire.executeConcealed(STATEMENT.formatted("r2"));
                refused(sql -> session.transaction(() -> session.runConcealed(sql)));
                refused(wire::executeConcealed);

                assertThat(
                                session.query(
                                        "SELECT 1 FROM pg_authid WHERE rolvaliduntil = 'infinity'"))
                        .hasSize(2);
                for (String query :
                        new String[] {
                            "SELECT query FROM pg_stat_activity WHERE query IS NOT NULL",
                            "SELECT query FROM public.pg_stat_statements",
                        }) {
                    assertThat(session.queryEach(row -> row.text("query"), query))
                            .noneMatch(text -> text.contains("c4nary"));
                }
                assertThat(session.query("SELECT 1 FROM pg_class WHERE relname = 'warp_concealed'"))
                        .isEmpty();
            }
            try (var login = server.connect("postgres", "r1", "c4nary\\ \"\t\n'|%s")) {
                assertThat(login.isValid(5)).isTrue();
            }
            assertThat(Files.readString(server.log()))
                    .contains("EXECUTE concealed")
                    .doesNotContain("c4nary");
        }
    }

    private static void refused(Consumer<String> run) {
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class, () -> run.accept(STATEMENT.formatted("nobody")));
        assertThat(refusal.hasSqlState("42704")).isTrue();
        assertThat(refusal).hasMessage("role \"nobody\" does not exist");
    }
}
