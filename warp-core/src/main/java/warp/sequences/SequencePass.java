package warp.sequences;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Sequence;
import warp.model.Sequence.Attributes;
import warp.model.SequencePair;
import warp.model.SequenceValue;
import warp.model.Side;
import warp.model.TableName;
import warp.postgres.SequenceCatalog;
import warp.postgres.Session;

/**
 * One pass over the sequences: reads both sides and sets those of the destination that stand
 * behind.
 *
 * <p>A sequence may be read before the rows that used it have arrived: values that are ahead of the
 * rows do no harm. What counts is the pass that begins when the source is quiet and everything is
 * applied; after it both sides are equal. A destination that is further than the source is left
 * alone: going back would give out values that are in use there. Only where the sequence cycles is
 * there no further and no back, and the source's value is taken as it is.
 *
 * <p>The server is asked for up to {@link SequenceCatalog#BATCH_MAX} at a time, each time in a
 * transaction of its own. Where it refuses a batch, that is cut in halves until the culprit stands
 * alone, so that a sequence that was dropped meanwhile keeps no other from following. For one
 * thread; the sessions not in a transaction.
 */
public final class SequencePass {

    private static final String OUT_OF_MEMORY = "53200";

    private final Session source;
    private final Session destination;
    private final List<TableName> set = new ArrayList<>();
    private final List<TableName> further = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();

    private SequencePass(Session source, Session destination) {
        this.source = source;
        this.destination = destination;
    }

    /**
     * Makes the pass.
     *
     * @param pairs of {@link SequenceScope#pairs}, just now or a while ago
     * @throws WarpException where a connection is lost, or a server stops the work for a passing
     *     reason; what is set by then stays set
     */
    public static Following run(Session source, Session destination, List<SequencePair> pairs) {
        SequencePass pass = new SequencePass(source, destination);
        List<SequencePair> open = pairs.stream().filter(pass::isPermitted).toList();
        inBatches(open, pass::follow);
        return new Following(pairs.size(), pass.set, pass.further, pass.refused);
    }

    private boolean isPermitted(SequencePair pair) {
        if (!pair.source().mayRead()) {
            refused.add(new Refused(pair.name(), Side.SOURCE, "no privilege to read it"));
            return false;
        }
        if (!pair.destination().maySet()) {
            refused.add(
                    new Refused(
                            pair.destination().name(), Side.DESTINATION, "no privilege to set it"));
            return false;
        }
        return true;
    }

    private static <T> void inBatches(List<T> all, Consumer<List<T>> work) {
        for (int from = 0; from < all.size(); from += SequenceCatalog.BATCH_MAX) {
            work.accept(all.subList(from, Math.min(from + SequenceCatalog.BATCH_MAX, all.size())));
        }
    }

    private void follow(List<SequencePair> pairs) {
        Map<TableName, SequenceValue> wanted =
                values(source, pairs.stream().map(SequencePair::source).toList());
        List<SequencePair> read =
                pairs.stream().filter(pair -> wanted.containsKey(pair.name())).toList();
        Map<TableName, SequenceValue> found =
                values(destination, read.stream().map(SequencePair::destination).toList());
        Map<TableName, SequenceValue> due = new LinkedHashMap<>();
        for (SequencePair pair : read) {
            SequenceValue aim = wanted.get(pair.name());
            SequenceValue now = found.get(pair.destination().name());
            if (aim == null || now == null || aim.equals(now)) {
                continue;
            }
            if (mayMove(pair.destination().attributes(), now, aim)) {
                due.put(pair.destination().name(), aim);
            } else {
                further.add(pair.destination().name());
            }
        }
        halving(
                destination.side(),
                List.copyOf(due.keySet()),
                name -> name,
                names -> {
                    Map<TableName, SequenceValue> part = new LinkedHashMap<>(due);
                    part.keySet().retainAll(names);
                    SequenceCatalog.set(destination, part);
                    set.addAll(names);
                });
    }

    private static boolean mayMove(
            @Nullable Attributes attributes, SequenceValue from, SequenceValue to) {
        return attributes == null
                || attributes.cycles()
                || to.isBeyond(from, attributes.increment());
    }

    private Map<TableName, SequenceValue> values(Session session, List<Sequence> sequences) {
        Map<TableName, SequenceValue> values = new HashMap<>();
        halving(
                session.side(),
                sequences,
                Sequence::name,
                part -> values.putAll(SequenceCatalog.values(session, part)));
        return values;
    }

    private <T> void halving(
            Side side, List<T> items, Function<T, TableName> name, Consumer<List<T>> work) {
        if (items.isEmpty()) {
            return;
        }
        try {
            work.accept(items);
        } catch (WarpException problem) {
            // Each sequence takes a lock: for all of them there may be no room, for some there is.
            boolean tooMany = problem.hasSqlState(OUT_OF_MEMORY);
            if (problem.code().retry() == ErrorCode.Retry.LATER && !tooMany) {
                throw problem;
            }
            if (items.size() == 1) {
                refused.add(
                        new Refused(
                                name.apply(items.getFirst()),
                                side,
                                String.valueOf(problem.getMessage())));
                return;
            }
            int middle = items.size() / 2;
            halving(side, items.subList(0, middle), name, work);
            halving(side, items.subList(middle, items.size()), name, work);
        }
    }
}
