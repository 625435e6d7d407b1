package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ExitCode;

/** The rehearsal has no use where it ends earlier than what it rehearses. */
@Timeout(120)
class RehearsalTest {

    @TempDir Path folder;

    @Test
    void status_isRehearsedToItsEnd() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        ExitCode code =
                Rehearsal.status(folder, new PrintStream(printed, true, StandardCharsets.UTF_8));

        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isEqualTo(ExitCode.DONE);
        assertThat(text)
                .contains(
                        "Phase     REPLICATE since 2000-01-01 00:00:00 UTC",
                        "Worker    Warp at 127.0.0.1",
                        "Copied    2 of 2 tables",
                        "Applied   up to 0/1000",
                        "Slot      is read, keeps ",
                        "\"phase\":\"REPLICATE\"")
                .doesNotContain("ERROR", "WARNING");
        assertThat(folder).isEmptyDirectory();
    }
}
