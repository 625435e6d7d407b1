package warp.preflight;

import warp.config.ConnectionSettings;
import warp.model.Side;
import warp.postgres.Session;
import warp.postgres.SessionRoute;

/**
 * Whether Warp talks to the servers themselves. Comes first: through a pooler that lets sessions
 * take turns no other check can be relied on, and Warp's settings and locks would be lost, or be
 * somebody else's.
 */
final class PoolerChecks {

    private final Findings findings;

    PoolerChecks(Findings findings) {
        this.findings = findings;
    }

    /**
     * Looks at one side.
     *
     * @return whether the other checks can be made
     * @throws warp.error.WarpException where no second session is given
     */
    boolean pass(Session session, ConnectionSettings settings) {
        String where = settings.display();
        return switch (SessionRoute.of(session)) {
            case DIRECT -> true;
            case SHARED ->
                    error(
                            session.side(),
                            where
                                    + " is a pooler, not the server, and lets sessions take turns"
                                    + " (transaction pooling)");
            case THROUGH_OTHERS -> throughOthers(session, where);
        };
    }

    private boolean throughOthers(Session session, String where) {
        Side side = session.side();
        if (side == Side.SOURCE && !SessionRoute.carriesReplication(session)) {
            return error(
                    side, where + " is a pooler, not the server, and lets no replication through");
        }
        findings.warning(
                side,
                where + " is a pooler or gateway, not the server itself",
                hint(side) + ", so that no limits but the server's own end Warp's sessions");
        return true;
    }

    private boolean error(Side side, String message) {
        findings.error(side, message, hint(side) + ": Warp needs sessions of its own");
        return false;
    }

    private static String hint(Side side) {
        return "give host and port of the PostgreSQL server itself as --" + side;
    }
}
