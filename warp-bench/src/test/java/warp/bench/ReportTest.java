package warp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return new Measurement(what, 1, seconds, new CpuSeconds(0.5, 1, 2), 30 << 20, 0.1, failure);
    }

    @Test
    void limit_isComparedWithTheMedian() {
        Report report = report(run("Warp", 4, null));
        String table =
                new Report(
                                report.about(),
                                report.runs(),
                                Optional.of(new Report.Limit(3, "by reckoning")))
                        .table();
        assertThat(table)
                .contains("limit: 3.00 s, by reckoning")
                .contains("| Warp | 4.00 s | 4.00–4.00 s | 1.00 | 75 % | 0.50 s |");
    }

    @Test
    void aim_isMetOrMissed() {
        AimReport report =
                new AimReport(
                        report().about(),
                        new Runs(List.of(run("quick", 0.1, null), run("slow", 4, null))),
                        Map.of(
                                "quick", AimReport.Aim.seconds(0.15),
                                "slow", AimReport.Aim.megabytes(20)));
        assertThat(report.table())
                .contains("| quick | 0.10 s | 0.10–0.10 s | 0.15 s, met |")
                .contains("| slow | 4.00 s | 4.00–4.00 s | – |")
                .contains("| 30 MB | 20 MB, missed |");
    }

    @Test
    void figure_thatThereIsNone_isADash() {
        FigureReport report =
                new FigureReport(
                        report().about(),
                        List.of(
                                new FigureReport.Column("time", "%.1f s"),
                                new FigureReport.Column("share", "%.0f %%")),
                        List.of(
                                new FigureReport.Row("one", List.of(1.25, 50.4), 0.1, null),
                                new FigureReport.Row(
                                        "other", List.of(2.0, Double.NaN), 0.1, "it broke")));
        assertThat(report.complete()).isFalse();
        assertThat(report.table())
                .contains("| what | time | share |\n|---|--:|--:|\n")
                .contains("| one | 1.3 s | 50 % |")
                .contains("| other (FAILED) | 2.0 s | – |");
    }

    private static Report report(Measurement... runs) {
        return new Report(
                new Circumstances(
                        "copy",
                        Instant.EPOCH,
                        "everything",
                        "15.1",
                        Map.of("fsync", "off"),
                        List.of("pg_dump 15"),
                        Machine.now()),
                new Runs(List.of(runs)),
                Optional.empty());
    }
}
