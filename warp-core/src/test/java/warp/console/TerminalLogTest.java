package warp.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalLogTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2021-07-23T21:33:06.146Z"), ZoneId.of("Asia/Tokyo"));

    private final Captured out = new Captured();
    private final Captured err = new Captured();

    private TerminalLog log(String migration, boolean verbose, boolean colour) {
        return new TerminalLog(
                new TerminalLog.Screen(out.stream(), err.stream(), colour),
                CLOCK,
                migration,
                verbose);
    }

    @Test
    void event_hasTheAncestorsForm() {
        log("", false, false).info("Creating replication slot on source...");

        assertThat(out.text())
                .isEqualTo("2021-07-23 21:33:06.146 UTC: Creating replication slot on source...\n");
        assertThat(err.text()).isEmpty();
    }

    @Test
    void oneOfSeveralMigrations_isNamedInEachLine() {
        TerminalLog log = log("karla", false, false);
        log.info("Started replication");
        log.warn("slow", List.of("wait"));

        assertThat(out.text())
                .isEqualTo("2021-07-23 21:33:06.146 UTC: [karla] Started replication\n");
        assertThat(err.text()).isEqualTo("WARNING: [karla] slow\nHINT: [karla] wait\n");
    }

    @Test
    void warningsAndErrors_goToStandardErrorWithTheirHints() {
        TerminalLog log = log("", false, false);
        log.warn("row-level security hides rows", List.of("ALTER ROLE app BYPASSRLS;"));
        log.error("source: no such database", List.of());

        assertThat(out.text()).isEmpty();
        assertThat(err.text())
                .isEqualTo(
                        """
                        WARNING: row-level security hides rows
                        HINT: ALTER ROLE app BYPASSRLS;
                        ERROR: source: no such database
                        """);
    }

    @Test
    void namesFromADatabase_cannotSteerTheTerminal() {
        log("", false, false)
                .info(
                        "Copied \u001b]0;evil\u0007\u009b31m\n"
                                + "2021-01-01 fake\r"
                                + "\u202e\u2028 tab\t é 🐘");

        assertThat(out.text())
                .endsWith(
                        "Copied \\u001b]0;evil\\u0007\\u009b31m\\n2021-01-01 fake\\r\\u202e\\u2028"
                                + " tab\\t é 🐘\n");
        assertThat(out.text().lines()).hasSize(1);
    }

    @Test
    void details_areShownOnlyWhenAskedFor() {
        log("", false, false).detail("hidden");
        log("", true, false).detail("shown");

        assertThat(out.text()).contains("shown").doesNotContain("hidden");
    }

    @Test
    void stackTrace_isNeverShown() {
        log("", true, false).trace("failed", new IllegalStateException("inner"));

        assertThat(out.text() + err.text()).isEmpty();
    }

    @Test
    void colour_isUsedForTheLabelAlone() {
        log("", false, true).error("broken", List.of("mend"));

        assertThat(err.text()).isEqualTo("\u001b[31mERROR:\u001b[0m broken\nHINT: mend\n");
    }
}
