package warp.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.Handshake;
import warp.config.ConnectionSettings.HostPort;
import warp.config.SslMode;
import warp.error.WarpException;
import warp.postgres.tls.Encryption;
import warp.postgres.tls.TlsConfiguration;

/**
 * Logs in as libpq does: the hosts in turn, each address of a host in turn, encrypted or not in the
 * order that sslmode says. pgjdbc is given one address and one choice at a time, so that every rule
 * is here.
 *
 * <p>The next host is tried where one cannot be reached, is starting up, or is not of the kind that
 * {@code target_session_attrs} asks for; not where a login is refused: a wrong password is wrong
 * everywhere, and a certificate that proves nothing must not be passed over in silence.
 */
final class Login {

    private static final String INVALID_AUTHORIZATION = "28000";
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private final ConnectionSettings settings;
    private final Properties properties;
    private final TlsConfiguration tls;
    private final LoginPassword.Said said;
    private final Set<InetSocketAddress> withoutTls;

    /**
     * @param properties pgjdbc's, but for what {@code settings} says
     * @param withoutTls who answered an earlier login that it has no TLS; for any thread
     */
    Login(
            ConnectionSettings settings,
            Properties properties,
            TlsConfiguration tls,
            LoginPassword.Said said,
            Set<InetSocketAddress> withoutTls) {
        this.withoutTls = withoutTls;
        this.said = said;
        this.settings = settings;
        this.properties = properties;
        this.tls = tls;
    }

    /**
     * A session that is logged in.
     *
     * @param process the server's, by what answered the login, until the server itself is asked
     */
    record Opened(Connection connection, SocketCapture sockets, AtomicInteger process) {

        private static Opened of(Connection connection, SocketCapture sockets) {
            try {
                int announced = connection.unwrap(PGConnection.class).getBackendPID();
                return new Opened(connection, sockets, new AtomicInteger(announced));
            } catch (SQLException problem) {
                throw new IllegalStateException("the driver knows it from the login", problem);
            }
        }
    }

    /** Why a host gave no session. */
    record Failure(HostPort host, SQLException problem) {}

    /**
     * The first session that one of the hosts gives. Where a password that was kept for a while is
     * refused, it is asked for again, once: tokens expire.
     *
     * @throws warp.error.WarpException where none does, with the reason of each
     */
    Opened open() {
        long begun = System.nanoTime();
        try {
            return openOnce();
        } catch (WarpException refused) {
            boolean password = refused.sqlState().filter(s -> s.startsWith("28")).isPresent();
            if (password && settings.secret().filter(it -> it.renew(begun)).isPresent()) {
                return openOnce();
            }
            throw refused;
        }
    }

    private Opened openOnce() {
        List<Failure> failures = new ArrayList<>();
        for (TargetSession wanted : TargetSession.of(settings.targetSession()).passes()) {
            failures.clear();
            for (HostPort host : settings.hosts()) {
                try {
                    return acceptable(host, wanted);
                } catch (SQLException problem) {
                    Failure failure = new Failure(host, problem);
                    if (!(problem instanceof OtherKindException) && !mayTryNext(problem)) {
                        throw LoginErrors.explain(settings, List.of(failure));
                    }
                    failures.add(failure);
                }
            }
        }
        throw LoginErrors.explain(settings, failures);
    }

    /** The server works, but is not of the kind that was asked for. */
    static final class OtherKindException extends PSQLException {
        private static final long serialVersionUID = 1L;

        OtherKindException(TargetSession wanted) {
            super(
                    "it is not what target_session_attrs=" + wanted + " asks for",
                    PSQLState.CONNECTION_REJECTED);
        }
    }

    private Opened acceptable(HostPort host, TargetSession wanted) throws SQLException {
        if (wanted == TargetSession.ANY) {
            return reach(host, properties);
        }
        // A walsender before 10 answers no query, so an ordinary session is asked always.
        Properties ordinary = new Properties();
        ordinary.putAll(properties);
        ordinary.remove(PGProperty.REPLICATION.getName());
        Opened opened = reach(host, ordinary);
        boolean keep = false;
        try {
            if (!accepts(wanted, opened.connection())) {
                throw new OtherKindException(wanted);
            }
            keep = PGProperty.REPLICATION.getOrDefault(properties) == null;
            return keep ? opened : reach(host, properties);
        } finally {
            if (!keep) {
                opened.connection().close();
            }
        }
    }

