package warp.sequences;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.model.Sequence;
import warp.model.SequencePair;
import warp.model.TableName;
import warp.plan.SequenceChoice;
import warp.plan.TablePatterns;
import warp.postgres.Catalog;
import warp.postgres.SequenceCatalog;
import warp.postgres.Session;

/**
 * What decides which sequences follow the source.
 *
 * @param tables the tables that take part; the partitioned tables above them need not be named
 * @param patterns what {@code -t} and {@code -T} say
 */
public record SequenceScope(Set<TableName> tables, TablePatterns patterns) {

    public SequenceScope {
        tables = Set.copyOf(tables);
    }

    /** The sequences that take part and are there at both sides, as the catalogs say now. */
    public List<SequencePair> pairs(Session source, Session destination) {
        List<Sequence> chosen =
                new SequenceChoice(withAncestors(source), patterns)
                        .of(SequenceCatalog.sequences(source));
        List<SequencePair> pairs =
                SequencePair.matching(chosen, SequenceCatalog.sequences(destination));
        List<Sequence> followers =
                SequenceCatalog.withAttributes(
                        destination, pairs.stream().map(SequencePair::destination).toList());
        return SequencePair.matching(pairs.stream().map(SequencePair::source).toList(), followers);
    }

    private Set<TableName> withAncestors(Session source) {
        Set<TableName> all = new HashSet<>(tables);
        Map<TableName, List<TableName>> ancestors = Catalog.partitionAncestors(source);
        tables.forEach(table -> all.addAll(ancestors.getOrDefault(table, List.of())));
        return all;
    }
}
