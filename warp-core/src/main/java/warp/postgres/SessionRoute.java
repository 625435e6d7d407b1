package warp.postgres;

import java.util.HashSet;
import java.util.Set;
import warp.error.WarpException;

/**
 * What a session goes through on its way to the server: nothing, or a pooler or gateway.
 *
 * <p>Whatever stands between has to give numbers of its own to those who log in, as it must know
 * whom a request to cancel is for ("Canceling Requests in Progress"). Whether it also gives the
 * same process to several sessions is seen by opening another.
 */
public enum SessionRoute {
    /** The server itself answers. */
    DIRECT,
    /** Something stands between, and each session keeps a process of the server's for itself. */
    THROUGH_OTHERS,
    /** Something stands between, and sessions take turns: what one sets another finds. */
    SHARED;

    /** Fewer than make the driver prepare a statement by name, which poolers may mix up. */
    private static final int LOOKS = 3;

    /** A walsender that a pooler refuses. */
    private static final String PROTOCOL_VIOLATION = "08P01";

    /** A number may be another process's later, or at another server: the start tells which. */
    private static final String PROCESS =
            "SELECT pg_catalog.pg_backend_pid() AS pid, a.backend_start::text AS begun"
                    + " FROM pg_catalog.pg_stat_activity a"
                    + " WHERE a.pid = pg_catalog.pg_backend_pid()";

    /**
     * Finds it out.
     *
     * @param session not in a transaction
     * @throws WarpException of the second session, which what stands between may not give
     */
    public static SessionRoute of(Session session) {
        if (session.process() == session.announcedProcess()) {
            return DIRECT;
        }
        try (Session other = another(session)) {
            Set<String> own = new HashSet<>();
            Set<String> others = new HashSet<>();
            for (int look = 0; look < LOOKS; look++) {
                own.add(process(session));
                others.add(process(other));
            }
            return own.size() == 1 && others.size() == 1 && !own.equals(others)
                    ? THROUGH_OTHERS
                    : SHARED;
        }
    }

    private static Session another(Session session) {
        try {
            return session.origin().open();
        } catch (WarpException refused) {
            throw refused.hint(
                    "What answers there is a pooler or gateway: give host and port of the"
                            + " PostgreSQL server itself as --"
                            + session.side()
                            + ".");
        }
    }

    private static String process(Session session) {
        Row row = session.queryOne(PROCESS);
        return row.integer("pid") + " " + row.text("begun");
    }

    /**
     * Whether a stream of changes comes through as well, as far as a pooler is concerned; what the
     * server itself thinks of it is not looked at.
     */
    public static boolean carriesReplication(Session session) {
        try {
            session.origin().openReplication().close();
            return true;
        } catch (WarpException refused) {
            return !refused.hasSqlState(PROTOCOL_VIOLATION);
        }
    }
}
