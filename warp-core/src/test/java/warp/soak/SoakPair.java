package warp.soak;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.process.WarpChild;
import warp.sandbox.NetworkProxy;
import warp.sandbox.PostgresServer;

/**
 * Two servers that lose nothing when they are killed, a database at each, and the networks that
 * Warp reaches them by; who looks at them from outside does not go through these.
 */
final class SoakPair implements AutoCloseable {

    static final String DATABASE = "soak";
    static final String SLOT = "soak";

    private static final Path MEMORY = Path.of("/dev/shm");

    private static final String IS_THERE = "SELECT to_regclass('warp.migration') IS NOT NULL";

    /** A server and the network before it. */
    record End(PostgresServer server, NetworkProxy network) implements AutoCloseable {

        static End start(String version) {
            PostgresServer.Builder builder = PostgresServer.builder(version);
            if (Files.isWritable(MEMORY)) {
                // A killed server loses what it had not written; a disk only makes that take
                // longer.
                builder.folder(MEMORY);
            }
            PostgresServer server =
                    builder.durable(true)
                            .setting("shared_buffers", "32MB")
                            .setting("wal_sender_timeout", "10s")
                            .start();
            return new End(server, NetworkProxy.to(server.port()));
        }

        Connection connect() throws SQLException {
            return server.connect(DATABASE);
        }

        String uri() {
            return server.uri(DATABASE).replace(":" + server.port(), ":" + network.port());
        }

        /** The first column of every row. */
        List<String> rows(String query) throws SQLException {
            List<String> found = new ArrayList<>();
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    found.add(String.valueOf(rows.getString(1)));
                }
            }
            return found;
        }

        /** Good network, running server. */
        void mend() {
            network.calm();
            server.thaw();
            if (!server.isRunning()) {
                server.start();
            }
        }

        @Override
        public void close() {
            network.close();
            server.close();
        }
    }

    private final End source;
    private final End destination;
    private final Path folder;
    private final List<String> switches;
    private @Nullable Connection looking;

    private SoakPair(End source, End destination, Path folder, List<String> switches) {
        this.source = source;
        this.destination = destination;
        this.folder = folder;
        this.switches = switches;
    }

    static SoakPair start(SoakPlan plan, Path folder) throws SQLException {
        End source = End.start(plan.source());
        try {
            End destination = End.start(plan.destination());
            source.server().createDatabase(DATABASE);
            destination.server().createDatabase(DATABASE);
            return new SoakPair(source, destination, folder, plan.switches());
        } catch (SQLException | RuntimeException problem) {
            source.close();
            throw problem;
        }
    }

    End source() {
        return source;
    }

    End destination() {
        return destination;
    }

    Path folder() {
        return folder;
    }

    /** Starts the one command, with options for its JVM and more switches. */
    WarpChild warp(List<String> options, String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--source=" + source.uri());
        arguments.add("--destination=" + destination.uri());
        arguments.add("--slot=" + SLOT);
        arguments.addAll(switches);
        arguments.addAll(List.of(more));
        return WarpChild.start(folder, options, arguments);
    }

    /** How far a run is: what it has said, and else what the destination says. */
    SoakPhase phase(WarpChild warp) {
        String said = warp.toString();
        if (said.contains("Started replication")) {
            return SoakPhase.REPLICATE;
        }
        if (!SoakPhase.isPastChecks(said) || !destination.server().isRunning()) {
            return SoakPhase.CHECKS;
        }
        try {
            return knownPhase();
        } catch (SQLException gone) {
            forgetLooking();
            return SoakPhase.CHECKS;
        }
    }

    /** By one session for all looks, since logins cost more than what a small migration does. */
    private SoakPhase knownPhase() throws SQLException {
        Connection session = looking;
        if (session == null) {
            session = destination.connect();
            looking = session;
        }
        try (Statement statement = session.createStatement()) {
            statement.setQueryTimeout(2);
            try (ResultSet table = statement.executeQuery(IS_THERE)) {
                if (!table.next() || !table.getBoolean(1)) {
                    return SoakPhase.CHECKS;
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT phase FROM warp.migration")) {
                return row.next() ? SoakPhase.valueOf(row.getString(1)) : SoakPhase.CHECKS;
            }
        }
    }

    private void forgetLooking() {
        Connection session = looking;
        looking = null;
        if (session != null) {
            try {
                session.close();
            } catch (SQLException gone) {
                // That is why it is forgotten.
            }
        }
    }

    @Override
    public void close() {
        forgetLooking();
        try (source) {
            destination.close();
        }
    }
}
