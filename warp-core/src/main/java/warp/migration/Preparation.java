package warp.migration;

import java.util.List;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.PgDump;
import warp.postgres.Session;
import warp.preflight.Finding;
import warp.preflight.Preflight;
import warp.preflight.PreflightReport;
import warp.progress.EventLog;

/**
 * Looks at both servers before anything is touched, and says everything that stands in the way at
 * once.
 */
final class Preparation {

    private final Preflight preflight;
    private final EventLog log;

    Preparation(MigrationSettings settings, Session source, Session destination, EventLog log) {
        this.preflight = new Preflight(source, destination, settings);
        this.log = log;
    }

    /**
     * Runs every check and reports what it found.
     *
     * @param resuming whether slot, publication and the destination's rows are this migration's own
     * @throws WarpException CHECK where something stands in the way; it was all reported before
     */
    PreflightReport inspect(boolean resuming) {
        log.info("Checking both servers...");
        return accepted(preflight.run(resuming));
    }

    /**
     * As {@link #inspect}, where the schema is still to be made: the report has the source's tables
     * and no pairs.
     */
    PreflightReport inspectBeforeSchema(boolean resuming) {
        log.info("Checking both servers...");
        PgDump.lookAround();
        return accepted(preflight.runBeforeSchema(resuming));
    }

    /**
     * Pairs the tables after their schema was made.
     *
     * @throws WarpException CONFLICT where any of them cannot take its rows
     */
    List<TablePair> inspectMade(List<TableName> moved) {
        PreflightReport report = preflight.runAfterSchema(moved);
        report.findings().forEach(this::say);
        int errors = report.of(Finding.Severity.ERROR).size();
        if (errors > 0) {
            throw new WarpException(
                            ErrorCode.CONFLICT,
                            "the new schema cannot take the rows: nothing was copied; each reason"
                                    + " stands above")
                    .at(Side.DESTINATION)
                    .hint(
                            "Mend the cause, or leave tables out with -T; the same command drops"
                                    + " what it made and starts again.");
        }
        return report.tables();
    }

    private PreflightReport accepted(PreflightReport report) {
        report.findings().forEach(this::say);
        List<Finding> errors = report.of(Finding.Severity.ERROR);
        if (!errors.isEmpty()) {
            throw new WarpException(
                            ErrorCode.CHECK,
                            (errors.size() == 1
                                            ? "a check failed"
                                            : errors.size() + " checks failed")
                                    + ": nothing was changed on either side")
                    .hint("What to do stands with each of them above; warp check looks again.");
        }
        return report;
    }

    private void say(Finding finding) {
        String line = finding.place() + finding.message();
        switch (finding.severity()) {
            case ERROR -> log.error(line, finding.hints());
            case WARNING -> log.warn(line, finding.hints());
            case NOTE -> {
                log.info("Note: " + line);
                finding.hints().forEach(hint -> log.info("      " + hint));
            }
        }
    }
}
