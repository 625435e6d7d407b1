package warp.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.postgresql.PGProperty;
import warp.config.ConnectionSettings;
import warp.config.Warning;
import warp.error.WarpException;
import warp.model.ServerVersion;
import warp.model.Side;
import warp.postgres.tls.TlsConfiguration;
import warp.postgres.wire.Vigil;
import warp.postgres.wire.WireChannel;
import warp.postgres.wire.WireSession;

/**
 * Opens sessions to one database. Immutable; for any number of threads.
 *
 * <p>Every session has the same settings, whatever role and database were given by {@code ALTER
 * ROLE … SET}: those that decide how a value is printed, those that could end a session that is
 * waiting by design, an empty search path, and {@code row_security = off}, which turns rows
 * silently hidden by a policy into an error.
 */
public final class Connector {

    private static final String PRINTING =
            "-c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=3 -c bytea_output=hex"
                    + " -c search_path= -c lc_monetary=C -c xmloption=content"
                    + " -c statement_timeout=0 -c lock_timeout=0";

    private final ConnectionSettings settings;
    private final String applicationName;
    private final LoginPassword.Said said;
    private final Set<InetSocketAddress> withoutTls = ConcurrentHashMap.newKeySet();
    private final ServerWitness witness;

    /** As the other one, for who has nobody to warn. */
    public Connector(ConnectionSettings settings, String applicationName) {
        this(settings, applicationName, warning -> {});
    }

    /**
     * @param applicationName what {@code pg_stat_activity} shows; cut to 63 bytes by the server
     * @param warnings told once where a password goes through a network for all to read, before it
     *     does; from any thread
     */
    public Connector(
            ConnectionSettings settings, String applicationName, Consumer<Warning> warnings) {
        this(settings, applicationName, warnings, InetAddress::isLoopbackAddress);
    }

    /**
     * @param within whether the way to an address leads through no network
     */
    Connector(
            ConnectionSettings settings,
            String applicationName,
            Consumer<Warning> warnings,
            Predicate<InetAddress> within) {
        this.settings = settings;
        this.applicationName = applicationName;
        this.said = new LoginPassword.Said(warnings, within);
        this.witness = new ServerWitness(one -> login(one, properties()));
    }

    public Side side() {
        return settings.side();
    }

    public ConnectionSettings settings() {
        return settings;
    }

    /** Opens an ordinary session. */
    public Session open() {
        Login.Opened opened = login(properties()).open();
        Connection connection = opened.connection();
        Vigil vigil = watch(opened);
        try {
            int announced = opened.process().get();
            ServerVersion version = applySettings(connection, opened.process());
            return new Session(this, connection, version, vigil, announced, opened.process().get());
        } catch (SQLException problem) {
            vigil.close();
            close(connection, problem);
            throw ServerErrors.from(side(), problem);
        } catch (WarpException problem) {
            vigil.close();
            close(connection, problem);
            throw problem;
        }
    }

    private static ServerVersion applySettings(Connection connection, AtomicInteger process)
            throws SQLException {
        String query = SessionSettings.query(loginVersion(connection));
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            process.set(result.getInt(SessionSettings.PROCESS));
            return new ServerVersion(result.getInt(SessionSettings.VERSION));
        }
    }

    /** The major version, as far as the login tells: a pooler may tell another. */
    private static int loginVersion(Connection connection) {
        try {
            return connection.getMetaData().getDatabaseMajorVersion();
        } catch (SQLException problem) {
            throw new IllegalStateException("the driver knows the version from the login", problem);
        }
    }

    private Vigil watch(Login.Opened opened) {
        SocketCapture sockets = opened.sockets();
        return Vigil.start(
                Duration.ofMillis(settings.liveness().silenceMillisMax()),
                () -> witness.look(settings, sockets.host(), opened.process().get()),
                sockets::abort);
    }

    /** Opens a session for COPY and pipelined statements. */
    public WireSession openWire() {
        Login.Opened opened = login(properties()).open();
        WireSession session = takeOver(opened);
        applySettings(session, opened);
        return session;
    }

    /** Opens a walsender session bound to the database ("Streaming Replication Protocol"). */
    public WireSession openReplication() {
        Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        // A walsender before 10 runs no SET, so its settings come with the start of the session.
        // One that the server does not know would refuse the login, hence only those that every
        // version has. They stand behind the user's own: the last for a name holds.
        PGProperty.OPTIONS.set(properties, (settings.options() + " " + PRINTING).strip());
        Login.Opened opened = login(properties).open();
        boolean queries = loginVersion(opened.connection()) >= 10;
        WireSession session = takeOver(opened);
        if (queries) {
            applySettings(session, opened);
        }
        return session;
    }

    private void applySettings(WireSession session, Login.Opened opened) {
        try {
            // A server always tells; of one that does not, the number of the login is all we know.
            session.queryText(SessionSettings.query(loginVersion(opened.connection())))
                    .map(Integer::valueOf)
                    .ifPresent(opened.process()::set);
        } catch (WarpException problem) {
            session.close();
            throw problem;
        }
    }

    private WireSession takeOver(Login.Opened opened) {
        try {
            Socket socket = opened.sockets().newest();
            socket.setSoTimeout(0);
            WireChannel channel =
                    new WireChannel(socket, opened.sockets().transport(), watch(opened));
            return new WireSession(side(), opened.connection(), channel);
        } catch (IOException problem) {
            close(opened.connection(), problem);
            throw ServerErrors.from(side(), problem);
        }
    }

    private static void close(Connection connection, Exception reason) {
        try {
            connection.close();
        } catch (SQLException problem) {
            reason.addSuppressed(problem);
        }
    }

    private Login login(Properties properties) {
        return login(settings, properties);
    }

    private Login login(ConnectionSettings where, Properties properties) {
        TlsConfiguration tls =
                new TlsConfiguration(side(), where.tls(), TlsConfiguration.defaultFolder());
        return new Login(where, properties, tls, said, withoutTls);
    }

    private Properties properties() {
        Properties properties = new Properties();
        PGProperty.PG_DBNAME.set(properties, settings.database());
        PGProperty.USER.set(properties, settings.user());
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.4");
        // Detail fields quote row values, which must not reach a log.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        if (!settings.options().isEmpty()) {
            PGProperty.OPTIONS.set(properties, settings.options());
        }
        return properties;
    }
}
