package warp.postgres;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.HostPort;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.postgres.tls.UntrustedServerException;
import warp.sql.Identifiers;

/** Explains why a login failed: which host, what was said, what to check. */
final class LoginErrors {

    private static final String CLIENT_CERTIFICATE_HINT =
            "The server may not accept this client's certificate: check sslcert here, and"
                    + " ssl_ca_file and the log at the server.";

    private static final String INTERNAL_ERROR = "XX000";
    private static final String PROTOCOL_VIOLATION = "08P01";

    /** What PgBouncer says of a connection that it will never let through. */
    private static final Pattern NOT_PASSING =
            Pattern.compile("startup parameter|no such (database|user)|[Rr]eplication");

    private LoginErrors() {}

    /** One error for all the hosts that were tried, at least one. */
    static WarpException explain(ConnectionSettings settings, List<Login.Failure> failures) {
        List<WarpException> reasons =
                failures.stream().map(failure -> explain(settings, failure)).toList();
        WarpException last = reasons.getLast();
        if (reasons.size() == 1) {
            return last;
        }
        boolean allLost =
                reasons.stream().allMatch(reason -> reason.code() == ErrorCode.CONNECTION);
        WarpException result =
                new WarpException(
                                allLost ? ErrorCode.CONNECTION : ErrorCode.LOGIN,
                                "none of %d hosts gave a session: %s"
                                        .formatted(
                                                reasons.size(),
                                                reasons.stream()
                                                        .map(WarpException::getMessage)
                                                        .collect(Collectors.joining("; "))),
                                last)
                        .at(settings.side())
                        .sqlState(last.sqlState().orElse(null));
        Set<String> hints = new LinkedHashSet<>();
        reasons.forEach(reason -> hints.addAll(reason.hints()));
        hints.forEach(result::hint);
        return result;
    }

    private static WarpException explain(ConnectionSettings settings, Login.Failure failure) {
        SQLException problem = failure.problem();
        ServerErrorMessage said = ServerErrors.said(problem);
        if (said != null) {
            return refused(settings, failure, said);
        }
        UntrustedServerException untrusted = cause(problem, UntrustedServerException.class);
        if (untrusted != null) {
            return login(
                            settings,
                            failure,
                            " is not to be trusted: its certificate " + untrusted.getMessage())
                    .hint(untrusted.hint());
        }
        if (cause(problem, SSLException.class) != null) {
            return tls(settings, failure);
        }
        return unreachable(settings, failure);
    }

    // ---- what the server said

    private static WarpException refused(
            ConnectionSettings settings, Login.Failure failure, ServerErrorMessage said) {
        String state = said.getSQLState() == null ? "XX000" : said.getSQLState();
        String message = String.valueOf(said.getMessage());
        return new WarpException(
                        codeOf(state, message),
                        where(settings, failure.host()) + " refuses: " + message,
                        failure.problem())
                .at(settings.side())
                .sqlState(state)
                .hint(hint(settings, failure.host(), state, message));
    }

    /**
     * What a login that was refused means. XX000 is what proxies and managed services say while
     * they start or fail over; a pooler has only 08P01 for whatever it does not like.
     */
    private static ErrorCode codeOf(String state, String message) {
        if (state.equals(INTERNAL_ERROR)) {
            return ErrorCode.CONNECTION;
        } else if (state.equals(PROTOCOL_VIOLATION) && NOT_PASSING.matcher(message).find()) {
            return ErrorCode.LOGIN;
        }
        ErrorCode code = ServerErrors.classify(state);
        if (code.retry() == ErrorCode.Retry.LATER) {
            return ErrorCode.CONNECTION;
        }
        return code == ErrorCode.PRIVILEGE ? code : ErrorCode.LOGIN;
    }

    private static String hint(
            ConnectionSettings settings, HostPort host, String state, String message) {
        String user = settings.user();
        return switch (state) {
            case "28P01" -> "Check user \"" + user + "\" and its password.";
            case "28000" -> hintForRule(settings, message);
            case "3D000" ->
                    "Check the database's name; list them with: psql \"host=%s port=%d user=%s"
                                    .formatted(host.host(), host.port(), quoted(user))
                            + " dbname=postgres\" -l";
            case "42501" ->
                    message.contains("walsender") || message.contains("WAL sender")
                            ? "Let the role replicate: ALTER ROLE %s REPLICATION;"
                                    .formatted(identifier(user))
                            : "Let the role in: GRANT CONNECT ON DATABASE %s TO %s;"
                                    .formatted(identifier(settings.database()), identifier(user));
            case "53300" ->
                    "The server has no connection left: raise max_connections (or the limit of the"
                            + " role or database), or end idle sessions.";
            case "08P01" ->
                    "A pooler stands between (PgBouncer says it like this): give host and port of"
                            + " the PostgreSQL server itself, as Warp needs sessions of its own and"
                            + " replication.";
            case "57P03" -> "The server is starting or stopping: try again in a moment.";
            case "42704", "22023" -> "Check the options of the connection: " + settings.options();
            default -> "The server's log has more about it.";
        };
    }

    private static String hintForRule(ConnectionSettings settings, String message) {
        if (message.contains("valid client certificate")) {
            return "Name the client's certificate and key by sslcert and sslkey, and encrypt with"
                    + " sslmode=require or stronger.";
        }
        if (message.contains("pg_hba.conf")) {
            boolean plain = message.contains("no encryption") || message.contains("SSL off");
            return plain
                    ? "The server may want encryption: use sslmode=require; else let this machine"
                            + " in by a line in pg_hba.conf."
                    : "Let this machine in by a line in the server's pg_hba.conf, then: SELECT"
                            + " pg_reload_conf();";
        }
        if (message.contains("certificate")) {
            return "Check that the certificate in sslcert was made for role \""
                    + settings.user()
                    + "\".";
        }
        return "Check that role \""
                + settings.user()
                + "\" exists, may log in, and that pg_hba.conf lets it in from here.";
    }

