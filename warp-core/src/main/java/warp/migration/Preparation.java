package warp.migration;

import java.util.List;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Table;
import warp.model.TablePair;
import warp.plan.TablePatterns;
import warp.plan.TableSelection;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.progress.EventLog;

/**
 * Looks at both servers before anything is touched, and says everything that stands in the way at
 * once.
 */
final class Preparation {

    private final MigrationSettings settings;
    private final Session source;
    private final Session destination;
    private final EventLog log;

    Preparation(MigrationSettings settings, Session source, Session destination, EventLog log) {
        this.settings = settings;
        this.source = source;
        this.destination = destination;
        this.log = log;
    }

    /**
     * The tables to move, with what receives them.
     *
     * @param resuming whether slot and publication of this name are this migration's own
     * @throws WarpException CHECK where something stands in the way; it was all reported before
     */
    List<TablePair> inspect(boolean resuming) {
        log.detail("resuming " + resuming);
        List<Table> chosen =
                TableSelection.choose(
                        Catalog.tables(source),
                        TablePatterns.of(settings.tables(), settings.excludedTables()),
                        Catalog.partitionAncestors(source));
        if (chosen.isEmpty()) {
            throw new WarpException(ErrorCode.CHECK, "no table");
        }
        return TableSelection.pair(chosen, Catalog.tables(destination));
    }
}
