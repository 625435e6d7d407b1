package warp.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warp.sandbox.PostgresServer;

/** What {@code ./package} makes runs by itself: unpacked anywhere, by a link, from any folder. */
@Timeout(300)
class PackagedPgTest {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir Path folder;
    private Path root;
    private Path warp;

    /** How a program ended. */
    private record Ended(int code, String printed) {}

    @BeforeEach
    void unpack() throws Exception {
        // The build packs Warp before it comes here; to compile alone does not.
        assumeTrue(Files.exists(HOME.resolve("warp-core/target/warp.jar")));
        Path out = Files.createDirectory(folder.resolve("out"));
        Ended packed = run(folder, HOME.resolve("scripts/pack").toString(), out.toString());
        assertThat(packed.code()).as(packed.printed()).isZero();
        Path elsewhere = Files.createDirectory(folder.resolve("else where"));
        run(elsewhere, "tar", "-xzf", packed.printed().strip());
        try (Stream<Path> roots = Files.list(elsewhere)) {
            root = roots.findFirst().orElseThrow();
            warp = root.resolve("bin/warp");
        }
        try (Stream<Path> left = Files.list(out)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void runsThroughALink_fromAnyFolder_withTheClassesOfTheRehearsal() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("citus_warp"), warp);

        Ended help = run(Path.of("/"), link.toString(), "--help");
        Ended version = run(folder, warp.toString(), "--version");

        assertThat(help.code()).isZero();
        assertThat(help.printed()).startsWith("Usage: citus_warp [COMMAND]");
        assertThat(version.printed().strip())
                .isEqualTo(String.valueOf(root.getFileName()).replace("warp-", "warp "));
        assertThat(root.resolve("lib/warp.aot")).isNotEmptyFile();
        assertThat(root.resolve("docs/status.md")).isNotEmptyFile();
        assertThat(run(folder, warp.toString(), "demo").code()).isEqualTo(2);
    }

    @Test
    void aCacheThatDoesNotFit_isPassedOverInSilence() throws Exception {
        Path cache = root.resolve("lib/warp.aot");
        Files.writeString(cache, "not a cache");

        Ended version = run(folder, warp.toString(), "--version");

        assertThat(version.code()).isZero();
        assertThat(version.printed().lines()).hasSize(1);
    }

    @Test
    void checksTwoServers() throws Exception {
        try (PostgresServer source = PostgresServer.start("18");
                PostgresServer destination = PostgresServer.start("18")) {
            prepare(source);
            prepare(destination);

            Ended check =
                    run(
                            folder,
                            warp.toString(),
                            "check",
                            "--source=" + source.uri("shop"),
                            "--destination=" + destination.uri("shop"));

            assertThat(check.code()).as(check.printed()).isZero();
            assertThat(check.printed()).contains("Both servers are ready for a migration.");
        }
    }

    private static void prepare(PostgresServer server) throws SQLException {
        server.createDatabase("shop");
        server.execute("shop", "CREATE TABLE item (id int PRIMARY KEY)");
    }

    /** Runs it to its end, with the JDK of this test. */
    private static Ended run(Path directory, String... words)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(new ArrayList<>(List.of(words)))
                        .directory(directory.toFile())
                        .redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PG") || name.startsWith("WARP"));
        builder.environment().put("WARP_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), printed);
    }
}