    private static boolean isHandshake(SQLException problem) {
        return ServerErrors.messageOf(problem).startsWith("SSL error");
    }

    // ---- what never became a PostgreSQL session

    private static WarpException tls(ConnectionSettings settings, Login.Failure failure) {
        String said = ServerErrors.messageOf(failure.problem());
        WarpException failed =
                login(settings, failure, ": TLS failed: " + said.replaceFirst("^SSL error: ", ""));
        if (settings.tls().handshake().direct()) {
            failed.hint("sslnegotiation=direct needs a server of 17 or newer: leave it out.");
        }
        return failed.hint(
                settings.tls().certificate() != null
                        ? CLIENT_CERTIFICATE_HINT
                        : "Check which versions of TLS the server speaks (SHOW"
                                + " ssl_min_protocol_version, ssl_max_protocol_version);"
                                + " Warp speaks 1.2 and 1.3.");
    }

    private static WarpException unreachable(ConnectionSettings settings, Login.Failure failure) {
        SQLException problem = failure.problem();
        HostPort host = failure.host();
        if (cause(problem, UnknownHostException.class) != null) {
            return lost(settings, failure, ": the host name is not known")
                    .hint("Check the name: getent hosts " + host.host());
        }
        if (cause(problem, SocketTimeoutException.class) != null) {
            return lost(
                            settings,
                            failure,
                            " did not answer in " + settings.connectSecondsMax() + " s")
                    .hint("Check host and port, and that firewalls let this machine through.");
        }
        if (cause(problem, ConnectException.class) != null
                || cause(problem, NoRouteToHostException.class) != null) {
            return lost(settings, failure, ": nothing listens there")
                    .hint("Check host and port, and the server's listen_addresses.");
        }
        if (cause(problem, EOFException.class) != null
                || cause(problem, SocketException.class) != null) {
            // The alert that says why may be lost when the server hangs up while we write.
            if (settings.tls().certificate() != null && isHandshake(problem)) {
                return login(settings, failure, " hung up during the TLS handshake")
                        .hint(CLIENT_CERTIFICATE_HINT);
            }
            return lost(settings, failure, " hung up before the login was done")
                    .hint("Check that this is a PostgreSQL server, and what its log says.");
        }
        return rejected(settings, failure);
    }

    private static WarpException rejected(ConnectionSettings settings, Login.Failure failure) {
        String said = ServerErrors.messageOf(failure.problem());
        if (failure.problem() instanceof Login.OtherKindException) {
            // After a failover none may be it for a while.
            return lost(settings, failure, ": " + said)
                    .hint(
                            "Check the hosts and target_session_attrs; SELECT pg_is_in_recovery();"
                                    + " tells what a server is.");
        }
        if (Login.isWithoutTls(failure.problem())) {
            return login(settings, failure, " has no TLS, and sslmode is " + settings.tls().mode())
                    .hint(
                            "Switch it on at the server (ssl = on), or use sslmode=prefer if the"
                                    + " way there is safe.");
        }
        if (PSQLState.PROTOCOL_VIOLATION.getState().equals(failure.problem().getSQLState())) {
            return lost(settings, failure, " does not answer as a PostgreSQL server does")
                    .hint("Check the port: " + failure.host().port());
        }
        if (said.contains("no password was provided") || said.contains("is an empty string")) {
            return login(settings, failure, " asks for a password, and none was given")
                    .hint("Put it into the URL, into PGPASSWORD or into ~/.pgpass.");
        }
        if (said.contains("requireAuth")) {
            return login(
                            settings,
                            failure,
                            " asks for another kind of login than require_auth="
                                    + settings.tls().handshake().requireAuth()
                                    + " allows; it was given nothing")
                    .hint(
                            "Check the line in the server's pg_hba.conf and how the password is"
                                    + " kept there (SHOW password_encryption), and that nobody"
                                    + " stands between.");
        }
        if (said.contains("Channel Binding") || said.contains("Channel binding")) {
            return login(settings, failure, ": channel_binding=require cannot be met: " + said)
                    .hint(
                            "It needs TLS and a password kept as scram-sha-256 at the server (11 or"
                                    + " newer); channel_binding=prefer does without.");
        }
        return login(settings, failure, ": " + said)
                .hint("Check that this is a PostgreSQL server, and what its log says.");
    }

    private static WarpException login(
            ConnectionSettings settings, Login.Failure failure, String message) {
        return new WarpException(
                        ErrorCode.LOGIN,
                        where(settings, failure.host()) + message,
                        failure.problem())
                .at(settings.side());
    }

    private static WarpException lost(
            ConnectionSettings settings, Login.Failure failure, String message) {
        return new WarpException(
                        ErrorCode.CONNECTION,
                        where(settings, failure.host()) + message,
                        failure.problem())
                .at(settings.side());
    }

    private static String where(ConnectionSettings settings, HostPort host) {
        return host + "/" + settings.database();
    }

    /** For a connection string in a shell's double quotes. */
    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_.-]+")
                ? value
                : "'" + value.replaceAll("(['\\\\\"$`])", "\\\\$1") + "'";
    }

    private static String identifier(String name) {
        return Identifiers.quote(name);
    }

    static <T extends Throwable> @Nullable T cause(Throwable problem, Class<T> type) {
        for (Throwable at = problem; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
