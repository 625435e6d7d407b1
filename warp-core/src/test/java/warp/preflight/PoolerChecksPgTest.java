package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warp.config.ConnectionSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.TestConnections;
import warp.sandbox.NetworkProxy;
import warp.sandbox.PoolerProxy;
import warp.sandbox.PostgresServer;

/** Poolers and gateways between Warp and the servers. */
class PoolerChecksPgTest {

    private static PostgresServer source;
    private static PostgresServer destination;

    private Checked checked;

    @BeforeAll
    static void start() {
        source = PostgresServer.start("13");
        destination = PostgresServer.start("18");
    }

    @AfterAll
    static void stop() {
        destination.close();
        source.close();
    }

    @BeforeEach
    void databases() throws SQLException {
        checked =
                Checked.fresh(source, destination)
                        .atBoth("CREATE TABLE orders (id int PRIMARY KEY, note text)");
    }

    private static ConnectionSettings source(int port) {
        return TestConnections.settings(Side.SOURCE, port, Checked.SOURCE_DATABASE);
    }

    private static ConnectionSettings destination(int port) {
        return TestConnections.settings(Side.DESTINATION, port, Checked.DESTINATION_DATABASE);
    }

    @Test
    void sessionsThatTakeTurns_areAnErrorAtEitherSide_andNothingElseIsAsked() {
        try (PoolerProxy first = PoolerProxy.to(source.port(), PoolerProxy.Mode.TRANSACTION);
                PoolerProxy other =
                        PoolerProxy.to(destination.port(), PoolerProxy.Mode.TRANSACTION)) {
            PreflightReport report =
                    checked.report(source(first.port()), destination(other.port()));
            assertThat(Checked.texts(report, Finding.Severity.ERROR))
                    .containsExactly(
                            "ERROR: source: 127.0.0.1:%d/shop is a pooler, not the server, and lets sessions take turns (transaction pooling)\nHINT: give host and port of the PostgreSQL server itself as --source: Warp needs sessions of its own"
                                    .formatted(first.port()),
                            "ERROR: destination: 127.0.0.1:%d/new shop is a pooler, not the server, and lets sessions take turns (transaction pooling)\nHINT: give host and port of the PostgreSQL server itself as --destination: Warp needs sessions of its own"
                                    .formatted(other.port()));
            assertThat(report.findings()).hasSize(2);
        }
    }

    @Test
    void aPoolerThatCarriesNoReplication_isAnErrorAtTheSource() {
        try (PoolerProxy pooler = PoolerProxy.to(source.port(), PoolerProxy.Mode.SESSION)) {
            PreflightReport report =
                    checked.report(source(pooler.port()), destination(destination.port()));
            assertThat(Checked.texts(report, Finding.Severity.ERROR))
                    .singleElement()
                    .asString()
                    .contains("is a pooler, not the server, and lets no replication through")
                    .contains("HINT: give host and port of the PostgreSQL server itself");
        }
    }

    /** What it said is kept, as a moment later it may have room. */
    @Test
    void aPoolerThatGivesNoSecondSession_isNamed() {
        try (PoolerProxy pooler = PoolerProxy.to(source.port(), PoolerProxy.Mode.ONE_SESSION)) {
            assertThatThrownBy(() ->
                            checked.report(source(pooler.port()), destination(destination.port())))
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            refused -> {
                                assertThat(refused.code()).isEqualTo(ErrorCode.CONNECTION);
                                assertThat(refused.report())
                                        .contains("no more connections allowed")
                                        .contains("What answers there is a pooler or gateway");
                            });
        }
    }

    /** Whatever else is wrong is said too. */
    @Test
    void sessionsWithAProcessOfTheirOwn_areAWarningAtTheDestination() throws SQLException {
        checked.atSource("CREATE TABLE more (id int PRIMARY KEY)");
        try (PoolerProxy pooler = PoolerProxy.to(destination.port(), PoolerProxy.Mode.SESSION)) {
            PreflightReport report =
                    checked.report(source(source.port()), destination(pooler.port()));
            assertThat(Checked.texts(report, Finding.Severity.WARNING))
                    .singleElement()
                    .asString()
                    .contains("is a pooler or gateway, not the server itself")
                    .contains("HINT: give host and port of the PostgreSQL server itself");
            assertThat(Checked.texts(report, Finding.Severity.ERROR))
                    .singleElement()
                    .asString()
                    .contains("1 table is missing");
        }
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void aNetworkThatPassesEverythingOn_isNone(Side side) {
        boolean atSource = side == Side.SOURCE;
        try (NetworkProxy proxy = NetworkProxy.to(atSource ? source.port() : destination.port())) {
            PreflightReport report =
                    checked.report(
                            source(atSource ? proxy.port() : source.port()),
                            destination(atSource ? destination.port() : proxy.port()));
            assertThat(report.of(Finding.Severity.ERROR)).isEmpty();
            assertThat(report.of(Finding.Severity.WARNING)).isEmpty();
        }
    }
}
