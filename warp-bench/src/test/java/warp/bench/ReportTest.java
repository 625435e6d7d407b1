package warp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    @Test
    void table_showsMedianSpreadAndRatioOfEach() {
        Report report =
                report(
                        run("Warp", 4, null),
                        run("Warp", 2, null),
                        run("Warp", 9, null),
                        run("other", 6, null),
                        run("other", 8, null));
        assertThat(report.complete()).isTrue();
        assertThat(report.table())
                .contains("| Warp | 4.00 s | 2.00–9.00 s | 1.00 | 0.50 s | 1.00 s | 2.00 s |")
                .contains("| other | 7.00 s | 6.00–8.00 s | 1.75 |");
    }

    @Test
    void failedRun_doesNotCountAndIsShown() {
        Report report =
                report(
                        run("Warp", 4, null),
                        run("other", 1, "rows are missing"),
                        run("other", 8, null));
        assertThat(report.complete()).isFalse();
        assertThat(report.table()).contains("| other (failed: 1) | 8.00 s | 8.00–8.00 s | 2.00 |");
    }

    @Test
    void contestantThatAlwaysFailed_hasNoTime() {
        Report report = report(run("Warp", 4, "broken"), run("other", 8, null));
        assertThat(report.table())
                .contains("| Warp (failed: 1) | – |")
                .contains("| other | 8.00 s");
    }

    @Test
    void file_holdsEveryRun(@TempDir Path folder) throws IOException {
        Path file =
                report(run("Warp", 4, null), run("other", 1, "it \"broke\""))
                        .write(folder)
                        .getFirst();
        JsonNode runs = new JsonMapper().readTree(Files.readString(file)).get("runs");
        assertThat(runs.size()).isEqualTo(2);
        assertThat(runs.get(0).get("seconds").asDouble()).isEqualTo(4);
        assertThat(runs.get(1).get("failure").asString()).isEqualTo("it \"broke\"");
    }

    private static Measurement run(String what, double seconds, @Nullable String failure) {
        return new Measurement(what, 1, seconds, new CpuSeconds(0.5, 1, 2), 0.1, failure);
    }

    private static Report report(Measurement... runs) {
        return new Report(
                "copy",
                Instant.EPOCH,
                "everything",
                "15.1",
                Map.of("fsync", "off"),
                List.of("pg_dump 15"),
                Machine.now(),
                List.of(runs));
    }
}
