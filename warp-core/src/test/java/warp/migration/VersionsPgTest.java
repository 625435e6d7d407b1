package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.cli.WarpCommand;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;
import warp.sandbox.WriteLoad;
import warp.testing.SchemaLines;
import warp.testing.Seed;

/** A database under load moves from every kind of source: both are equal afterwards. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VersionsPgTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int COMMITS = 150;
    private static final int PAUSE_MILLIS = 5;

    /** What fires on rows at the destination: nothing of it may. */
    private static final String[] TRIGGERS = {
        "CREATE SCHEMA audit",
        "CREATE TABLE audit.fired (what text)",
        "CREATE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$BEGIN INSERT INTO audit.fired VALUES (TG_NAME); RETURN NULL; END$$",
        "CREATE TRIGGER usual AFTER INSERT OR UPDATE OR DELETE ON load.account"
                + " FOR EACH ROW EXECUTE PROCEDURE audit.note()",
        "CREATE TRIGGER \"Always ä\" AFTER INSERT OR UPDATE OR DELETE ON load.account"
                + " FOR EACH ROW EXECUTE PROCEDURE audit.note()",
        "ALTER TABLE load.account ENABLE ALWAYS TRIGGER \"Always ä\"",
        "CREATE TRIGGER replica AFTER INSERT ON load.bulk"
                + " FOR EACH STATEMENT EXECUTE PROCEDURE audit.note()",
        "ALTER TABLE load.bulk ENABLE REPLICA TRIGGER replica",
        "CREATE TRIGGER sleeping AFTER INSERT ON load.token"
                + " FOR EACH ROW EXECUTE PROCEDURE audit.note()",
        "ALTER TABLE load.token DISABLE TRIGGER sleeping",
    };

    private PostgresServer newest;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        newest = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        newest.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "10", "13", "15", "17", "18"})
    void liveDatabase_movesToTheNewest(String version) throws Exception {
        try (PostgresServer source = PostgresServer.start(version)) {
            moveUnderLoad(source, newest);
        }
    }

    @Test
    void liveDatabase_movesToAnOlderServer() throws Exception {
        try (PostgresServer older = PostgresServer.start("13")) {
            moveUnderLoad(newest, older);
        }
    }

    private void moveUnderLoad(PostgresServer source, PostgresServer destination) throws Exception {
        long seed = Seed.of(VersionsPgTest.class);
        try (Move move = Move.between(source, destination, directory)) {
            List<String> schema = prepare(move, source.version(), seed);
            try (WriteLoad load = load(move, source.version(), seed).start();
                    WarpCommand warp = move.start()) {
                warp.awaitPrinted("Started replication");
                try (WriteLoad more =
                        load(move, source.version(), seed + 1)
                                .connections(2)
                                .truncates(true)
                                .hugeTransaction(true)
                                .start()) {
                    more.awaitCommits(COMMITS, PATIENCE);
                    assertThat(warp.terminate()).as(warp.printed()).isEqualTo(ExitCode.TERMINATED);
                    load.awaitCommits(load.commits() + COMMITS, PATIENCE);
                }
            }

            assertThat(move.catchUp()).contains("Resuming replication", "Reached ");

            move.assertEqual("load");
            assertUntouched(move, schema);
        }
    }

    private static WriteLoad.Builder load(Move move, String version, long seed) {
        return WriteLoad.builder(version, seed, move::source).pauseMillis(PAUSE_MILLIS);
    }

    /** The tables at both sides, rows at the source; returns what the destination is made of. */
    private static List<String> prepare(Move move, String version, long seed) throws SQLException {
        try (Connection source = move.source();
                Connection destination = move.destination()) {
            WriteLoad.createSchema(source, version);
            WriteLoad.createSchema(destination, version);
            WriteLoad.fill(source, version, seed);
            move.atDestination(TRIGGERS);
            return SchemaLines.all(destination);
        }
    }

    private static void assertUntouched(Move move, List<String> schema) throws Exception {
        try (Connection destination = move.destination()) {
            assertThat(SchemaLines.withoutTriggers(destination))
                    .isEqualTo(
                            schema.stream().filter(line -> !line.startsWith("trigger")).toList());
            move.run("--clean");
            assertThat(SchemaLines.all(destination)).isEqualTo(schema);
        }
        assertThat(move.askDestination("SELECT count(*) FROM audit.fired")).isEqualTo("0");
        assertThat(move.askDestination("SELECT to_regnamespace('warp') IS NULL")).isEqualTo("t");
        assertThat(
                        move.askSource(
                                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"
                                        + move.slot()
                                        + "'"))
                .isEqualTo("0");
    }
}
