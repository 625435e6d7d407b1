package warp.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import warp.console.FileLog;
import warp.console.MigrationLog;
import warp.error.ExitCode;

/** What happens to an exception that nobody expected. */
final class Defects {

    private Defects() {}

    /** Writes the stack trace to the file and one line to the terminal; the code is 70. */
    static ExitCode report(Throwable defect, MigrationLog terminal, Path file, Clock clock) {
        String what = "This is a defect in Warp, please report it: " + defect.getClass().getName();
        try (FileLog log = new FileLog(file, clock, true, terminal)) {
            log.traceAlways(what, defect);
            if (log.isIncomplete()) {
                unwritten(defect, what, terminal, file);
            } else {
                terminal.error(what, List.of("the stack trace is at the end of " + file));
            }
        } catch (RuntimeException unwritable) {
            unwritten(defect, what, terminal, file);
        }
        return ExitCode.DEFECT;
    }

    private static void unwritten(Throwable defect, String what, MigrationLog terminal, Path file) {
        StackTraceElement[] trace = defect.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        terminal.error(what + where, List.of(file + " could not be written"));
    }
}
