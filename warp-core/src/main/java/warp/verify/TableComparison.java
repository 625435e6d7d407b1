package warp.verify;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Connector;
import warp.postgres.ExportedSnapshot;
import warp.postgres.wire.WireSession;
import warp.sql.SourceStatements;
import warp.sql.VerifyStatements;
import warp.sql.VerifyStatements.Hash;

/**
 * Compares tables of the source, as of a snapshot, with those of a destination that nobody writes
 * to. Both servers sum up their own rows, side by side; tables are compared by several workers.
 *
 * <p>Tables that share a receiver are compared together, as the receiver's rows do not tell whose
 * they are. To be run once; {@link #stop} and {@link #compared} are for any thread.
 */
public final class TableComparison {

    private final Connector source;
    private final Connector destination;
    private final String snapshot;
    private final Hash hash;
    private final Queue<List<TablePair>> left = new ConcurrentLinkedQueue<>();
    private final Set<TableName> equal = ConcurrentHashMap.newKeySet();
    private final Set<WireSession> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger compared = new AtomicInteger();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * @param snapshot of the source, kept by somebody until the end
     */
    public TableComparison(
            Connector source,
            Connector destination,
            String snapshot,
            Hash hash,
            List<TablePair> tables) {
        this.source = source;
        this.destination = destination;
        this.snapshot = snapshot;
        this.hash = hash;
        Map<TableName, List<TablePair>> groups = new LinkedHashMap<>();
        tables.stream()
                .sorted((one, other) -> Long.compare(other.source().bytes(), one.source().bytes()))
                .forEach(pair ->
                        groups.computeIfAbsent(pair.destination().name(), _ -> new ArrayList<>())
                                .add(pair));
        left.addAll(groups.values());
    }

    /**
     * Compares them.
     *
     * @return those whose rows are the same at both sides
     * @throws WarpException the first failure; TRANSIENT where a table was truncated since the
     *     snapshot; INTERRUPTED after {@link #stop}
     */
    public Set<TableName> run(int workers) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofVirtual().name("compare-" + i).start(this::work));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (stopped) {
            throw new WarpException(ErrorCode.INTERRUPTED, "stopped while comparing tables");
        }
        RuntimeException problem = failure.get();
        if (problem != null) {
            throw problem;
        }
        return new HashSet<>(equal);
    }

    /** How many tables have been compared. */
    public int compared() {
        return compared.get();
    }

    private void work() {
        List<TablePair> group = left.poll();
        if (group == null) {
            return;
        }
        try (WireSession from = opened(source);
                WireSession to = opened(destination)) {
            ExportedSnapshot.show(from, snapshot, List.of());
            from.execute(SourceStatements.SAVEPOINT);
            while (group != null && !stopped && failure.get() == null) {
                compare(group, from, to);
                group = left.poll();
            }
        } catch (RuntimeException problem) {
            failure.compareAndSet(null, problem);
            cut();
        }
    }

    private WireSession opened(Connector connector) {
        WireSession session = connector.openWire();
        open.add(session);
        if (stopped || failure.get() != null) {
            session.abort();
        }
        return session;
    }

    private void compare(List<TablePair> group, WireSession from, WireSession to) {
        TableSum here = TableSum.NONE;
        for (TablePair pair : group) {
            from.execute(SourceStatements.lockNext(List.of(pair.source().name())));
            requireUntouched(pair, from);
            here = here.plus(sum(from, VerifyStatements.atSource(pair, hash)));
        }
        if (here.isSame(sum(to, VerifyStatements.atDestination(group.getFirst(), hash)))) {
            group.forEach(pair -> equal.add(pair.name()));
        }
        compared.addAndGet(group.size());
    }

    private static void requireUntouched(TablePair pair, WireSession from) {
        Optional<String> rewritten =
                from.queryText(SourceStatements.rewritten(List.of(pair.source().oid())));
        if (rewritten.isPresent()) {
            throw new WarpException(
                            ErrorCode.TRANSIENT,
                            "truncated or rewritten since the snapshot: " + rewritten.get())
                    .at(Side.SOURCE);
        }
    }

    private static TableSum sum(WireSession session, String query) {
        List<@Nullable String> row = session.queryRow(query);
        return new TableSum(
                Long.parseLong(String.valueOf(row.get(0))),
                new BigDecimal(String.valueOf(row.get(1))));
    }

    /** Ends it; {@link #run} throws. Returns when the servers have been told. */
    public void stop() {
        stopped = true;
        cut();
    }

    private void cut() {
        open.forEach(session -> {
            session.cancel();
            session.abort();
        });
    }
}
