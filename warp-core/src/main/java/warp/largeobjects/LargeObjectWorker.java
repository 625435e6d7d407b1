package warp.largeobjects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.largeobjects.Runs.Run;
import warp.postgres.Connector;
import warp.postgres.ExportedSnapshot;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.progress.Patience;
import warp.sql.CopyStatements;
import warp.sql.LargeObjectStatements;
import warp.state.LargeObjectStore;

/**
 * Brings runs of large objects, with a session of its own at either side. No more than a few MB of
 * content are in memory at once, whatever the size of an object. For one thread.
 */
final class LargeObjectWorker implements AutoCloseable {

    /** Content of one transaction at the destination, where no single object is larger. */
    private static final long TRANSACTION_BYTES_MAX = 32L << 20;

    private final PassRequest request;
    private final String snapshot;
    private final Tally tally;
    private final Patience.Attempts attempts;
    private final Function<Connector, Session> opener;
    private @Nullable Ends ends;

    LargeObjectWorker(
            PassRequest request,
            String snapshot,
            Tally tally,
            Patience.Attempts attempts,
            Function<Connector, Session> opener) {
        this.request = request;
        this.snapshot = snapshot;
        this.tally = tally;
        this.attempts = attempts;
        this.opener = opener;
    }

    /** Both sessions, and what was asked of them once. */
    private record Ends(
            Session source, Session destination, Marks marks, LargeObjectStore store, String role)
            implements AutoCloseable {

        @Override
        public void close() {
            source.close();
            destination.close();
        }
    }

    private Ends ends() {
        Ends known = ends;
        if (known == null) {
            Session source = opener.apply(request.source());
            Session destination = opener.apply(request.destination());
            source.run(LargeObjectStatements.begin(java.util.Optional.of(snapshot)));
            if (request.snapshotName() != null) {
                // A crash there loses objects together with their rows.
                destination.run(CopyStatements.destinationSettings(false));
            }
            known =
                    new Ends(
                            source,
                            destination,
                            new Marks(source),
                            new LargeObjectStore(destination, request.slot()),
                            destination.queryOne("SELECT current_user AS role").text("role"));
            ends = known;
        }
        return known;
    }

    /**
     * Brings a run, again after passing failures: what is there by then is found there.
     *
     * @throws WarpException that names the run and the side; INTERRUPTED when to stop
     */
    void bring(Run run, BooleanSupplier stopped) throws InterruptedException {
        while (true) {
            try {
                bring(run, ends());
                attempts.succeeded();
                return;
            } catch (WarpException problem) {
                close();
                if (ExportedSnapshot.isLoss(problem)) {
                    throw ExportedSnapshot.gone(snapshot, problem);
                }
                if (stopped.getAsBoolean() || !attempts.again(explained(run, problem))) {
                    throw LargeObjectPass.interrupted();
                }
            }
        }
    }

    private static WarpException explained(Run run, WarpException problem) {
        WarpException explained =
                new WarpException(
                                problem.code(),
                                "large objects %d to %d: %s"
                                        .formatted(
                                                run.after() + 1, run.upTo(), problem.getMessage()),
                                problem)
                        .sqlState(problem.sqlState().orElse(null));
        problem.side().ifPresent(explained::at);
        problem.hints().forEach(explained::hint);
        return explained;
    }

    private void bring(Run run, Ends at) {
        Map<Long, String> known = at.store().marks(run.after(), run.upTo());
        Set<Long> wanted = new HashSet<>();
        run.objects().forEach(object -> wanted.add(object.oid()));
        Set<Long> gone = new HashSet<>(known.keySet());
        gone.removeAll(wanted);
        wanted.addAll(gone);
        Set<Long> present = present(at.destination(), wanted);
        List<LargeObject> readable = readable(run);
        Map<Long, String> marks =
                at.marks()
                        .now(
                                readable.stream()
                                        .filter(object ->
                                                at.marks().cheap()
                                                        || (known.containsKey(object.oid())
                                                                && present.contains(object.oid())))
                                        .toList());
        List<LargeObject> changed = new ArrayList<>();
        for (LargeObject object : readable) {
            String mark = known.get(object.oid());
            boolean there = present.contains(object.oid());
            if (mark == null && there && !request.replacing()) {
                tally.occupied(object.oid());
            } else if (mark == null || !there || !mark.equals(marks.get(object.oid()))) {
                changed.add(object);
            }
        }
        drop(at, gone, present);
        make(at, changed, present, at.marks().cheap() ? marks : Map.of());
    }

