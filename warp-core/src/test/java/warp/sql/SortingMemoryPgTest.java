package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.model.TableName;
import warp.sandbox.PostgresServer;

class SortingMemoryPgTest {

    private static final TableName ROWS = new TableName("public", "ro'ws");
    private static final long MB = 1 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void aSort_getsWhatOneMergeTakes_withinBounds(String version) throws SQLException {
        try (PostgresServer server = PostgresServer.start(version);
                Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE public.\"ro'ws\" AS SELECT g FROM generate_series(1, 300000) g");
            statement.execute("CREATE TABLE public.empty (g int)");
            connection.setAutoCommit(false);
            assertThat(memory(statement, ROWS, 64 * MB, 256 * MB, 2)).isEqualTo("64MB");
            assertThat(memory(statement, ROWS, 64 * MB, 48 * MB, 2)).isEqualTo("48MB");
            // About 10 MB of rows: the root of that, of 264 kB, of two processes, of twice as much.
            assertThat(memory(statement, ROWS, MB, 256 * MB, 2)).matches("3[0-9]{3}kB");
            assertThat(memory(statement, ROWS, MB, 256 * MB, 1)).matches("2[0-9]{3}kB");
            assertThat(memory(statement, new TableName("public", "empty"), MB, 256 * MB, 1))
                    .isEqualTo("256MB");
            assertThat(memory(statement, new TableName("public", "none"), MB, 256 * MB, 1))
                    .isEqualTo("256MB");
            connection.rollback();
            assertThat(shown(statement)).isEqualTo("64MB"); // the server's own again
        }
    }

    private static String memory(
            Statement statement, TableName table, long floor, long most, int processes)
            throws SQLException {
        statement.execute(SchemaStatements.localSortingMemory(table, floor, most, processes));
        return shown(statement);
    }

    private static String shown(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW maintenance_work_mem")) {
            row.next();
            return row.getString(1);
        }
    }
}
