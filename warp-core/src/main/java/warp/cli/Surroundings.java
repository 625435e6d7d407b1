package warp.cli;

import java.time.Clock;
import warp.config.Environment;
import warp.console.TerminalLog;
import warp.migration.Migrations;
import warp.progress.Prompt;
import warp.progress.StopSignal;

/**
 * Everything of the machine that a command may touch, so that a test can hand in its own.
 *
 * @param program the name that Warp was called by: {@code warp} or {@code citus_warp}
 */
record Surroundings(
        Environment environment,
        TerminalLog.Screen screen,
        Prompt prompt,
        Clock clock,
        StopSignal stop,
        Migrations migrations,
        String program) {}
