package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;

/** A rehearsed migration goes all the way, or the classes of the rest are not kept ready. */
@Timeout(120)
class RehearsalPgTest {

    private static final String TABLE = "CREATE TABLE one (id int PRIMARY KEY)";

    @TempDir Path folder;

    /** 15 is what the pg_dump at hand can read for sure. */
    @Test
    void everyCommand_ends() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PostgresServer source = PostgresServer.start("15");
                PostgresServer destination = PostgresServer.start("15")) {
            source.execute("postgres", TABLE, "INSERT INTO one SELECT generate_series(1, 100)");
            destination.execute("postgres", TABLE);

            List<ExitCode> codes =
                    Rehearsal.migrate(
                            source.uri("postgres"),
                            destination.uri("postgres"),
                            folder,
                            new PrintStream(printed, true, StandardCharsets.UTF_8));

            String text = printed.toString(StandardCharsets.UTF_8);
            assertThat(codes).as(text).hasSize(6).containsOnly(ExitCode.DONE);
            assertThat(text).contains("Copied public.one: 100 rows", "1 table copied");
        }
    }
}
