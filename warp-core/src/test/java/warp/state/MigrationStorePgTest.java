package warp.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.model.Phase;
import warp.model.Side;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;
import warp.sql.AdvanceStatements;

class MigrationStorePgTest {

    @Test
    void schemaThatWentWithTheLastMigration_isNotTakenToBeThere() throws SQLException {
        try (PostgresServer server = PostgresServer.start("18");
                Session one = TestConnections.open(Side.DESTINATION, server, "postgres");
                Session other = TestConnections.open(Side.DESTINATION, server, "postgres")) {
            MigrationStore first = new MigrationStore(one, "first");
            first.install();
            first.begin(migration("first"), "test", 1);
            MigrationStore second = new MigrationStore(other, "second");
            assertThat(second.find()).isEmpty();
            assertThat(new RemovedStore(other, "second").all()).isEmpty();

            first.forget();

            assertThat(new RemovedStore(one, "first").all()).isEmpty();
            assertThat(second.find()).isEmpty();
            assertThat(new RemovedStore(other, "second").all()).isEmpty();
            assertThat(new FailureStore(other, "second").all()).isEmpty();
        }
    }

    @Test
    void migrationThatBeginsAgain_hasNothingOfBefore() throws SQLException {
        try (PostgresServer server = PostgresServer.start("18");
                Session session = TestConnections.open(Side.DESTINATION, server, "postgres")) {
            MigrationStore store = new MigrationStore(session, "again");
            store.install();
            store.begin(migration("again"), "test", 1);
            store.beginReplication(Lsn.parse("0/10"), List.of());
            session.run(
                    "INSERT INTO warp.chunk_range (slot, schema_name, table_name, number, bytes)"
                            + " VALUES ('again', 's', 't', 0, 1)");
            // What an interrupted copy had fetched.
            String staged = AdvanceStatements.prefix("again") + "1";
            session.run("CREATE TABLE warp.\"" + staged + "\" (i int)");

            store.begin(migration("again"), "test", 1);

            assertThat(store.find()).contains(migration("again"));
            assertThat(store.progress()).isEmpty();
            assertThat(session.query("SELECT FROM warp.chunk_range")).isEmpty();
            assertThat(session.hasLasting("warp.\"" + staged + "\"")).isFalse();
        }
    }

    private static MigrationRecord migration(String slot) {
        return new MigrationRecord(
                slot, "1", "source", "host:5432", OutputPlugin.PGOUTPUT, Phase.PREPARE, "", null);
    }
}
