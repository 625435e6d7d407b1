package warp.migration;

import java.util.List;
import java.util.Optional;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.OutputPlugin;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Catalog;
import warp.postgres.ExportedSnapshot;
import warp.postgres.ReplicationSlot;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.preflight.PreflightReport;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.state.MigrationStore;

/** {@code --skip-initial-sync}: replicating into a database that was filled by other means. */
record ReplicateOnly(
        MigrationSettings settings,
        Ends ends,
        EventLog log,
        StopSignal stop,
        MigrationStore store) {

    /** Replicates from the slot's position where it is there already, else from now on. */
    void begin(
            Session source,
            Session destination,
            OutputPlugin plugin,
            PreflightReport report,
            Walsender walsender)
            throws InterruptedException {
        List<Table> sources = report.chosen();
        List<TableName> names = sources.stream().map(Table::name).toList();
        Optional<ReplicationSlot> slot = new SourceCatalog(source).slot(settings.slot());
        List<TablePair> pairs = report.pairing().pairs(sources, Catalog.receivers(destination));
        if (slot.isPresent()) {
            log.info(
                    "Slot %s exists: replicating what it holds, from %s on."
                            .formatted(settings.slot(), slot.get().confirmed()));
            store.beginReplication(slot.get().confirmed(), names);
            KnownTables.remember(source, destination, settings.slot(), pairs);
            return;
        }
        log.warn(
                "Replicating from now on: everything committed before must be at the destination"
                        + " already",
                List.of("Without --skip-initial-sync, Warp copies it."));
        try (ExportedSnapshot snapshot =
                new SlotCreation(ends.source(), settings.slot(), log, stop)
                        .create(
                                source,
                                plugin,
                                Published.of(sources, report.pairing()),
                                walsender::take)) {
            store.beginReplication(snapshot.consistentPoint(), names);
            KnownTables.remember(source, destination, settings.slot(), pairs);
        }
    }

    /** What it must not go on from. */
    static WarpException halfCopied() {
        return new WarpException(
                        ErrorCode.STATE,
                        "a copy into these tables was interrupted: the data is not all there")
                .at(Side.DESTINATION)
                .hint("Without --skip-initial-sync the same command copies it again.");
    }
}
