package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import warp.error.WarpException;

class GrammarTest {

    private static Invocation parse(String... words) {
        return Grammar.parse(List.of(words));
    }

    @Test
    void values_standAfterABlankOrAnEqualsSign() {
        Invocation invocation = parse("-s", "host=a b", "-d=x=y", "--slot=", "-t", "-x", "-t=b");

        assertThat(invocation.value(Switch.SOURCE)).contains("host=a b");
        assertThat(invocation.value(Switch.DESTINATION)).contains("x=y");
        assertThat(invocation.value(Switch.SLOT)).contains("");
        assertThat(invocation.values(Switch.TABLE)).containsExactly("-x", "b");
        assertThat(invocation.command()).isEqualTo(Command.RUN);
    }

    @Test
    void aSwitch_isNotTakenForAValue() {
        assertThatThrownBy(() -> parse("--source", "--destination=x"))
                .isInstanceOf(WarpException.class)
                .hasMessage("--source needs a value");
        assertThatThrownBy(() -> parse("--slot"))
                .isInstanceOf(WarpException.class)
                .hasMessage("--slot needs a value");
    }

    @Test
    void aValueThatMayBeMissing_isAWordThatIsNoSwitch() {
        assertThat(parse("--log", "f").value(Switch.LOG)).contains("f");
        assertThat(parse("--log", "--yes").value(Switch.LOG)).contains("");
        assertThat(parse("--log", "check").value(Switch.LOG)).contains("");
        assertThat(parse("--log").value(Switch.LOG)).contains("");
    }

    @Test
    void oneCommand_standsAnywhere() {
        assertThat(parse("--yes", "check", "-v").command()).isEqualTo(Command.CHECK);
        assertThat(parse("--yes", "--", "check").command()).isEqualTo(Command.CHECK);
        assertThatThrownBy(() -> parse("check", "S3cr3t"))
                .isInstanceOf(WarpException.class)
                .hasMessage("a word that is neither a switch nor a command");
        assertThatThrownBy(() -> parse("--", "--yes"))
                .isInstanceOf(WarpException.class)
                .hasMessageStartingWith("unknown switch --yes");
        assertThatThrownBy(() -> parse("-slott=S3cr3t"))
                .isInstanceOf(WarpException.class)
                .hasMessage("unknown switch -slott; did you mean --slot?");
    }
}