    private static boolean accepts(TargetSession wanted, Connection connection)
            throws SQLException {
        try (var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                "SELECT pg_catalog.current_setting('transaction_read_only') = 'on',"
                                        + " pg_catalog.pg_is_in_recovery()")) {
            result.next();
            return wanted.accepts(result.getBoolean(1), result.getBoolean(2));
        }
    }

    private Opened reach(HostPort host, Properties asked) throws SQLException {
        SQLException last = null;
        for (InetAddress address : addresses(host)) {
            try {
                return negotiate(host, address, asked);
            } catch (SQLException problem) {
                if (!mayTryNext(problem)) {
                    throw problem;
                }
                if (last != null) {
                    problem.addSuppressed(last);
                }
                last = problem;
            }
        }
        throw last == null ? new SQLException(host + " has no address") : last;
    }

    private static InetAddress[] addresses(HostPort host) throws SQLException {
        try {
            return InetAddress.getAllByName(host.host());
        } catch (UnknownHostException problem) {
            throw new PSQLException(
                    "the host name is not known", PSQLState.CONNECTION_UNABLE_TO_CONNECT, problem);
        }
    }

    /**
     * Encrypted, plain, or one after the other ("SSL Mode Descriptions" in the manual). With {@code
     * prefer}, a server that has said once that it has no TLS is asked for it again only where it
     * refuses to do without.
     */
    private Opened negotiate(HostPort host, InetAddress address, Properties asked)
            throws SQLException {
        SslMode mode = settings.tls().mode();
        InetSocketAddress server = new InetSocketAddress(address, host.port());
        boolean declined = mode == SslMode.PREFER && withoutTls.contains(server);
        if (mode == SslMode.DISABLE || mode == SslMode.ALLOW || declined) {
            try {
                return attempt(host, address, asked, null);
            } catch (SQLException problem) {
                if (mode == SslMode.DISABLE || !isRefusedByRule(problem)) {
                    throw problem;
                }
                return secondAttempt(problem, host, address, asked, tls.encryption(host.host()));
            }
        }
        try {
            return attempt(host, address, asked, tls.encryption(host.host()));
        } catch (SQLException problem) {
            if (mode == SslMode.PREFER && isWithoutTls(problem)) {
                withoutTls.add(server);
                return attempt(host, address, asked, null);
            }
            if (mode == SslMode.PREFER && (isTlsFailure(problem) || isRefusedByRule(problem))) {
                return secondAttempt(problem, host, address, asked, null);
            }
            throw problem;
        }
    }

    /** Tries it the other way; where that fails too, the first reason is the one to tell. */
    private Opened secondAttempt(
            SQLException first,
            HostPort host,
            InetAddress address,
            Properties asked,
            @Nullable Encryption encryption)
            throws SQLException {
        try {
            return attempt(host, address, asked, encryption);
        } catch (SQLException second) {
            first.addSuppressed(second);
            throw first;
        }
    }

    private Opened attempt(
            HostPort host, InetAddress address, Properties asked, @Nullable Encryption encryption)
            throws SQLException {
        Properties complete = new Properties();
        complete.putAll(asked);
        PGProperty.PG_HOST.set(complete, host.host());
        PGProperty.PG_PORT.set(complete, host.port());
        PGProperty.SSL_MODE.set(complete, encryption == null ? "disable" : "require");
        Handshake handshake = settings.tls().handshake();
        PGProperty.CHANNEL_BINDING.set(complete, handshake.channelBinding());
        if (!handshake.requireAuth().isEmpty()) {
            PGProperty.REQUIRE_AUTH.set(complete, handshake.requireAuth());
        }
        PGProperty.SSL_NEGOTIATION.set(complete, handshake.direct() ? "direct" : "postgres");
        PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.set(
                complete, CapturingPassword.class.getName());
        PGProperty.SOCKET_FACTORY.set(complete, CapturingSocketFactory.class.getName());
        PGProperty.SSL_FACTORY.set(complete, CapturingTlsFactory.class.getName());
        // The deadline below is for the whole login; pgjdbc has one only for some of its reads.
        PGProperty.SSL_RESPONSE_TIMEOUT.set(complete, 0);
        PGProperty.CONNECT_TIMEOUT.set(complete, settings.connectSecondsMax());
        SocketCapture sockets =
                new SocketCapture(
                        host,
                        address,
                        encryption,
                        said.login(settings, address, encryption != null),
                        settings.liveness());
        Duration limit = Duration.ofSeconds(settings.connectSecondsMax());
        try (LoginDeadline deadline = LoginDeadline.start(sockets, limit)) {
            try {
                Connection connection = sockets.during(() -> connectWithinReason(complete));
                if (deadline.met()) {
                    return Opened.of(connection, sockets);
                }
            } catch (SQLException problem) {
                if (deadline.met()) {
                    throw problem;
                }
            }
        }
        throw new PSQLException(
                "no answer in " + limit.toSeconds() + " s",
                PSQLState.CONNECTION_UNABLE_TO_CONNECT,
                new SocketTimeoutException());
    }

    private static Connection connect(Properties properties) throws SQLException {
        // Without the slashes the URL would name a database: an empty one, that is the user's.
        Connection connection = new Driver().connect("jdbc:postgresql://", properties);
        if (connection == null) {
            throw new IllegalStateException("the driver does not know its own URL");
        }
        return connection;
    }

    /**
     * A length that no server of sound mind sends is believed by the driver, but not by the JVM.
     */
    private static Connection connectWithinReason(Properties properties) throws SQLException {
        try {
            return connect(properties);
        } catch (OutOfMemoryError absurd) {
            throw new PSQLException(
                    "it announces more than there is memory for",
                    PSQLState.PROTOCOL_VIOLATION,
                    absurd);
        }
    }

    private static boolean mayTryNext(SQLException problem) {
        if (ServerErrors.said(problem) != null) {
            return CANNOT_CONNECT_NOW.equals(problem.getSQLState());
        }
        return !isTlsFailure(problem) && LoginErrors.cause(problem, IOException.class) != null;
    }

    /** pg_hba.conf has no line for this kind of connection, or one that rejects it. */
    private static boolean isRefusedByRule(SQLException problem) {
        return INVALID_AUTHORIZATION.equals(problem.getSQLState());
    }

    private static boolean isTlsFailure(SQLException problem) {
        return LoginErrors.cause(problem, SSLException.class) != null;
    }

    /** The server answered the request for TLS with no. pgjdbc has only words for it. */
    static boolean isWithoutTls(SQLException problem) {
        return ServerErrors.said(problem) == null
                && ServerErrors.messageOf(problem).contains("does not support SSL");
    }
}
