package warp.apply;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import warp.model.Lsn;
import warp.model.TableName;
import warp.model.TablePair;

/**
 * What an {@link Applier} applies.
 *
 * @param slot whose row of {@code warp.progress}, lane 0, is moved; the row must exist
 * @param tables those that receive changes
 * @param copiedAt position of the snapshot that a table was copied at: only transactions that
 *     commit after it are applied to it; a table without an entry takes everything
 * @param excluded tables that the stream may name although they are not migrated; a table that is
 *     neither here nor in {@code tables} stops the applier
 * @param replicaRole whether the session sets {@code session_replication_role}; where not, nothing
 *     must be left at the destination that acts on rows
 */
public record ApplyPlan(
        String slot,
        List<TablePair> tables,
        Map<TableName, Lsn> copiedAt,
        Predicate<TableName> excluded,
        BatchLimits limits,
        boolean replicaRole) {

    /** Of a session that is a replica. */
    public ApplyPlan(
            String slot,
            List<TablePair> tables,
            Map<TableName, Lsn> copiedAt,
            Predicate<TableName> excluded,
            BatchLimits limits) {
        this(slot, tables, copiedAt, excluded, limits, true);
    }

    public ApplyPlan {
        tables = List.copyOf(tables);
        copiedAt = Map.copyOf(copiedAt);
    }
}
