package warp.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ErrorCode;
import warp.error.WarpException;

class ConfigMenuTest {

    private static final String CONFIG = "source: host=a\ndestination: host=b\n";

    @TempDir Path directory;
    private final Captured out = new Captured();

    private Path choose(String... answers) {
        return new ConfigMenu(new ScriptedPrompt(answers), out.stream()).choose(directory);
    }

    private void twoFiles() throws IOException {
        Files.writeString(directory.resolve(".karla.yaml"), CONFIG);
        Files.writeString(directory.resolve("zoe.yml"), CONFIG);
        Files.writeString(directory.resolve("compose.yaml"), "services: {}\n");
        Files.writeString(directory.resolve("notes.txt"), CONFIG);
    }

    @Test
    void menu_isTheAncestors() throws IOException {
        twoFiles();

        assertThat(choose("1")).isEqualTo(directory.resolve(".karla.yaml"));

        assertThat(out.text())
                .isEqualTo(
                        """
                        .default_custom_config.yaml config file not found, the following exist:
                        1) .karla.yaml
                        2) zoe.yml

                        Config file found: .karla.yaml
                        """);
    }

    @Test
    void fileName_canBeTypedToo() throws IOException {
        twoFiles();

        assertThat(choose("3", "compose.yaml", "", "zoe.yml"))
                .isEqualTo(directory.resolve("zoe.yml"));
        assertThat(out.text()).contains("That is none of them.");
    }

    @Test
    void noAndEndOfInput_endIt() throws IOException {
        twoFiles();

        for (String[] answers : new String[][] {{"n"}, {}}) {
            WarpException problem =
                    catchThrowableOfType(WarpException.class, () -> choose(answers));
            assertThat(problem.code()).isEqualTo(ErrorCode.REFUSED);
        }
    }

    @Test
    void noFileAtAll_saysHowToBegin() {
        WarpException problem = catchThrowableOfType(WarpException.class, () -> choose("1"));

        assertThat(problem.code()).isEqualTo(ErrorCode.CONFIG);
        assertThat(problem.report()).contains("warp --setup", "--source=");
    }
}
