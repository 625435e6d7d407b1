package warp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomTablesPgTest {

    private static final int SEEDS = 4;
    private static final int STATEMENTS = 60;

    @Test
    void everySeed_makesTablesAndStatementsThatTheServerTakes() throws Exception {
        for (String version : new String[] {"9.6", "18"}) {
            try (PostgresServer server = PostgresServer.start(version)) {
                for (int seed = 1; seed <= SEEDS; seed++) {
                    String database = "seed_" + seed;
                    server.createDatabase(database);
                    RandomTables tables = RandomTables.of(seed, version);
                    assertThat(tables.create()).isEqualTo(RandomTables.of(seed, version).create());
                    try (Connection connection = server.connect(database);
                            Statement statement = connection.createStatement()) {
                        for (String sql : tables.create()) {
                            statement.execute(sql);
                        }
                        for (String sql : tables.fill()) {
                            statement.execute(sql);
                        }
                        write(statement, tables, seed, !version.equals("9.6"));
                    }
                }
            }
        }
    }

    private static void write(Statement statement, RandomTables tables, int seed, boolean truncates)
            throws java.sql.SQLException {
        Random random = new Random(seed);
        for (int i = 0; i < STATEMENTS; i++) {
            String sql = tables.statement(random, truncates);
            try {
                statement.execute(sql);
            } catch (java.sql.SQLException refused) {
                assertThat(LoadSessions.isConflict(refused)).as(sql + ": " + refused).isTrue();
            }
        }
    }
}