    private List<LargeObject> readable(Run run) {
        List<LargeObject> readable = new ArrayList<>();
        for (LargeObject object : run.objects()) {
            if (object.mayRead()) {
                readable.add(object);
            } else {
                tally.unreadable(object.oid());
            }
        }
        return readable;
    }

    private static Set<Long> present(Session destination, Set<Long> oids) {
        Set<Long> present = new HashSet<>();
        for (Row row : destination.query(LargeObjectStatements.PRESENT, texts(oids))) {
            present.add(row.number("oid"));
        }
        return present;
    }

    private static List<String> texts(Set<Long> oids) {
        return oids.stream().map(Object::toString).toList();
    }

    private void drop(Ends at, Set<Long> gone, Set<Long> present) {
        if (gone.isEmpty()) {
            return;
        }
        at.destination()
                .transaction(() -> {
                    Set<Long> there = new HashSet<>(gone);
                    there.retainAll(present);
                    at.destination().query(LargeObjectStatements.UNLINK, texts(there));
                    at.store().remove(gone);
                });
        tally.dropped(gone.size());
    }

    /**
     * @param marks of the objects; empty where they come of the content
     */
    private void make(
            Ends at, List<LargeObject> objects, Set<Long> present, Map<Long, String> marks) {
        Map<Long, Long> sizes = at.marks().sizes(objects);
        List<LargeObject> some = new ArrayList<>();
        long bytes = 0;
        for (LargeObject object : objects) {
            long size = Objects.requireNonNull(sizes.get(object.oid()));
            if (!some.isEmpty() && bytes + size > TRANSACTION_BYTES_MAX) {
                makeAtOnce(at, some, present, sizes, marks);
                some.clear();
                bytes = 0;
            }
            some.add(object);
            bytes += size;
        }
        if (!some.isEmpty()) {
            makeAtOnce(at, some, present, sizes, marks);
        }
    }

    private void makeAtOnce(
            Ends at,
            List<LargeObject> objects,
            Set<Long> present,
            Map<Long, Long> sizes,
            Map<Long, String> marks) {
        Session destination = at.destination();
        FaultPoint.LARGE_OBJECTS_MADE.before();
        long bytes =
                destination.transaction(() -> {
                    Set<Long> old = new HashSet<>();
                    objects.forEach(object -> old.add(object.oid()));
                    old.retainAll(present);
                    if (!old.isEmpty()) {
                        destination.query(LargeObjectStatements.UNLINK, texts(old));
                    }
                    Content content = new Content(at.source(), destination);
                    Map<Long, Marks.Digest> digests = content.copy(objects, sizes);
                    List<String> statements = new ArrayList<>();
                    Map<Long, String> noted = new HashMap<>();
                    for (LargeObject object : objects) {
                        statements.addAll(object.statements(request.access(), at.role()));
                        Marks.Digest digest = Objects.requireNonNull(digests.get(object.oid()));
                        String mark = marks.get(object.oid());
                        noted.put(
                                object.oid(), mark == null ? at.marks().of(object, digest) : mark);
                    }
                    if (!statements.isEmpty()) {
                        destination.run(String.join("; ", statements));
                    }
                    at.store().put(noted);
                    return content.bytes();
                });
        FaultPoint.LARGE_OBJECTS_MADE.after();
        tally.made(objects.size(), bytes);
    }

    /** Closes both sessions; the next run opens new ones. */
    @Override
    public void close() {
        Ends open = ends;
        ends = null;
        if (open != null) {
            open.close();
        }
    }
}
