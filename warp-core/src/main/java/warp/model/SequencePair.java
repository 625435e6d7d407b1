package warp.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A sequence of the source and the destination's of the same name, which follows it. */
public record SequencePair(Sequence source, Sequence destination) {

    /** The name, at both sides. */
    public TableName name() {
        return source.name();
    }

    /** Those that are there at both sides, in the order of the source's. */
    public static List<SequencePair> matching(
            Collection<Sequence> source, Collection<Sequence> destination) {
        Map<TableName, Sequence> followers = new HashMap<>();
        destination.forEach(sequence -> followers.put(sequence.name(), sequence));
        List<SequencePair> pairs = new ArrayList<>();
        for (Sequence sequence : source) {
            Sequence follower = followers.get(sequence.name());
            if (follower != null) {
                pairs.add(new SequencePair(sequence, follower));
            }
        }
        return List.copyOf(pairs);
    }
}
