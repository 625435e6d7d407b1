package warp.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server on a free port of 127.0.0.1, its data in a temporary folder. Superuser
 * {@link #USER} with {@link #PASSWORD}. Ready for logical replication; {@code fsync} is off unless
 * asked for. {@link #close} (or, failing that, the end of the JVM, however it ends) leaves neither
 * process nor file.
 *
 * <p>Any thread may use it; starting and stopping exclude each other.
 */
public final class PostgresServer implements AutoCloseable {

    /** The superuser's name. */
    public static final String USER = "postgres";

    /** The superuser's password. */
    public static final String PASSWORD = ClusterTemplate.PASSWORD;

    private static final int LOG_TAIL_LINES = 40;
    private static final long START_MILLIS_MAX = 60_000;
    private static final long STOP_MILLIS_MAX = 60_000;
    private static final int PORT_ATTEMPTS = 10;

    private final String version;
    private final PostgresBinaries binaries;
    private final ServerAccount account;
    private final Path folder;
    private final Thread shutdownHook;
    private final Watchdog watchdog;
    private int port;
    private @Nullable Postmaster postmaster;
    private boolean frozen;
    private SharedMemory orphaned = SharedMemory.NONE;

    private PostgresServer(Builder builder) {
        this.version = builder.version;
        this.binaries = builder.binaries.get();
        this.account = ServerAccount.current();
        try {
            this.folder = Files.createTempDirectory(builder.parent, "warp-sandbox-");
            account.own(folder);
        } catch (IOException e) {
            throw new SandboxException("cannot make a folder for a server's data", e);
        }
        this.watchdog = Watchdog.over(folder, account);
        this.shutdownHook = new Thread(this::endWithJvm, "discard " + folder.getFileName());
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /**
     * Settings of a server to start.
     *
     * @param version one of {@link PostgresBinaries#majors}
     */
    public static Builder builder(String version) {
        return new Builder(version, () -> PostgresBinaries.of(version));
    }

    /** Settings of a server to start with these programs. */
    public static Builder builder(PostgresBinaries programs) {
        return new Builder(programs.major(), () -> programs);
    }

    /** A running server with the default settings. */
    public static PostgresServer start(String version) {
        return builder(version).start();
    }

    /** The major version: {@code 9.6} or {@code 18}. */
    public String version() {
        return version;
    }

    /** Where it listens on 127.0.0.1; the same after a restart. */
    public synchronized int port() {
        return port;
    }

    /** The data directory. */
    public Path data() {
        return folder.resolve("data");
    }

    /** {@code postgresql://postgres:…@127.0.0.1:port/database}, as libpq reads it. */
    public String uri(String database) {
        return uri(database, USER, PASSWORD);
    }

    /** A connection URI for another user; any character may be in any part. */
    public String uri(String database, String user, String password) {
        return "postgresql://%s:%s@127.0.0.1:%d/%s"
                .formatted(encode(user), encode(password), port(), encode(database));
    }

    /** The address for JDBC, without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), encode(database));
    }

    /** A new session of the superuser, autocommit on. */
    public Connection connect(String database) throws SQLException {
        return connect(database, USER, PASSWORD);
    }

    /** A new session of another user, autocommit on. */
    public Connection connect(String database, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "warp-sandbox");
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** Creates an empty database with the server's encoding. */
    public void createDatabase(String name) throws SQLException {
        createDatabase(name, "");
    }

    /**
     * Creates an empty database. Since 15 a server writes a new one to its log page by page unless
     * told otherwise, which costs three times as much processor time as copying the files.
     *
     * @param options more of {@code CREATE DATABASE}: {@code ENCODING 'LATIN1'}
     */
    public void createDatabase(String name, String options) throws SQLException {
        execute(
                "postgres",
                "CREATE DATABASE \"%s\" TEMPLATE template0%s %s"
                        .formatted(
                                name.replace("\"", "\"\""),
                                isAtLeast(15) ? " STRATEGY file_copy" : "",
                                options));
    }

    private boolean isAtLeast(int major) {
        return Double.parseDouble(version) >= major;
    }

    /** Runs statements in a database, as the superuser, in one session with autocommit. */
    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public synchronized boolean isRunning() {
        return postmaster != null && postmaster.isAlive();
    }

    /**
     * Starts it again, on the same port with the same data; recovers first if it was killed.
     *
     * @throws SandboxException with the end of the server's log, if it is not ready in a minute
     */
    public synchronized void start() {
        if (isRunning()) {
            throw new IllegalStateException("the server runs already");
        }
        Postmaster started = Postmaster.launch(binaries, account, data(), port, log(), watchdog);
        postmaster = started;
        orphaned = SharedMemory.NONE; // the server frees it
        awaitReady(started);
    }

    /** Ends all sessions and stops it; nothing is lost. Does nothing when it does not run. */
    public synchronized void stop() {
        Postmaster running = postmaster;
        if (running != null) {
            postmaster = null;
            orphaned = running.stopFast(STOP_MILLIS_MAX);
        }
    }

    /**
     * Stops it without a word to its sessions and without a checkpoint: {@link #start()} recovers.
     * Does nothing when it does not run.
     */
    public synchronized void stopImmediately() {
        Postmaster running = postmaster;
        if (running != null) {
            postmaster = null;
            orphaned = running.stopImmediately();
        }
    }

    /**
     * Stops all its processes where they are, by SIGSTOP, as a machine that hangs would: sessions
     * stay open and nobody answers. It is to {@link #thaw} before anything else is done with it but
     * {@link #killHard} and {@link #close}.
     */
    public synchronized void freeze() {
        Postmaster running = postmaster;
        if (running != null) {
            frozen = true;
            running.freeze();
        }
    }

    /** Lets it go on after {@link #freeze}. */
    public synchronized void thaw() {
        Postmaster running = postmaster;
        if (running != null && frozen) {
            running.thaw();
        }
        frozen = false;
    }

    /**
     * Moves its log ({@code pg_wal}), onto another disk for one, where it stays.
     *
     * @param place is made; the user that servers run as must get there
     */
    public synchronized void moveLog(Path place) {
        if (isRunning()) {
            throw new IllegalStateException("the server runs");
        }
        Path log = data().resolve("pg_wal");
        ChildCommand.run(List.of("mv", log.toString(), place.toString()), folder);
        try {
            Files.createSymbolicLink(log, place);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** {@link #stop} and {@link #start()}. */
    public synchronized void restart() {
        stop();
        start();
    }

    /**
     * Kills the server with all its processes by SIGKILL, as a power failure would. {@link
     * #start()} recovers. Does nothing when it does not run.
     */
    public synchronized void killHard() {
        Postmaster running = postmaster;
        if (running != null) {
            postmaster = null;
            frozen = false;
            orphaned = running.kill();
        }
    }

    /** The last lines of the server's log. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
            return String.join(
                    System.lineSeparator(),
                    lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }

    /** The server's whole log file; gone after {@link #close}. */
    public Path log() {
        return folder.resolve("server.log");
    }

    /** Stops it and deletes its data. Doing it twice does no harm. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException _) {
            return; // the JVM is ending: the hook does the work
        }
        try {
            discard();
        } finally {
            watchdog.dismiss();
        }
    }

    /** What another thread is starting or writing just now is left to the watchdog. */
    private void endWithJvm() {
        try {
            discard();
        } catch (UncheckedIOException _) {
            // see above
        }
    }

    private synchronized void discard() {
        Postmaster running = postmaster;
        thaw();
        postmaster = null;
        try {
            if (running != null) {
                orphaned = running.stopImmediately();
            }
            FileTree.delete(folder);
            orphaned.free();
            orphaned = SharedMemory.NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void initialise(Builder builder) throws IOException {
        ClusterTemplate.copyTo(data(), binaries, builder.encoding, account);
        Files.createFile(log());
        account.own(log());
        var files = new ConfigurationFiles(data(), account);
        Map<String, String> settings = new LinkedHashMap<>(builder.settings);
        if (builder.certificate != null && builder.certificateKey != null) {
            settings.putIfAbsent("ssl", "on");
            files.install(builder.certificate, "server.crt");
            files.install(builder.certificateKey, "server.key");
        }
        files.addSettings(settings);
        files.setRules(builder.hbaLines, ClusterTemplate.authentication(binaries));
    }

    private synchronized void startOnFreePort() {
        for (int attempt = 1; ; attempt++) {
            port = FreePort.find();
            try {
                start();
                return;
            } catch (SandboxException e) {
                boolean taken = logTail().contains("Address already in use");
                if (!taken || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void awaitReady(Postmaster started) {
        long deadline = System.nanoTime() + START_MILLIS_MAX * 1_000_000;
        SQLException last = new SQLException("it answers for another server, or not yet");
        do {
            if (started.awaitEnd(10)) {
                postmaster = null;
                throw new SandboxException("PostgreSQL " + version + " ended:\n" + logTail());
            }
            try {
                // It listens at 127.0.0.1 alone: where it cannot, it ends.
                if (isAtLeast(10) ? started.saysReady() : isOurs()) {
                    return;
                }
            } catch (SQLException e) {
                last = e;
            }
        } while (System.nanoTime() < deadline);
        killHard();
        throw new SandboxException(
                "PostgreSQL %s is not ready after %d s:%n%s"
                        .formatted(version, START_MILLIS_MAX / 1000, logTail()),
                last);
    }

    /** Whether it is this server that answers, not another one that was quicker with the port. */
    private boolean isOurs() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT current_setting('data_directory')")) {
            return row.next() && data().toString().equals(row.getString(1));
        }
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Collects the settings of one server. For one thread. */
    public static final class Builder {

        private final String version;
        private final Supplier<PostgresBinaries> binaries;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> hbaLines = new ArrayList<>();
        private String encoding = "UTF8";
        private Path parent = usualFolder();
        private @Nullable Path certificate;
        private @Nullable Path certificateKey;

        private Builder(String version, Supplier<PostgresBinaries> binaries) {
            this.version = version;
            this.binaries = binaries;
            settings.put("listen_addresses", "127.0.0.1");
            settings.put("unix_socket_directories", "");
            settings.put("wal_level", "logical");
            settings.put("max_wal_senders", "20");
            settings.put("max_replication_slots", "20");
            settings.put("timezone", "UTC");
            settings.put("log_timezone", "UTC");
            settings.put("log_line_prefix", "%m [%p] %q%a ");
            durable(false);
        }

        /** Of system property {@code warp.sandbox.folder}; else that for temporary files. */
        private static Path usualFolder() {
            String asked = System.getProperty("warp.sandbox.folder", "");
            return Path.of(asked.isEmpty() ? System.getProperty("java.io.tmpdir") : asked);
        }

        /** Any line of {@code postgresql.conf}; the last for a name holds. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Whether to survive a crash of the machine: {@code fsync}. Off by default. */
        public Builder durable(boolean durable) {
            setting("fsync", durable ? "on" : "off");
            return setting("full_page_writes", durable ? "on" : "off");
        }

        /**
         * Where its own temporary folder is made, with the data and the log: a {@link SmallDisk},
         * for one. The user that servers run as must get there.
         */
        public Builder folder(Path inside) {
            parent = inside;
            return this;
        }

        /** A line of {@code pg_hba.conf}, before the standard ones. */
        public Builder hba(String line) {
            hbaLines.add(line);
            return this;
        }

        /** Switches TLS on with copies of these PEM files; other TLS settings are settings. */
        public Builder tls(Path serverCertificate, Path serverKey) {
            certificate = serverCertificate;
            certificateKey = serverKey;
            return this;
        }

        /** The encoding of its databases: UTF8 if not said. The locale is C always. */
        public Builder encoding(String serverEncoding) {
            encoding = serverEncoding;
            return this;
        }

        /**
         * Starts the server and returns when it accepts sessions.
         *
         * @throws SandboxException if it cannot; nothing is left behind then
         */
        public PostgresServer start() {
            PostgresServer server = new PostgresServer(this);
            try {
                server.initialise(this);
                server.startOnFreePort();
                return server;
            } catch (IOException e) {
                server.close();
                throw new SandboxException("cannot configure a server", e);
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }
    }
}
