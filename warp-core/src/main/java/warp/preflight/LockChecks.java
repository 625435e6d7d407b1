package warp.preflight;

import warp.model.Side;
import warp.sql.SourceStatements;

/**
 * Checks whether the source has room for the locks of pg_dump, which keeps one on every table from
 * the beginning to the end. Warp's own are as many as there is room for.
 */
final class LockChecks {

    private static final String PER_SESSION =
            "SELECT pg_catalog.current_setting('max_locks_per_transaction')::pg_catalog.int8 AS"
                    + " locks";

    private final ServerFacts source;
    private final Findings findings;

    LockChecks(ServerFacts source, Findings findings) {
        this.source = source;
        this.findings = findings;
    }

    /**
     * @param tables how many pg_dump will lock
     */
    void run(int tables) {
        long room = source.session().queryOne(SourceStatements.LOCK_ROOM).number("room");
        if (tables <= room / 2) {
            return;
        }
        String message =
                "pg_dump locks all %,d tables at once, and the server has room for about %,d locks in all"
                        .formatted(tables, room);
        long sessions = room / source.session().queryOne(PER_SESSION).number("locks");
        String raise =
                source.remedies().setting("max_locks_per_transaction", 2L * tables / sessions + 1);
        String without = "or make the schema before, and leave --sync-schema out";
        // A server has some room more than it says, never twice as much.
        if (tables > 2 * room) {
            findings.error(Side.SOURCE, message, raise, without);
        } else {
            findings.warning(Side.SOURCE, message, raise, without);
        }
    }
}
