package warp.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.error.ExitCode;
import warp.progress.StopSignal;

@Timeout(60)
class TerminalPromptTest {

    private final Captured out = new Captured();
    private final StopSignal stop = new StopSignal();

    private TerminalPrompt prompt(String input) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        return new TerminalPrompt(
                LineSource.of(new ByteArrayInputStream(bytes)), out.stream(), stop);
    }

    @Test
    void pipedLines_answerOneQuestionEach() {
        TerminalPrompt prompt = prompt("yes\r\nno\n päss \nlast");

        assertThat(prompt.confirm("Run TRUNCATE on destination?")).isTrue();
        assertThat(prompt.confirm("Again?")).isFalse();
        assertThat(prompt.secret("Password: ")).contains(" päss ");
        assertThat(prompt.line("Last: ")).contains("last");
        assertThat(prompt.line("More: ")).isEmpty();
        assertThat(out.text())
                .startsWith(
                        "Run TRUNCATE on destination?\n"
                                + "Please type yes or no and then press enter: ")
                .doesNotContain("päss");
    }

    @Test
    void endOfInput_meansNo() {
        assertThat(prompt("").confirm("Sure?")).isFalse();
    }

    @Test
    void nonsense_isAskedAgain() {
        assertThat(prompt("maybe\n\nY\n").confirm("Sure?")).isTrue();
    }

    @Test
    void question_cannotSteerTheTerminal() {
        prompt("x").line("drop \u001b[2J? ");

        assertThat(out.text()).isEqualTo("drop \\u001b[2J? ");
    }

    @Test
    void stopWhileAQuestionIsOpen_answersNo() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        LineSource never =
                hidden -> {
                    reading.countDown();
                    try {
                        over.await();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                    return null;
                };
        Thread presser =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                reading.await();
                                stop.request(ExitCode.INTERRUPTED);
                            } catch (InterruptedException ended) {
                                Thread.currentThread().interrupt();
                            }
                        });

        assertThat(new TerminalPrompt(never, out.stream(), stop).confirm("Sure?")).isFalse();

        over.countDown();
        presser.join();
    }
}
