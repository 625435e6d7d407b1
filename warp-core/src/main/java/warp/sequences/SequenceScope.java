package warp.sequences;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.model.Sequence;
import warp.model.SequencePair;
import warp.model.TableName;
import warp.plan.Pairing;
import warp.plan.SequenceChoice;
import warp.plan.TablePatterns;
import warp.plan.TableRules;
import warp.postgres.Catalog;
import warp.postgres.SequenceCatalog;
import warp.postgres.Session;

/**
 * What decides which sequences follow the source.
 *
 * @param tables the tables that take part; the partitioned tables above them need not be named
 * @param patterns what {@code -t} and {@code -T} say
 * @param rules which say in what schema a table's sequences are at the destination
 */
public record SequenceScope(Set<TableName> tables, TablePatterns patterns, TableRules rules) {

    public SequenceScope {
        tables = Set.copyOf(tables);
    }

    /** The sequences that take part and are there at both sides, as the catalogs say now. */
    public List<SequencePair> pairs(Session source, Session destination) {
        Map<TableName, List<TableName>> ancestors = Catalog.partitionAncestors(source);
        List<Sequence> chosen =
                new SequenceChoice(withAncestors(ancestors), patterns)
                        .of(SequenceCatalog.sequences(source));
        List<SequencePair> pairs =
                SequencePair.matching(
                        chosen,
                        SequenceCatalog.sequences(destination),
                        new Pairing(rules, ancestors)::receiverOf);
        List<Sequence> followers =
                SequenceCatalog.withAttributes(
                        destination, pairs.stream().map(SequencePair::destination).toList());
        List<SequencePair> complete = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            complete.add(pairs.get(i).with(followers.get(i)));
        }
        return complete;
    }

    private Set<TableName> withAncestors(Map<TableName, List<TableName>> ancestors) {
        Set<TableName> all = new HashSet<>(tables);
        tables.forEach(table -> all.addAll(ancestors.getOrDefault(table, List.of())));
        return all;
    }
}
