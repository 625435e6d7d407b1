package warp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warp.sandbox.PostgresBinaries;

/** What is measured by sessions of the benchmark itself, tiny, on two real servers. */
class CopyLimitPgTest {

    private static Servers servers;

    @BeforeAll
    static void start() {
        servers =
                Servers.start(
                        PostgresBinaries.newest(),
                        new BenchOptions.ServerChoice(Optional.empty(), Optional.empty(), false));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @ParameterizedTest
    @EnumSource
    void limit_isFoundForEachShapeAndLeavesNothing(CopyShape shape) throws SQLException {
        Content content = shape.content(new CopyShape.Size(1, 2, 10));
        content.make(servers.source(), "limited");
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Report.Limit limit = new CopyLimit(servers, "limited", content, false, nowhere).find();
        assertThat(limit.seconds()).isFinite().isNotNegative();
        assertThat(limit.meaning()).contains("COPY out").containsPattern("format (text|binary)");
        assertThat(
                        Servers.string(
                                servers.destination(),
                                "postgres",
                                "SELECT count(*) FROM pg_database WHERE datname LIKE 'copied%'"))
                .isEqualTo("0");
    }

    /** Time of processors, not of clocks: what a session has used does not depend on the load. */
    @Test
    void sessionThatEndsJustNow_isCounted() throws SQLException {
        for (int i = 0; i < 20; i++) {
            CpuSeconds before = CpuSeconds.now(servers.source(), servers.destination());
            servers.source()
                    .execute("postgres", "SELECT sum(sqrt(g)) FROM generate_series(1, 1000000) g");
            CpuSeconds used = CpuSeconds.now(servers.source(), servers.destination()).minus(before);
            assertThat(used.source()).isGreaterThan(0.02);
        }
    }

    @Test
    void probe_seesEveryRowThatItCommitted() throws SQLException {
        servers.source().createDatabase("probed");
        servers.source().execute("probed", Probe.TABLE);
        // one server is its own other side: what is committed is there at once
        try (Probe probe = new Probe(servers.source(), "probed", servers.source(), "probed")) {
            while (!probe.hasArrived()) {
                Thread.onSpinWait();
            }
            probe.end(60);
            assertThat(probe.delays()).isNotEmpty().isSorted().allMatch(Double::isFinite);
        }
    }
}
