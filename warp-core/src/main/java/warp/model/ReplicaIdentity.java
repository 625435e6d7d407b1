package warp.model;

/**
 * What a source writes to the log to identify the old row of an UPDATE or DELETE ({@code
 * pg_class.relreplident}; "ALTER TABLE … REPLICA IDENTITY" in the manual).
 */
public enum ReplicaIdentity {
    /** The primary key, where there is one. */
    DEFAULT('d'),
    /** Nothing: updates and deletes cannot be replicated. */
    NOTHING('n'),
    /** Every column. */
    FULL('f'),
    /** The columns of a chosen unique index. */
    INDEX('i');

    private final char code;

    ReplicaIdentity(char code) {
        this.code = code;
    }

    /**
     * The identity for {@code pg_class.relreplident}.
     *
     * @throws IllegalArgumentException for a letter that is none
     */
    public static ReplicaIdentity of(char code) {
        for (ReplicaIdentity identity : values()) {
            if (identity.code == code) {
                return identity;
            }
        }
        throw new IllegalArgumentException("not a replica identity: " + code);
    }

    public char code() {
        return code;
    }
}
