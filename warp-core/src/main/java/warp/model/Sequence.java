package warp.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A sequence at one side, as its catalog describes it; not its value.
 *
 * @param oid {@code pg_class.oid} at that side
 * @param owner the table one of whose columns owns it (serial, identity), a partitioned one
 *     included; null for a free sequence
 * @param users the tables whose column defaults name it, in a form that the server keeps track of
 * @param mayRead whether Warp's role may read its value
 * @param maySet whether Warp's role may read and set its value
 * @param attributes null before PostgreSQL 10 until they are asked for
 */
public record Sequence(
        int oid,
        TableName name,
        @Nullable TableName owner,
        Set<TableName> users,
        boolean mayRead,
        boolean maySet,
        @Nullable Attributes attributes) {

    public Sequence {
        users = Set.copyOf(users);
    }

    /**
     * What CREATE SEQUENCE says.
     *
     * @param typeName {@code smallint}, {@code integer} or {@code bigint}; null before 10, where
     *     sequences have no type
     * @param increment never 0; negative for a descending sequence
     */
    public record Attributes(
            @Nullable String typeName,
            long increment,
            long minimum,
            long maximum,
            long cache,
            boolean cycles) {}

    /** The same with its attributes. */
    public Sequence with(Attributes known) {
        return new Sequence(oid, name, owner, users, mayRead, maySet, known);
    }
}
