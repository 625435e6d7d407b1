package warp.migration;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import warp.config.MigrationSettings;
import warp.copy.staging.StagedFiles;
import warp.model.TableName;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.sql.AdvanceStatements;
import warp.state.CopyStore;
import warp.state.MigrationStore;

/**
 * What an interrupted copy has left in files. Their rows are as of the snapshot that the tables are
 * noted down with, so they are loaded as if nothing had happened, before another snapshot is taken
 * and noted down: from then on no chunk of theirs could be marked any more.
 */
final class LeftFiles {

    private LeftFiles() {}

    /**
     * Loads them; does nothing where there are none, or the slot has lost what came after.
     *
     * @return whether nothing is missing any more: then phase INDEX has begun
     */
    static boolean load(
            Session source,
            Session destination,
            MigrationSettings settings,
            CopyPhase copy,
            MigrationStore store)
            throws InterruptedException {
        Optional<StagedFiles> files =
                copy.files().left(new CopyStore(destination, settings.slot()).copying());
        if (files.isEmpty() || store.progress().isEmpty()) {
            return false;
        }
        boolean changesAreKept =
                new SourceCatalog(source)
                        .slot(settings.slot())
                        .filter(slot -> slot.loss().isEmpty())
                        .isPresent();
        if (!changesAreKept) {
            return false;
        }
        copy.spooling().begin(source, destination);
        Set<TableName> keepChunks = new HashSet<>();
        KnownPairs.read(source, destination, store, settings).stream()
                .filter(AdvanceStatements::canAdvance)
                .forEach(pair -> keepChunks.add(pair.name()));
        boolean all = copy.load(destination, files.get(), keepChunks);
        if (!all) {
            copy.spooling().close(); // The slot is looked at next.
        }
        return all;
    }
}
