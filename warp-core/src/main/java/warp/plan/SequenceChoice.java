package warp.plan;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import warp.model.Sequence;
import warp.model.TableName;

/**
 * Which sequences follow the source.
 *
 * @param tables the tables that take part, and the partitioned tables above them
 * @param patterns what {@code -t} and {@code -T} say
 */
public record SequenceChoice(Set<TableName> tables, TablePatterns patterns) {

    public SequenceChoice {
        tables = Set.copyOf(tables);
    }

    /** Those of the source's that take part, in their order. */
    public List<Sequence> of(Collection<Sequence> sequences) {
        return sequences.stream().filter(this::takesPart).toList();
    }

    /**
     * A sequence goes with the tables that own or use it; one that no table owns is chosen by its
     * own name as well, as pg_dump does. An exclude that matches its name wins.
     */
    private boolean takesPart(Sequence sequence) {
        TableName owner = sequence.owner();
        boolean serves =
                (owner != null && tables.contains(owner))
                        || sequence.users().stream().anyMatch(tables::contains);
        return serves
                ? !patterns.excludes(sequence.name())
                : owner == null && patterns.includes(sequence.name());
    }
}
