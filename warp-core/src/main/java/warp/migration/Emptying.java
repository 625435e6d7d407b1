package warp.migration;

import java.util.List;
import warp.config.ConnectionSettings;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Prompt;
import warp.sql.DestinationStatements;

/**
 * Empties the destination's tables before a copy: never rows that a person has not agreed to lose.
 */
final class Emptying {

    private static final int NAMES_SHOWN = 10;

    private final MigrationSettings settings;
    private final EventLog log;

    Emptying(MigrationSettings settings, EventLog log) {
        this.settings = settings;
        this.log = log;
    }

    /**
     * Asks whether the tables may be truncated, where any of them has rows.
     *
     * @param filled those that have rows
     * @throws WarpException REFUSED where the answer is not yes
     */
    void requireConsent(List<TableName> filled, Prompt prompt) {
        if (filled.isEmpty() || settings.assumeYes()) {
            return;
        }
        ConnectionSettings where = settings.destination();
        String question =
                "Run TRUNCATE on destination: %s (tables with rows: %s)"
                        .formatted(where.display(), shown(filled));
        if (!prompt.confirm(question)) {
            throw new WarpException(
                            ErrorCode.REFUSED,
                            "the destination's tables may not be truncated: nothing was changed")
                    .at(Side.DESTINATION)
                    .hint("Answer yes, or give --yes; or leave tables out with --exclude-table.");
        }
    }

    private static String shown(List<TableName> tables) {
        String names =
                String.join(
                        ", ", tables.stream().limit(NAMES_SHOWN).map(TableName::toString).toList());
        return tables.size() > NAMES_SHOWN
                ? names + " and " + (tables.size() - NAMES_SHOWN) + " more"
                : names;
    }

    /** Truncates them all. */
    void truncate(Session destination, List<TablePair> tables) {
        if (tables.isEmpty()) {
            return;
        }
        log.info("Truncating destination tables...");
        destination.run(
                DestinationStatements.truncate(tables.stream().map(TablePair::name).toList()));
    }
}
