package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.model.TableName;
import warp.sandbox.PostgresServer;
import warp.testing.HostileNames;
import warp.testing.Seed;

/** What is shown can be pasted: the server reads the same names and values from it. */
class VisibleTextPgTest {

    private static final int ROUNDS = 1500;

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void namesAndValuesAsShown_areTheSameToTheServer(String version) throws SQLException {
        Random random = new Random(Seed.of(VisibleTextPgTest.class));
        HostileNames names = new HostileNames(random);
        try (PostgresServer server = PostgresServer.start(version);
                Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (int i = 0; i < ROUNDS; i++) {
                String name = names.next();
                String value = names.next();
                String tag = "$q" + i + "$";
                String escaped = value.replace("\\", "\\\\").replace("'", "\\'");
                String query =
                        "SELECT %s AS v, E'%s' AS e, %s AS d AS %s"
                                .formatted(
                                        Identifiers.literal(value),
                                        escaped,
                                        tag + value + tag,
                                        Identifiers.quote(name))
                                .replace(" AS d AS ", " AS ");
                String shown = VisibleText.of(query);

                assertThat(VisibleText.isSafe(shown)).as(shown).isTrue();
                try (ResultSet row = statement.executeQuery(shown)) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getString(1)).as(shown).isEqualTo(value);
                    assertThat(row.getString(2)).as(shown).isEqualTo(value);
                    assertThat(row.getString(3)).as(shown).isEqualTo(value);
                    assertThat(row.getMetaData().getColumnLabel(3)).as(shown).isEqualTo(name);
                }
            }
        }
    }

    /** bash is what reads a pasted line. */
    @Test
    void shellWordsAsShown_areTheSameToTheShell() throws IOException {
        HostileNames names = new HostileNames(new Random(Seed.of(VisibleTextPgTest.class)));
        for (int i = 0; i < 40; i++) {
            TableName table = new TableName(names.next(), names.next());
            String shown = VisibleText.of(Hints.tableSwitch("printf %s", table));
            assertThat(VisibleText.isSafe(shown)).isTrue();

            ProcessBuilder bash = new ProcessBuilder("bash", "-c", shown);
            bash.environment().put("LC_ALL", "C.UTF-8");
            Process process = bash.redirectErrorStream(true).start();
            process.getOutputStream().close();
            String read =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(read).as(shown).isEqualTo(Identifiers.qualified(table));
        }
    }
}
