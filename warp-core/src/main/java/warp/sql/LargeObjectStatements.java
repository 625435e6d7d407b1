package warp.sql;

import java.util.Optional;

/**
 * Statements about large objects ("Large Objects", Server-Side Functions, in the manual). Works
 * from 9.4 on.
 */
public final class LargeObjectStatements {

    /** Which of these there are; takes OIDs as texts. */
    public static final String PRESENT =
            "SELECT m.oid::int8 AS oid FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = ANY"
                    + " (?::text[]::oid[])";

    /** Takes OIDs as texts. */
    public static final String UNLINK =
            "SELECT pg_catalog.lo_unlink(o.oid) FROM pg_catalog.unnest(?::text[]::oid[]) o (oid)";

    /** Makes objects with their content; takes OIDs as texts and as many contents. */
    public static final String CREATE_ALL =
            "SELECT pg_catalog.lo_from_bytea(o.oid::oid, o.content) FROM"
                    + " unnest(?::text[], ?::bytea[]) o (oid, content)";

    /** The whole content; takes OIDs as texts. */
    public static final String READ_ALL =
            "SELECT o.oid::int8 AS oid, pg_catalog.lo_get(o.oid) AS content FROM"
                    + " pg_catalog.unnest(?::text[]::oid[]) o (oid)";

    /** A piece; takes OID as number, offset and length. */
    public static final String READ =
            "SELECT pg_catalog.lo_get(?::int8::oid, ?::int8, ?::int4) AS content";

    /** Makes an object with its first piece; takes OID as number, and the piece. */
    public static final String CREATE = "SELECT pg_catalog.lo_from_bytea(?::int8::oid, ?)";

    /** Adds a piece; takes OID as number, offset, and the piece. */
    public static final String WRITE = "SELECT pg_catalog.lo_put(?::int8::oid, ?::int8, ?)";

    private LargeObjectStatements() {}

    public static String alterOwner(long oid, String owner) {
        return "ALTER LARGE OBJECT %d OWNER TO %s".formatted(oid, Identifiers.quote(owner));
    }

    public static String revokeAll(long oid, String owner) {
        return "REVOKE ALL ON LARGE OBJECT %d FROM %s".formatted(oid, Identifiers.quote(owner));
    }

    /**
     * Gives a privilege in the owner's name.
     *
     * @param privilege as {@code aclexplode} names it
     * @param role empty for PUBLIC
     */
    public static String grant(long oid, String privilege, String role, boolean grantable) {
        return "GRANT %s ON LARGE OBJECT %d TO %s%s"
                .formatted(
                        privilege,
                        oid,
                        role.isEmpty() ? "PUBLIC" : Identifiers.quote(role),
                        grantable ? " WITH GRANT OPTION" : "");
    }

    public static String comment(long oid, String remark) {
        return "COMMENT ON LARGE OBJECT %d IS %s".formatted(oid, Identifiers.literal(remark));
    }

    /**
     * Begins a transaction that sees one state all along.
     *
     * @param snapshot empty for the state of now; else one that another transaction exported
     */
    public static String begin(Optional<String> snapshot) {
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                + snapshot.map(name -> "; SET TRANSACTION SNAPSHOT " + Identifiers.literal(name))
                        .orElse("");
    }

    /** Gives the transaction's state to others, as {@code name}. */
    public static String exportSnapshot() {
        return "SELECT pg_catalog.pg_export_snapshot() AS name";
    }
}
