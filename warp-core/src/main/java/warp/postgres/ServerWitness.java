package warp.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.HostPort;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.wire.Vigil.Finding;

/**
 * Looks, by a login of its own, what a server does for a session that hears nothing. Sessions to
 * one server share it: one looks at a time, and what one found out about a server that cannot be
 * reached counts for the others. For any thread.
 *
 * <p>A role sees what its own sessions do ("The Cumulative Statistics System", pg_stat_activity).
 */
final class ServerWitness {

    /** A login that takes longer is no answer, however long others may take. */
    private static final int LOGIN_SECONDS_MAX = 10;

    private static final long FRESH_NANOS = 5_000_000_000L;
    private static final String TOO_MANY = "53300";

    private final Function<ConnectionSettings, Login> logins;
    private boolean unreachable;
    private long unreachableAt;
    private Finding.Gone reason = new Finding.Gone("");

    /**
     * @param logins for an ordinary session
     */
    ServerWitness(Function<ConnectionSettings, Login> logins) {
        this.logins = logins;
    }

    /** What the server's process of this number does. */
    synchronized Finding look(ConnectionSettings settings, HostPort host, int pid) {
        if (unreachable && System.nanoTime() - unreachableAt < FRESH_NANOS) {
            return reason;
        }
        unreachable = false;
        ConnectionSettings one = settings.onlyAt(host, LOGIN_SECONDS_MAX);
        try (Connection connection = logins.apply(one).open().connection()) {
            return look(connection, pid);
        } catch (WarpException refused) {
            return refusal(refused);
        } catch (SQLException problem) {
            return refusal(ServerErrors.from(one.side(), problem));
        }
    }

    private static Finding look(Connection connection, int pid) throws SQLException {
        // From 10 on waits have a class for it: reading from a client, or writing to it.
        boolean tells = connection.getMetaData().getDatabaseMajorVersion() >= 10;
        String sql =
                "SELECT coalesce(state LIKE 'idle%' "
                        + (tells ? "OR wait_event_type = 'Client'" : "")
                        + ", false) FROM pg_catalog.pg_stat_activity WHERE pid = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout(LOGIN_SECONDS_MAX);
            statement.setInt(1, pid);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return new Finding.Gone("and its process at the server has ended");
                }
                return row.getBoolean(1) ? new Finding.WaitsForUs() : new Finding.Working();
            }
        }
    }

    /** A server that is full, or that does not let us in any more, is there all the same. */
    private Finding refusal(WarpException refused) {
        if (refused.code() != ErrorCode.CONNECTION || refused.hasSqlState(TOO_MANY)) {
            return new Finding.Working();
        }
        unreachable = true;
        unreachableAt = System.nanoTime();
        reason = new Finding.Gone("and no new connection can be made: " + refused.getMessage());
        return reason;
    }
}
