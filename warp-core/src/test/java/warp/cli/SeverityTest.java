package warp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import warp.error.ExitCode;

class SeverityTest {

    @Test
    void worstOfSeveral_isTheProcesss() {
        assertThat(Severity.worst(List.of())).isEqualTo(ExitCode.DONE);
        assertThat(
                        Severity.worst(
                                List.of(ExitCode.DONE, ExitCode.INTERRUPTED, ExitCode.TERMINATED)))
                .isEqualTo(ExitCode.TERMINATED);
        assertThat(Severity.worst(List.of(ExitCode.UNREACHABLE, ExitCode.NEEDS_PERSON)))
                .isEqualTo(ExitCode.NEEDS_PERSON);
    }

    @Test
    void everyCode_hasItsPlace() {
        for (ExitCode code : ExitCode.values()) {
            assertThat(Severity.worst(List.of(ExitCode.DONE, code))).isEqualTo(code);
        }
    }
}
