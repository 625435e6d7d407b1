package warp.apply;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import warp.model.Hold;
import warp.model.KnownTable;
import warp.model.Lsn;
import warp.model.TableName;
import warp.model.TablePair;

/**
 * What an {@link Applier} applies.
 *
 * @param slot whose row of {@code warp.progress}, lane 0, is moved; the row must exist
 * @param tables those that receive changes
 * @param held tables whose changes are put aside, by their names in the migration
 * @param known what tables of the source were like when they last fitted; one without an entry is
 *     taken as it comes
 * @param refusals tables that are to be held from a transaction on
 * @param excluded tables that the stream may name although they are not migrated; one that is
 *     neither here nor in {@code tables} is held
 * @param replicaRole whether the session sets {@code session_replication_role}; where not, nothing
 *     must be left at the destination that acts on rows
 * @param copiedAt tables whose copy is of a later position than the progress: what committed before
 *     is part of the copy. Only for a plugin that tells at a transaction's beginning where it
 *     commits
 * @param rowByRow transactions of the source that update and delete each row by itself, since the
 *     destination refused rows that went together ({@link RunRefused})
 */
public record ApplyPlan(
        String slot,
        List<TablePair> tables,
        Set<TableName> held,
        Map<TableName, KnownTable> known,
        List<Refusal> refusals,
        Predicate<TableName> excluded,
        BatchLimits limits,
        boolean replicaRole,
        Map<TableName, Lsn> copiedAt,
        Set<Integer> rowByRow) {

    /** Of tables that were all copied before. */
    public ApplyPlan(
            String slot,
            List<TablePair> tables,
            Set<TableName> held,
            Map<TableName, KnownTable> known,
            List<Refusal> refusals,
            Predicate<TableName> excluded,
            BatchLimits limits,
            boolean replicaRole) {
        this(
                slot,
                tables,
                held,
                known,
                refusals,
                excluded,
                limits,
                replicaRole,
                Map.of(),
                Set.of());
    }

    /** Of a session that is a replica. */
    public ApplyPlan(
            String slot,
            List<TablePair> tables,
            Set<TableName> held,
            Map<TableName, KnownTable> known,
            List<Refusal> refusals,
            Predicate<TableName> excluded,
            BatchLimits limits) {
        this(slot, tables, held, known, refusals, excluded, limits, true);
    }

    public ApplyPlan {
        tables = List.copyOf(tables);
        held = Set.copyOf(held);
        known = Map.copyOf(known);
        refusals = List.copyOf(refusals);
        copiedAt = Map.copyOf(copiedAt);
        rowByRow = Set.copyOf(rowByRow);
    }

    /** Of tables that fit, as far as is known. */
    public ApplyPlan(
            String slot,
            List<TablePair> tables,
            Predicate<TableName> excluded,
            BatchLimits limits) {
        this(slot, tables, Set.of(), Map.of(), List.of(), excluded, limits, true);
    }

    /**
     * A table that the destination refused a change of.
     *
     * @param transactionId the source's transaction
     */
    public record Refusal(Hold hold, int transactionId) {}
}
