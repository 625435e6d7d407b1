package warp.migration;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import warp.config.SlotNames;
import warp.error.FaultPoint;
import warp.model.OutputPlugin;
import warp.postgres.Connector;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.postgres.wire.WireSession;
import warp.progress.EventLog;
import warp.progress.StopSignal;

/** Makes publication and slot at the source, saying what it waits for. */
final class SlotCreation {

    private static final Duration PATIENCE_BEFORE_A_WORD = Duration.ofSeconds(3);

    private final Connector source;
    private final String slot;
    private final EventLog log;
    private final StopSignal stop;

    SlotCreation(Connector source, String slot, EventLog log, StopSignal stop) {
        this.source = source;
        this.slot = slot;
        this.log = log;
        this.stop = stop;
    }

    /** Drops the slot and the publication that an interrupted run of this migration made. */
    void dropLeftovers(Session session) throws InterruptedException {
        SourceCatalog catalog = new SourceCatalog(session);
        SlotRelease.await(catalog, slot, true, stop);
        if (catalog.slot(slot).isPresent()) {
            catalog.dropSlot(slot);
        }
        catalog.publicationsAmong(List.of(slot, SlotNames.insertsPublication(slot)))
                .forEach(catalog::dropPublication);
    }

    /**
     * Makes them, anew where they are there. The publication comes first: the plugin looks it up as
     * it was when the slot began.
     *
     * @param walsender opens the session that makes the slot
     */
    ExportedSnapshot create(
            Session session,
            OutputPlugin plugin,
            Published published,
            Supplier<WireSession> walsender)
            throws InterruptedException {
        dropLeftovers(session);
        SourceCatalog catalog = new SourceCatalog(session);
        if (plugin == OutputPlugin.PGOUTPUT) {
            log.info("Creating publication on source...");
            FaultPoint.PUBLICATION_MADE.before();
            catalog.createPublication(slot, published.whole());
            if (!published.insertsOnly().isEmpty()) {
                catalog.createInsertsPublication(
                        SlotNames.insertsPublication(slot), published.insertsOnly());
            }
            FaultPoint.PUBLICATION_MADE.after();
        }
        log.info("Creating replication slot on source...");
        return createSlot(
                walsender,
                stream -> {
                    FaultPoint.SLOT_MADE.before();
                    return ExportedSnapshot.create(stream, slot, plugin, session.version());
                });
    }

    /**
     * A snapshot of now, by a slot of its own that is there for nothing else: from 10 on it is gone
     * with the snapshot, before it stays until {@link #dropTemporary}.
     */
    ExportedSnapshot createTemporary(Session session, OutputPlugin plugin)
            throws InterruptedException {
        dropTemporary(session);
        String name = TableCopying.slotName(slot);
        return createSlot(
                source::openReplication,
                stream -> {
                    FaultPoint.SLOT_MADE.before();
                    return ExportedSnapshot.createTemporary(
                            stream, name, plugin, session.version());
                });
    }

    /** Drops what {@link #createTemporary} has made, here or in a run that was killed. */
    void dropTemporary(Session session) throws InterruptedException {
        SourceCatalog catalog = new SourceCatalog(session);
        String name = TableCopying.slotName(slot);
        SlotRelease.await(catalog, name, true, stop);
        if (catalog.slot(name).isPresent()) {
            catalog.dropSlot(name);
        }
    }

    private ExportedSnapshot createSlot(
            Supplier<WireSession> walsender, Function<WireSession, ExportedSnapshot> creation) {
        WireSession session = walsender.get();
        // A walsender that waits for other transactions does not notice that nobody listens any
        // more.
        Runnable abort =
                () ->
                        Thread.ofVirtual()
                                .start(() -> {
                                    session.cancel();
                                    session.abort();
                                });
        stop.onStop(abort);
        try (Ticker _ = new Ticker("slot-wait", PATIENCE_BEFORE_A_WORD, this::sayWhatWeWaitFor)) {
            ExportedSnapshot snapshot = creation.apply(session);
            FaultPoint.SLOT_MADE.after();
            return snapshot;
        } catch (RuntimeException problem) {
            session.close();
            throw problem;
        } finally {
            stop.forget(abort);
        }
    }

    private void sayWhatWeWaitFor() {
        try (Session session = source.open()) {
            List<String> open = new SourceCatalog(session).openTransactions();
            if (!open.isEmpty()) {
                log.warn(
                        "The slot waits for transactions that were open before it: "
                                + String.join("; ", open),
                        List.of(
                                "They must end first; a transaction left open by mistake can be"
                                        + " ended with pg_terminate_backend."));
            }
        } catch (warp.error.WarpException problem) {
            log.detail("What the slot waits for could not be read: " + problem.report());
        }
    }
}
