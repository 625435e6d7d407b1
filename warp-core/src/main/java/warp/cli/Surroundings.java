package warp.cli;

import java.time.Clock;
import warp.config.Environment;
import warp.console.TerminalLog;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.migration.Migrations;
import warp.progress.Prompt;
import warp.progress.StopSignal;

/**
 * Everything of the machine that a command may touch, so that a test can hand in its own.
 *
 * @param program the name that Warp was called by: {@code warp} or {@code citus_warp}
 * @param listen from now on signals request the stop
 */
record Surroundings(
        Environment environment,
        TerminalLog.Screen screen,
        Prompt prompt,
        Clock clock,
        StopSignal stop,
        Migrations migrations,
        String program,
        Runnable listen) {

    /** Whether the error is only how a requested stop looks: a question that it cut short. */
    boolean endedBy(WarpException problem) {
        boolean stopping =
                problem.code() == ErrorCode.INTERRUPTED || problem.code() == ErrorCode.REFUSED;
        return stopping && stop.requested();
    }
}
