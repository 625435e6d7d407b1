package warp.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
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

    /** From 14 on; only Linux is sure to be able to look at a socket meanwhile. */
    private static final String CLIENT_CHECK = "client_connection_check_interval";

    /** Name and value of each setting; one that a server does not have yet is left out. */
    private static final String[][] SETTINGS = {
        {"DateStyle", "ISO, MDY"},
        {"IntervalStyle", "postgres"},
        {"TimeZone", "UTC"},
        {"extra_float_digits", "3"},
        {"bytea_output", "hex"},
        {"xmloption", "content"},
        {"lc_monetary", "C"},
        {"search_path", ""},
        {"row_security", "off"},
        {"standard_conforming_strings", "on"},
        {"quote_all_identifiers", "off"},
        {"array_nulls", "on"},
        {"client_min_messages", "error"},
        {"statement_timeout", "0"},
        {"lock_timeout", "0"},
        {"idle_in_transaction_session_timeout", "0"},
        {"idle_session_timeout", "0"},
        {"transaction_timeout", "0"},
        {"default_transaction_read_only", "off"},
        {"default_transaction_isolation", "read committed"},
        {"default_transaction_deferrable", "off"},
        {"transform_null_equals", "off"},
        {"sql_inheritance", "on"},
        // A Warp that was killed must not leave a statement behind that works, or waits with
        // locks held, for nobody.
        {CLIENT_CHECK, "5s"},
        // The same for one that waits for a Warp whose machine is gone: it would hold its locks for
        // the two hours that systems wait by default. Sockets of Unix pass it over.
        {"tcp_keepalives_idle", "60"},
        {"tcp_keepalives_interval", "10"},
        {"tcp_keepalives_count", "6"},
        {"tcp_user_timeout", "120000"},
    };

    private static final String PRINTING =
            "-c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=3 -c bytea_output=hex"
                    + " -c search_path= -c lc_monetary=C -c xmloption=content"
                    + " -c statement_timeout=0 -c lock_timeout=0";

    private final ConnectionSettings settings;
    private final String applicationName;
    private final LoginPassword.Said said;
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
            Session session = new Session(this, connection, version(connection), vigil, announced);
            opened.process().set(session.queryOne(settingsQuery()).integer("pid"));
            return session;
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
        boolean queries = hasQueries(opened.connection());
        WireSession session = takeOver(opened);
        if (queries) {
            applySettings(session, opened);
        }
        return session;
    }

    private static boolean hasQueries(Connection connection) {
        try {
            return connection.getMetaData().getDatabaseMajorVersion() >= 10;
        } catch (SQLException problem) {
            throw new IllegalStateException("the driver knows the version from the login", problem);
        }
    }

    private void applySettings(WireSession session, Login.Opened opened) {
        try {
            // A server always tells; of one that does not, the number of the login is all we know.
            session.queryText(settingsQuery())
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
        return new Login(where, properties, tls, said);
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

    private static ServerVersion version(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                "SELECT current_setting('server_version_num')::int")) {
            result.next();
            return new ServerVersion(result.getInt(1));
        }
    }

    /** Its one row tells the server's process too: a pooler announces a number of its own. */
    private static String settingsQuery() {
        StringBuilder values = new StringBuilder();
        for (String[] setting : SETTINGS) {
            values.append(values.isEmpty() ? "" : ", ")
                    .append("('%s', '%s')".formatted(setting[0], setting[1]));
        }
        return "SELECT pg_catalog.pg_backend_pid() AS pid,"
                + " pg_catalog.count(pg_catalog.set_config(s.name, v.value, false)) FROM (VALUES "
                + values
                + ") v (name, value) JOIN pg_catalog.pg_settings s"
                + " ON pg_catalog.lower(s.name) = pg_catalog.lower(v.name) WHERE s.name <> '"
                + CLIENT_CHECK
                + "' OR pg_catalog.version() LIKE '%linux%'";
    }
}
