package warp.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import warp.sandbox.PostgresServer;

/**
 * A backlog applied by the extension pglogical, of servers that have it. A subscription of it makes
 * its slot by itself, at the end of the log: so it is made, stopped, and put back to where the
 * backlog begins.
 *
 * <p>The destination has the library only while it takes part: its supervisor ignores what DROP
 * DATABASE asks of every process from version 15 on, which would wait for it up to three minutes.
 * At the source the extension and its node stay until the servers go, since what is sent is decided
 * by its tables as they were when the backlog was made.
 */
record PglogicalDrain(Servers servers) {

    static final String DATABASE = "drained_by_pglogical";

    private static final String PRELOAD = "shared_preload_libraries";
    private static final String PLUGINS = "output_plugin_libraries";
    private static final String ORIGIN = "pglogical_origin";
    private static final String SUBSCRIPTION = "pglogical_bench";
    private static final String NODE = "bench_destination";
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);

    /** The servers, the source started anew with it where both have it; else as they are. */
    static Servers load(Servers servers) throws SQLException {
        if (version(servers.source()).isEmpty() || version(servers.destination()).isEmpty()) {
            return servers;
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(PRELOAD, "pglogical");
        // newer minor versions refuse output plugins that nobody has approved
        String approved =
                Servers.string(
                        servers.source(),
                        "postgres",
                        "SELECT coalesce(current_setting('%s', true), '')".formatted(PLUGINS));
        if (!approved.isEmpty()) {
            settings.put(PLUGINS, approved + ", pglogical_output");
        }
        restart(servers.source(), settings);
        return servers.showing(settings);
    }

    private static void restart(PostgresServer server, Map<String, String> lists)
            throws SQLException {
        for (Map.Entry<String, String> each : lists.entrySet()) {
            server.execute(
                    "postgres",
                    "ALTER SYSTEM SET %s = %s".formatted(each.getKey(), each.getValue()));
        }
        server.restart();
    }

    /** Whether {@link #load} found it. */
    static boolean isIn(Servers servers) {
        return servers.shownSettings().containsKey(PRELOAD);
    }

    /** What the report says of it among the programs. */
    static String described(Servers servers) throws SQLException {
        return isIn(servers)
                ? "pglogical " + version(servers.source())
                : "pglogical: the servers do not have it";
    }

    /** Empty where the server does not have it. */
    private static String version(PostgresServer server) throws SQLException {
        return Servers.string(
                server,
                "postgres",
                "SELECT coalesce(max(default_version), '') FROM pg_available_extensions WHERE name"
                        + " = 'pglogical'");
    }

    /** Before the backlog is made: says what of it is sent, and keeps its beginning. */
    static void prepareSource(PostgresServer source) throws SQLException {
        source.execute(
                DrainStage.SOURCE,
                "CREATE EXTENSION pglogical",
                node("bench_source", source.uri(DrainStage.SOURCE)),
                // of a table without a key it sends but what is added
                """
                SELECT pglogical.replication_set_add_table(
                    CASE WHEN EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)
                        THEN 'default' ELSE 'default_insert_only' END, c.oid)
                FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                """,
                "SELECT pg_create_logical_replication_slot('%s', 'pglogical_output')"
                        .formatted(ORIGIN));
    }

    private static String node(String name, String uri) {
        return "SELECT pglogical.create_node('%s', '%s')".formatted(name, uri);
    }

    void prepare() throws SQLException {
        PostgresServer source = servers.source();
        PostgresServer destination = servers.destination();
        restart(destination, Map.of(PRELOAD, "pglogical"));
        servers.copyAtDestination(DrainStage.NATIVE_ORIGIN, DATABASE);
        destination.execute(
                DATABASE,
                "CREATE EXTENSION pglogical",
                node(NODE, destination.uri(DATABASE)),
                """
                SELECT pglogical.create_subscription('%s', '%s', synchronize_structure := false,
                    synchronize_data := false, forward_origins := '{}')
                """
                        .formatted(SUBSCRIPTION, source.uri(DrainStage.SOURCE)));
        try (Connection connection = destination.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            Waiting.until(
                    statement,
                    "SELECT FROM pglogical.show_subscription_status() WHERE status = 'replicating'",
                    "pglogical begins",
                    WAIT_MAX);
            statement.execute(alter("disable"));
            Waiting.until(
                    statement,
                    "SELECT WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type LIKE"
                            + " 'pglogical apply%')",
                    "pglogical pauses",
                    WAIT_MAX);
        }
        rewind();
    }

    /** Slot and origin have the same name. */
    private void rewind() throws SQLException {
        PostgresServer source = servers.source();
        PostgresServer destination = servers.destination();
        String slot =
                Servers.string(
                        destination, DATABASE, "SELECT sub_slot_name FROM pglogical.subscription");
        try (Connection connection = source.connect(DrainStage.SOURCE);
                Statement statement = connection.createStatement()) {
            Waiting.until(
                    statement,
                    "SELECT FROM pg_replication_slots WHERE slot_name = '%s' AND NOT active"
                            .formatted(slot),
                    "pglogical leaves its slot",
                    WAIT_MAX);
        }
        DrainStage.copySlot(source, ORIGIN, slot);
        String beginning =
                Servers.string(
                        source,
                        DrainStage.SOURCE,
                        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name ="
                                + " '%s'".formatted(ORIGIN));
        destination.execute(
                DATABASE,
                "SELECT pg_replication_origin_advance('%s', '%s')".formatted(slot, beginning));
    }

    private static String alter(String verb) {
        return "SELECT pglogical.alter_subscription_%s('%s', true)".formatted(verb, SUBSCRIPTION);
    }

    void run() throws SQLException {
        try (Connection connection = servers.destination().connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute(alter("enable"));
            DrainStage.awaitMarker(statement, "pglogical is done");
        }
    }

    void tidy() throws SQLException {
        PostgresServer destination = servers.destination();
        destination.execute(
                DATABASE,
                "SELECT pglogical.drop_subscription('%s')".formatted(SUBSCRIPTION), // with its slot
                "SELECT pglogical.drop_node('%s')".formatted(NODE),
                "DROP EXTENSION pglogical CASCADE",
                "ALTER SYSTEM RESET " + PRELOAD);
        destination.restart();
        Servers.drop(destination, DATABASE);
    }
}
