package warp.protection;

import java.util.Optional;

/** {@code wal_status} of {@code pg_replication_slots}; servers before 13 do not tell. */
public enum WalStatus {
    /** All that it needs is within {@code max_wal_size}, or the server does not tell. */
    RESERVED,
    /** More than {@code max_wal_size} is kept for it. */
    EXTENDED,
    /** What it needs may be removed at the next checkpoint. */
    UNRESERVED,
    /** It was removed. */
    LOST;

    static WalStatus of(Optional<String> text) {
        return switch (text.orElse("")) {
            case "extended" -> EXTENDED;
            case "unreserved" -> UNRESERVED;
            case "lost" -> LOST;
            default -> RESERVED;
        };
    }
}
