package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import warp.config.ByteSize;
import warp.config.SourceOptions;
import warp.config.TimeSpan;
import warp.sandbox.PostgresServer;

/** What is said beforehand about what the source will have to bear. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtectionChecksPgTest {

    private static final String ORDERS = "CREATE TABLE orders (id int PRIMARY KEY, words text)";

    private PostgresServer source;
    private PostgresServer old;
    private PostgresServer destination;

    @BeforeAll
    void start() {
        source =
                PostgresServer.builder("18")
                        .setting("max_slot_wal_keep_size", "16MB")
                        .setting("idle_replication_slot_timeout", "10min")
                        .setting("max_replication_slots", "1")
                        .setting("max_wal_senders", "1")
                        .start();
        old = PostgresServer.start("9.6");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        source.close();
        old.close();
        destination.close();
    }

    private Checked fresh(PostgresServer from) throws SQLException {
        return Checked.fresh(from, destination).atBoth(ORDERS);
    }

    private static Checked asked(
            Checked checked,
            @Nullable ByteSize wal,
            @Nullable Integer load,
            @Nullable TimeSpan lag,
            @Nullable String query) {
        return checked.with(settings ->
                settings.with(
                        settings.options()
                                .withSource(new SourceOptions(wal, null, load, lag, query, null))));
    }

    @Test
    void sourceThatWritesMuch_isWarnedOfItsLimits() throws SQLException {
        Checked checked = asked(fresh(source), ByteSize.megabytes(20), null, null, null);
        source.execute("postgres", "CHECKPOINT");
        checked.atSource(
                "INSERT INTO orders SELECT g, repeat(md5(g::text), 64)"
                        + " FROM generate_series(1, 40000) g");
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (checked.warnings().stream().noneMatch(line -> line.contains("--max-source-wal"))) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(checked.warnings())
                .anySatisfy(line ->
                        assertThat(line)
                                .contains("of log until the copy is done (")
                                .contains("more than max_slot_wal_keep_size = 16MB: the slot would")
                                .contains("ALTER SYSTEM SET max_slot_wal_keep_size = '"))
                .anySatisfy(line ->
                        assertThat(line).contains("--max-source-wal=20MB: Warp would stop there"));
        assertThat(checked.resuming().warnings())
                .noneMatch(line -> line.contains("until the copy is done"));
    }

    @Test
    void lastSlotAndIdleTimeout_areWarnedOf() throws SQLException {
        assertThat(fresh(source).warnings())
                .anyMatch(line -> line.contains("Warp takes the last of 1 replication slots"))
                .anyMatch(line -> line.contains("Warp takes the last of 1 walsenders"))
                .anyMatch(line ->
                        line.contains("idle_replication_slot_timeout is 10 min")
                                && line.contains(
                                        "SET idle_replication_slot_timeout = '0'; SELECT"
                                                + " pg_reload_conf();"));
    }

    @Test
    void roleThatSeesOnlyItself_isToldWhatLacks() throws SQLException {
        for (PostgresServer from : new PostgresServer[] {source, old}) {
            Checked checked = fresh(from);
            from.execute("postgres", "CREATE ROLE seer LOGIN REPLICATION PASSWORD 'warp'");
            String blind = "role \"seer\" does not see what sessions of other roles do, which ";
            String remedy =
                    from == source
                            ? "HINT: GRANT \"pg_monitor\" TO \"seer\";"
                            : "before 10 only superusers do";
            destination.execute(
                    "postgres",
                    "DO $$ BEGIN CREATE ROLE seer LOGIN PASSWORD 'warp';"
                            + " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
            assertThat(asked(checked.as("seer"), null, 5, null, null).errors())
                    .anyMatch(line -> line.contains(blind + "--max-load") && line.contains(remedy));
            assertThat(asked(checked, null, null, TimeSpan.seconds(5), null).errors())
                    .anyMatch(line -> line.contains(blind + "--max-replica-lag"));
            assertThat(asked(checked, null, null, null, "SELECT false").errors())
                    .noneMatch(line -> line.contains(blind));
            if (from == source) {
                from.execute("postgres", "GRANT pg_monitor TO seer");
                assertThat(asked(checked, null, 5, null, null).errors())
                        .noneMatch(line -> line.contains(blind));
            }
        }
    }

    @Test
    void queryThatFails_isNotGoneOnWith() throws SQLException {
        for (PostgresServer from : new PostgresServer[] {source, old}) {
            Checked checked = fresh(from);
            assertThat(asked(checked, null, null, null, "SELECT count(*) FROM nowhere").errors())
                    .singleElement()
                    .asString()
                    .contains("--throttle-query fails")
                    .contains("\"nowhere\" does not exist")
                    .contains("SQLSTATE 42P01");
            assertThat(asked(checked, null, null, null, "SELECT 'often'").errors())
                    .singleElement()
                    .asString()
                    .contains("neither true nor false nor a number");
            assertThat(asked(checked, null, null, null, "SELECT count(*) FROM orders").errors())
                    .isEmpty();
        }
    }
}
