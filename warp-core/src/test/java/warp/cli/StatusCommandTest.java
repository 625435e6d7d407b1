package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ExitCode;

/** The command line of {@code warp status}. */
class StatusCommandTest {

    private static final String SOURCE = "--source=postgresql://app:S3cr3t@old/shop";
    private static final String DESTINATION =
            "--destination=host=new dbname='my shop' user=app password=S3cr3t";

    @TempDir Path directory;
    private CommandRig rig;

    @BeforeEach
    void prepare() {
        rig = new CommandRig(directory);
    }

    @Test
    void theCommandToPaste_isTheSameWithoutSecretsAndQuestions() {
        assertThat(rig.run(SOURCE, DESTINATION, "--yes", "-T", "a b", "status"))
                .isEqualTo(ExitCode.DONE);

        assertThat(rig.migrations.calls()).containsExactly("status");
        assertThat(rig.out())
                .contains(
                        "citus_warp --source='host=old port=5432 dbname=shop user=app"
                                + " sslmode=prefer'",
                        "'host=new port=5432 dbname='\\''my shop'\\'' user=app sslmode=",
                        " --exclude-table='a b' --slot=citus_warp --testing")
                .doesNotContain("S3cr3t", "--yes");
    }

    @Test
    void severalConfigs_areToldOfOneByOne_eachWithItsOwnCommand() throws IOException {
        config("a.yaml");
        config("b.yaml");

        assertThat(rig.run("--config=a.yaml,b.yaml", "--json", "status")).isEqualTo(ExitCode.DONE);

        assertThat(rig.out().lines()).hasSize(2);
        assertThat(rig.out().lines().toList().getLast())
                .contains("\"name\":\"b\"", "b.yaml --slot=citus_warp_b --testing\"");
    }

    @Test
    void itsSwitches_areRefusedElsewhere() {
        assertThat(rig.run(SOURCE, DESTINATION, "--json")).isEqualTo(ExitCode.USAGE);
        assertThat(rig.err()).contains("--json is for warp status");
        assertThat(rig.run(SOURCE, DESTINATION, "check", "--watch")).isEqualTo(ExitCode.USAGE);
        assertThat(rig.err()).contains("--watch is for warp status");
        assertThat(rig.run(SOURCE, DESTINATION, "status", "--watch=soon"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(rig.err()).contains("--watch needs a time of at least 1s");
        assertThat(rig.migrations.calls()).isEmpty();
    }

    @Test
    void watch_doesNotTakeTheCommandForItsTime() {
        rig.stop.request(ExitCode.INTERRUPTED);

        assertThat(rig.run(SOURCE, DESTINATION, "--watch", "status"))
                .isEqualTo(ExitCode.INTERRUPTED);

        assertThat(rig.out()).isEqualTo("2021-07-23 21:33:06.146 UTC: citus_warp: no migration\n");
    }

    private void config(String name) throws IOException {
        Files.writeString(
                directory.resolve(name),
                "source: host=old dbname=%s\ndestination: host=new dbname=%s\n"
                        .formatted(name, name));
    }
}
