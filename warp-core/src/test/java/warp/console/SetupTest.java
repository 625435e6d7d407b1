package warp.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.config.ConfigFile;
import warp.config.ConnectionSettings;
import warp.config.ConnectionStrings;
import warp.config.Environment;
import warp.config.Secret;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

class SetupTest {

    private static final String[] ANSWERS = {
        "old", "", "app", "päss: \"word\"", "shop", "", "new", "5433", "ädmin", "", "shöp", "False"
    };

    @TempDir Path directory;
    private final Captured out = new Captured();
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve(ConfigFile.DEFAULT_NAME);
    }

    private boolean run(ScriptedPrompt prompt) {
        return new Setup(prompt, out.stream()).run(file, false);
    }

    private ConnectionSettings written(Side side) {
        Environment environment = new Environment(Map.of(), null, "osuser", directory);
        ConnectionStrings strings = new ConnectionStrings(environment, warning -> {});
        return strings.complete(side, ConfigFile.read(file, strings, warning -> {}).of(side));
    }

    private static ScriptedPrompt after(String... first) {
        String[] all = java.util.Arrays.copyOf(first, first.length + ANSWERS.length);
        System.arraycopy(ANSWERS, 0, all, first.length, ANSWERS.length);
        return new ScriptedPrompt(all);
    }

    @Test
    void questions_areTheAncestorsInItsOrder() {
        ScriptedPrompt prompt = after();

        assertThat(run(prompt)).isTrue();

        assertThat(prompt.questions())
                .containsExactly(
                        "Source Host: ",
                        "Source Port [5432]: ",
                        "Source Username: ",
                        "(hidden) Source Password (not shown while you type): ",
                        "Source Database: ",
                        "Source SSL Mode [require]: ",
                        "Destination Host: ",
                        "Destination Port [5432]: ",
                        "Destination Username: ",
                        "(hidden) Destination Password (not shown while you type): ",
                        "Destination Database: ",
                        "Destination SSL Mode [require]: ");
        assertThat(out.text())
                .contains("Leave empty to keep port \"5432\" as your source port.")
                .contains("Leave empty to keep SSL Mode as \"require\".")
                .doesNotContain("päss");
    }

    @Test
    void answers_areWrittenToAPrivateFile() throws IOException {
        run(after());

        ConnectionSettings source = written(Side.SOURCE);
        assertThat(source.display()).isEqualTo("old:5432/shop");
        assertThat(source.user()).isEqualTo("app");
        assertThat(source.secret()).contains(new Secret("päss: \"word\""));
        assertThat(source.tls().mode()).isEqualTo(SslMode.REQUIRE);
        ConnectionSettings destination = written(Side.DESTINATION);
        assertThat(destination.display()).isEqualTo("new:5433/shöp");
        assertThat(destination.secret()).isEmpty();
        assertThat(destination.tls().mode()).isEqualTo(SslMode.DISABLE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void nonsense_isAskedAgain() {
        ScriptedPrompt prompt =
                new ScriptedPrompt(
                        "",
                        "/tmp",
                        "http://x",
                        "a b",
                        "old",
                        "0",
                        "65536",
                        "port",
                        "5432",
                        "",
                        "app",
                        "pw",
                        "",
                        "shop",
                        "on",
                        "verify-full",
                        "new",
                        "",
                        "app",
                        "pw",
                        "shop",
                        "");

        assertThat(run(prompt)).isTrue();

        assertThat(prompt.unused()).isZero();
        assertThat(written(Side.SOURCE).tls().mode()).isEqualTo(SslMode.VERIFY_FULL);
        assertThat(out.text())
                .contains("A host name is needed.", "A port is a number from 1 to 65535.")
                .contains("A database name is needed.", "An SSL mode is one of disable");
    }

    @Test
    void endOfInput_writesNothing() {
        ScriptedPrompt prompt = new ScriptedPrompt("old", "5432", "app");

        WarpException problem = catchThrowableOfType(WarpException.class, () -> run(prompt));

        assertThat(problem.code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(file).doesNotExist();
    }

    @Test
    void existingFile_isKeptOnNo() throws IOException {
        Files.writeString(file, "mine");

        assertThat(run(new ScriptedPrompt("what?", "n"))).isFalse();

        assertThat(file).hasContent("mine");
        assertThat(out.text()).contains("Please answer y", "Kept ");
    }

    @Test
    void existingFile_isShownWithPasswordsHiddenAndThenAskedAboutAgain() throws IOException {
        run(after());
        ScriptedPrompt prompt = after("v", "y");
        String before = Files.readString(file);

        assertThat(run(prompt)).isTrue();

        assertThat(prompt.questions().subList(0, 2))
                .containsOnly(
                        "Custom input file exists, are you sure you want to overwrite it?"
                                + " [y/n/v]: ");
        assertThat(before).contains("päss");
        assertThat(out.text())
                .contains("source:\n  host: old\n", "  password: ***\n")
                .doesNotContain("päss");
    }
}
