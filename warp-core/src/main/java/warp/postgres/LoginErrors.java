package warp.postgres;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;
import warp.config.ConnectionSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Explains why a login failed: which host, what was said, what to check. */
final class LoginErrors {

    private LoginErrors() {}

    static WarpException explain(ConnectionSettings settings, SQLException problem) {
        ServerErrorMessage said = ServerErrors.said(problem);
        return said == null ? unreachable(settings, problem) : refused(settings, problem, said);
    }

    private static WarpException refused(
            ConnectionSettings settings, SQLException problem, ServerErrorMessage said) {
        String state = problem.getSQLState() == null ? "XX000" : problem.getSQLState();
        WarpException result =
                new WarpException(
                                ServerErrors.classify(state),
                                settings.display() + " refuses: " + said.getMessage(),
                                problem)
                        .at(settings.side())
                        .sqlState(state);
        return result.hint(
                switch (state) {
                    case "28P01" -> "Check user \"" + settings.user() + "\" and its password.";
                    case "28000" ->
                            "Check that role \""
                                    + settings.user()
                                    + "\" exists, may log in, and that pg_hba.conf lets it in from"
                                    + " here.";
                    case "3D000" ->
                            "Check the database's name; list them with: psql \"host="
                                    + settings.hosts().getFirst().host()
                                    + " port="
                                    + settings.hosts().getFirst().port()
                                    + " user="
                                    + settings.user()
                                    + " dbname=postgres\" -l";
                    case "53300" ->
                            "The server has no connection left: raise max_connections, or end idle"
                                    + " sessions.";
                    case "57P03" -> "The server is starting or stopping: try again in a moment.";
                    default -> "The server's log has more about it.";
                });
    }

    private static WarpException unreachable(ConnectionSettings settings, SQLException problem) {
        String where = settings.display();
        if (cause(problem, UnknownHostException.class) != null) {
            return lost(settings, problem, "the host name of " + where + " is not known")
                    .hint("Check the name: getent hosts " + settings.hosts().getFirst().host());
        }
        if (cause(problem, SocketTimeoutException.class) != null) {
            return lost(settings, problem, where + " does not answer")
                    .hint("Check host and port, and that firewalls let this machine through.");
        }
        if (cause(problem, ConnectException.class) != null
                || cause(problem, NoRouteToHostException.class) != null) {
            return lost(settings, problem, "nothing listens at " + where)
                    .hint("Check host and port, and the server's listen_addresses.");
        }
        boolean tls =
                cause(problem, SSLException.class) != null
                        || ServerErrors.messageOf(problem).contains("SSL");
        String message = where + ": " + ServerErrors.messageOf(problem);
        if (tls) {
            return new WarpException(ErrorCode.LOGIN, message, problem)
                    .at(settings.side())
                    .sqlState(problem.getSQLState())
                    .hint(
                            "sslmode is "
                                    + settings.tls().mode()
                                    + ": check that the server offers TLS (SHOW ssl) and that"
                                    + " sslrootcert, sslcert and sslkey name the right files.");
        }
        boolean login = problem.getSQLState() != null && problem.getSQLState().startsWith("28");
        return new WarpException(login ? ErrorCode.LOGIN : ErrorCode.CONNECTION, message, problem)
                .at(settings.side())
                .sqlState(problem.getSQLState());
    }

    private static WarpException lost(
            ConnectionSettings settings, SQLException problem, String message) {
        return new WarpException(ErrorCode.CONNECTION, message, problem)
                .at(settings.side())
                .sqlState(problem.getSQLState());
    }

    private static <T extends Throwable> @Nullable T cause(Throwable problem, Class<T> type) {
        for (Throwable at = problem; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
