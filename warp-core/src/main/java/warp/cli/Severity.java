package warp.cli;

import java.util.Collection;
import java.util.List;
import warp.error.ExitCode;

/** Which of several migrations' ends is the end of the process. */
final class Severity {

    private static final List<ExitCode> WORST_FIRST =
            List.of(
                    ExitCode.DEFECT,
                    ExitCode.NEEDS_PERSON,
                    ExitCode.UNREACHABLE,
                    ExitCode.DIFFERENT,
                    ExitCode.CHECK_FAILED,
                    ExitCode.USAGE,
                    ExitCode.INCOMPLETE,
                    ExitCode.TERMINATED,
                    ExitCode.INTERRUPTED,
                    ExitCode.DONE);

    private Severity() {}

    /** The most severe; {@code DONE} of none. */
    static ExitCode worst(Collection<ExitCode> codes) {
        return WORST_FIRST.stream().filter(codes::contains).findFirst().orElse(ExitCode.DONE);
    }
}
