package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import warp.model.DeclaredIdentity;
import warp.model.IdentityChange;
import warp.model.ReplicaIdentity;
import warp.model.Side;
import warp.model.TableName;
import warp.postgres.IdentityCatalog;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.sandbox.PostgresServer;
import warp.state.IdentityStore;
import warp.state.MigrationStore;

/** Whatever dies between two steps, the source's replica identities are put back in the end. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentitiesPgTest {

    private static final String SLOT = "identities";
    private static final String DATABASE = "identities";
    private static final DeclaredIdentity DEFAULT =
            new DeclaredIdentity(ReplicaIdentity.DEFAULT, null);
    private static final DeclaredIdentity FULL = new DeclaredIdentity(ReplicaIdentity.FULL, null);

    private PostgresServer server;
    private Session source;
    private Session destination;
    private final Said said = new Said();

    private static final class Said implements EventLog {
        private final CountDownLatch inUse = new CountDownLatch(1);
        private final List<String> lines = new java.util.concurrent.CopyOnWriteArrayList<>();

        @Override
        public void info(String line) {
            lines.add(line);
        }

        @Override
        public void warn(String line, List<String> hints) {
            lines.add(line + " " + hints);
            if (line.contains("busy is in use")) {
                inUse.countDown();
            }
        }

        @Override
        public void error(String line, List<String> hints) {
            lines.add(line + " " + hints);
        }

        @Override
        public void detail(String line) {
            lines.add(line);
        }

        @Override
        public void trace(String line, Throwable problem) {
            lines.add(line);
        }
    }

    @BeforeAll
    void start() throws SQLException {
        server = PostgresServer.start("18");
        server.createDatabase(DATABASE);
        source = TestConnections.open(Side.SOURCE, server, DATABASE);
        destination = TestConnections.open(Side.DESTINATION, server, DATABASE);
        new MigrationStore(destination, SLOT).install();
    }

    @AfterAll
    void stop() {
        source.close();
        destination.close();
        server.close();
    }

    private Identities identities() {
        return new Identities(source, destination, SLOT, said, new StopSignal());
    }

    private IdentityStore store() {
        return new IdentityStore(destination, SLOT);
    }

    private IdentityChange table(String name, DeclaredIdentity to) throws SQLException {
        server.execute(
                DATABASE,
                "CREATE TABLE %1$s (a int NOT NULL); CREATE UNIQUE INDEX %1$s_a ON %1$s (a)"
                        .formatted(name));
        return new IdentityChange(new TableName("public", name), DEFAULT, to);
    }

    private DeclaredIdentity now(IdentityChange change) {
        return new IdentityCatalog(source).declared(change.table()).orElseThrow();
    }

    @Test
    void killedAtAnyStep_itIsPutBack() throws Exception {
        DeclaredIdentity index = new DeclaredIdentity(ReplicaIdentity.INDEX, "noted_a");
        IdentityChange noted = table("noted", index);
        IdentityChange declared = table("declared", FULL);
        IdentityChange twice = table("twice", FULL);
        store().note(List.of(noted));
        identities().declare(List.of(declared, twice));
        // The next run finds it as it was left, and does not take that for what was there before.
        store().note(List.of(new IdentityChange(twice.table(), FULL, FULL)));
        identities().declare(List.of(noted));
        assertThat(now(noted)).isEqualTo(index);
        new IdentityCatalog(source).declare(declared.table(), DEFAULT);

        identities().putBack();

        assertThat(List.of(now(noted), now(declared), now(twice)))
                .containsExactly(DEFAULT, DEFAULT, DEFAULT);
        assertThat(store().all()).isEmpty();
        identities().putBack();
    }

    @Test
    void whatSomebodyElseDeclaredMeanwhile_isLeftAlone() throws Exception {
        IdentityChange change = table("theirs", FULL);
        identities().declare(List.of(change));
        DeclaredIdentity index = new DeclaredIdentity(ReplicaIdentity.INDEX, "theirs_a");
        new IdentityCatalog(source).declare(change.table(), index);

        identities().putBack();

        assertThat(now(change)).isEqualTo(index);
        assertThat(said.lines).anyMatch(line -> line.contains("theirs was changed by somebody"));
    }

    @Test
    void whatAnotherPublicationNeeds_isNotTakenAway() throws Exception {
        IdentityChange change = table("published", FULL);
        identities().declare(List.of(change));
        server.execute(DATABASE, "CREATE PUBLICATION other FOR TABLE published");

        identities().putBack();

        assertThat(now(change)).isEqualTo(FULL);
        assertThat(said.lines)
                .anyMatch(line ->
                        line.contains("publication other needs it")
                                && line.contains("REPLICA IDENTITY DEFAULT;"));
        server.execute(DATABASE, "UPDATE published SET a = 1", "DROP PUBLICATION other");
    }

    @Test
    void tableInUse_isWaitedForWithoutHoldingUpOthers() throws Exception {
        IdentityChange change = table("busy", FULL);
        try (Connection holder = server.connect(DATABASE);
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("SELECT * FROM busy");
            Thread waiting =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    identities().declare(List.of(change));
                                } catch (InterruptedException stopped) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            assertThat(said.inUse.await(20, TimeUnit.SECONDS)).isTrue();
            holder.commit();
            waiting.join();
        }
        assertThat(now(change)).isEqualTo(FULL);
    }
}
