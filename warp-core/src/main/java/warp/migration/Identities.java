package warp.migration;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.DeclaredIdentity;
import warp.model.IdentityChange;
import warp.model.Side;
import warp.model.TableName;
import warp.postgres.IdentityCatalog;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.StopSignal;
import warp.sql.SourceStatements;
import warp.state.IdentityStore;

/**
 * Declares at the source the replica identities that were chosen for tables without a key, and puts
 * back what stood there before: the only alteration of the source's tables there is.
 *
 * <p>What is going to be altered stands in {@code warp.identity} at the destination before it is
 * altered, and until it was put back: whatever dies in between, the next run declares it once more
 * and {@code --clean} knows what was there. It is declared before the publication is made and put
 * back after that is gone, since publishing a table without an identity makes the application's own
 * UPDATE fail. What somebody else has declared meanwhile is left alone.
 */
final class Identities {

    private static final int ATTEMPTS_MAX = 60;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final IdentityCatalog source;
    private final IdentityStore store;
    private final EventLog log;
    private final StopSignal stop;

    Identities(Session source, Session destination, String slot, EventLog log, StopSignal stop) {
        this.source = new IdentityCatalog(source);
        this.store = new IdentityStore(destination, slot);
        this.log = log;
        this.stop = stop;
    }

    /**
     * Declares them.
     *
     * @throws WarpException TRANSIENT where somebody holds a table for longer than a minute; the
     *     same command goes on
     */
    void declare(List<IdentityChange> changes) throws InterruptedException {
        if (changes.isEmpty()) {
            return;
        }
        store.note(changes);
        for (IdentityChange change : changes) {
            log.info("On source: " + SourceStatements.replicaIdentity(change.table(), change.to()));
            alter(change.table(), change.to());
        }
    }

    /** Puts back what stood there before; after the publication is gone. */
    void putBack() throws InterruptedException {
        for (IdentityChange change : store.all()) {
            Optional<DeclaredIdentity> now = source.declared(change.table());
            if (now.isPresent() && now.get().equals(change.to())) {
                putBack(change);
            } else if (now.isPresent() && !now.get().equals(change.from())) {
                log.warn(
                        "The replica identity of %s was changed by somebody else and stays as it is"
                                .formatted(change.table()),
                        List.of("It was before: " + statement(change)));
            }
            store.settle(change.table());
        }
    }

    private void putBack(IdentityChange change) throws InterruptedException {
        List<String> publications = source.publications(change.table());
        if (!publications.isEmpty()) {
            log.warn(
                    "%s keeps its replica identity: publication %s needs it"
                            .formatted(change.table(), String.join(", ", publications)),
                    List.of("Run at the source when that is gone: " + statement(change)));
            return;
        }
        log.info("On source: " + SourceStatements.replicaIdentity(change.table(), change.from()));
        alter(change.table(), change.from());
    }

    private static String statement(IdentityChange change) {
        return SourceStatements.replicaIdentity(change.table(), change.from()) + ";";
    }

    private void alter(TableName table, DeclaredIdentity identity) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                source.declare(table, identity);
                return;
            } catch (WarpException problem) {
                if (problem.code() != ErrorCode.TRANSIENT || attempt == ATTEMPTS_MAX) {
                    throw problem.hint(
                            "Whoever holds the table must let go of it: SELECT pid, query FROM"
                                    + " pg_stat_activity WHERE state <> 'idle';");
                }
                if (attempt == 1) {
                    log.warn("%s is in use; trying again every second".formatted(table));
                }
            }
            if (stop.requested()) {
                throw new WarpException(
                                ErrorCode.INTERRUPTED, "stopped while " + table + " is in use")
                        .at(Side.SOURCE);
            }
            Thread.sleep(PAUSE);
        }
    }
}
