package warp.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A sequence of the source and the destination's that follows it: of the same name, unless a rule
 * sent the table that owns it into another schema.
 */
public record SequencePair(Sequence source, Sequence destination) {

    /** The name at the source. */
    public TableName name() {
        return source.name();
    }

    /**
     * Those that are there at both sides, in the order of the source's.
     *
     * @param receiverOf what a table of the source is called at the destination
     */
    public static List<SequencePair> matching(
            Collection<Sequence> source,
            Collection<Sequence> destination,
            UnaryOperator<TableName> receiverOf) {
        Map<TableName, Sequence> followers = new HashMap<>();
        destination.forEach(sequence -> followers.put(sequence.name(), sequence));
        List<SequencePair> pairs = new ArrayList<>();
        for (Sequence sequence : source) {
            Sequence follower = followers.get(receiverOf(sequence, receiverOf));
            if (follower != null) {
                pairs.add(new SequencePair(sequence, follower));
            }
        }
        return List.copyOf(pairs);
    }

    /** What a sequence is called at the destination: it goes with its table into another schema. */
    public static TableName receiverOf(Sequence sequence, UnaryOperator<TableName> receiverOf) {
        TableName owner = sequence.owner();
        return owner == null || receiverOf.apply(owner).schema().equals(owner.schema())
                ? sequence.name()
                : new TableName(receiverOf.apply(owner).schema(), sequence.name().name());
    }

    /** The same with other facts of the follower. */
    public SequencePair with(Sequence follower) {
        return new SequencePair(source, follower);
    }
}
