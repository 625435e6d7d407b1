package warp.model;

import java.util.List;

/**
 * The shape of a table as the change stream describes it, at the position where it was sent
 * ("Logical Replication Message Formats", Relation). Two shapes of one table are two relations;
 * instances are compared by identity on the hot path, so a decoder hands out the same instance
 * until the shape changes.
 *
 * @param oid the table's OID at the source; 0 where the plugin does not tell (test_decoding)
 * @param identity the replica identity; DEFAULT where the plugin does not tell
 * @param identityKnown whether the plugin told identity and key flags; where not, they come from
 *     the source's catalog
 * @param whole whether it has every column that travels; where not, only those that a change told
 */
public record Relation(
        int oid,
        TableName name,
        ReplicaIdentity identity,
        boolean identityKnown,
        boolean whole,
        List<RelationColumn> columns) {

    public Relation {
        columns = List.copyOf(columns);
    }

    /** Of every column. */
    public Relation(
            int oid,
            TableName name,
            ReplicaIdentity identity,
            boolean identityKnown,
            List<RelationColumn> columns) {
        this(oid, name, identity, identityKnown, true, columns);
    }

    /**
     * A column of a relation.
     *
     * @param key part of the replica identity; false where not known
     * @param typeOid at the source; 0 where not known
     * @param typeModifier {@code atttypmod}; -1 where none or not known
     */
    public record RelationColumn(String name, boolean key, int typeOid, int typeModifier) {}
}
