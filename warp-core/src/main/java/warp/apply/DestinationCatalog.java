package warp.apply;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.sql.ApplyStatements;

/**
 * What changes can be applied many at once, as the destination's catalog has it. It is asked when
 * something is first needed of it, which waits for every answer that is open, so that who never
 * needs it pays nothing. For one session and its thread.
 */
final class DestinationCatalog {

    private final Asked asked;
    private final IdentityHashMap<TargetRelation, Optional<SetRelation>> relations =
            new IdentityHashMap<>();
    private final IdentityHashMap<SetRelation, Optional<SetTable>> tables = new IdentityHashMap<>();
    private final IdentityHashMap<SetTable, DestinationConstraints> constraints =
            new IdentityHashMap<>();
    private @Nullable DestinationTypes types;

    /** Asks the destination. */
    interface Asked {
        DestinationTypes types();

        /** What {@link ApplyStatements#constraintsOf} gives. */
        List<String> constraints(int tableOid);
    }

    DestinationCatalog(Asked asked) {
        this.asked = asked;
    }

    /** That of a session. */
    static DestinationCatalog of(ApplySession session, ApplyPlan plan) {
        return new DestinationCatalog(
                new Asked() {
                    @Override
                    public DestinationTypes types() {
                        return new DestinationTypes(session, plan.tables());
                    }

                    @Override
                    public List<String> constraints(int tableOid) {
                        return session.lines(
                                ApplyStatements.constraintsOf(tableOid, plan.replicaRole()));
                    }
                });
    }

    /** Asks what {@link #table} needs. */
    DestinationTypes types() {
        DestinationTypes known = types;
        if (known == null) {
            known = asked.types();
            types = known;
        }
        return known;
    }

    /** Null where the stream alone tells that the relation is not for sets. Asks nothing. */
    @Nullable SetRelation relation(TargetRelation target) {
        return relations
                .computeIfAbsent(target, each -> Optional.ofNullable(SetRelation.of(each)))
                .orElse(null);
    }

    /** Null where changes of the relation cannot be part of a set. */
    @Nullable SetTable table(TargetRelation target) {
        SetRelation relation = relation(target);
        if (relation == null) {
            return null;
        }
        DestinationTypes all = types();
        return tables.computeIfAbsent(relation, each -> Optional.ofNullable(SetTable.of(each, all)))
                .orElse(null);
    }

    /**
     * The table, if rows that one transaction updates or deletes one after the other can be so
     * together; else null.
     */
    @Nullable SetTable tableOfRuns(TargetRelation target, Operation operation) {
        SetTable table = table(target);
        if (table == null || target.destination().partitioned()) {
            return null;
        }
        DestinationConstraints known = constraints.get(table);
        if (known == null) {
            known = new DestinationConstraints(asked.constraints(target.destination().oid()));
            constraints.put(table, known);
        }
        return known.allowRuns(table.relation(), operation) ? table : null;
    }
}
