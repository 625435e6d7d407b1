package warp.process;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import warp.error.PlannedFault;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;

/**
 * One database of that name at both servers, and the command that moves it.
 *
 * @param name also the slot's name
 * @param folder where Warp runs
 */
record MovedDatabase(PostgresServer source, PostgresServer destination, String name, Path folder) {

    /**
     * Waits while the advisory lock of that number is held by somebody else: what calls it can be
     * held at a known place. Costs nothing worth mentioning when the lock is free.
     */
    private static final String GATE =
            "CREATE FUNCTION public.gate(lock int, value int) RETURNS int LANGUAGE plpgsql"
                    + " IMMUTABLE AS $$ BEGIN PERFORM pg_catalog.pg_advisory_xact_lock_shared(4711,"
                    + " lock); RETURN value; END $$";

    /** Gates of the table {@code gated}: the copy of its rows, the build of its index. */
    static final int COPY = 1;

    static final int INDEX = 2;

    static MovedDatabase create(
            PostgresServer source, PostgresServer destination, String name, Path folder)
            throws SQLException {
        source.createDatabase(name);
        destination.createDatabase(name);
        return new MovedDatabase(source, destination, name, folder);
    }

    /** Runs statements at both sides. */
    MovedDatabase onBoth(String... statements) throws SQLException {
        source.execute(name, statements);
        destination.execute(name, statements);
        return this;
    }

    /**
     * A filled table with an index, a key, a foreign key and a trigger, large enough for Warp to
     * take its index away, whose copy and whose index build can be held at a gate.
     */
    MovedDatabase withGatedTable() throws SQLException {
        onBoth(
                GATE,
                "CREATE TABLE public.kind (id int PRIMARY KEY, name text)",
                "CREATE TABLE public.gated (id int PRIMARY KEY, kind int REFERENCES public.kind,"
                        + " filler text)",
                "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " RETURN NEW; END $$");
        source.execute(
                name,
                "INSERT INTO public.kind SELECT i, 'kind ' || i FROM generate_series(1, 10) i",
                "INSERT INTO public.gated SELECT i, 1 + i % 10, repeat('x', 200) FROM"
                        + " generate_series(1, 10000) i");
        destination.execute(
                name,
                "ALTER TABLE public.gated ADD CHECK (public.gate(1, id) = id)",
                "CREATE INDEX gated_gate ON public.gated (public.gate(2, id))",
                "CREATE TRIGGER note BEFORE INSERT ON public.gated FOR EACH ROW EXECUTE PROCEDURE"
                        + " public.note()",
                "ALTER TABLE public.gated ENABLE ALWAYS TRIGGER note");
        return this;
    }

    /** Holds a gate of the destination shut until closed. */
    Connection shut(int gate) throws SQLException {
        Connection holder = destination.connect(name);
        try (Statement statement = holder.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(4711, " + gate + ")");
            return holder;
        } catch (SQLException problem) {
            holder.close();
            throw problem;
        }
    }

    /** Waits until Warp stands at a gate that is shut. */
    void awaitWarpAt(int gate) throws SQLException {
        await(
                destination,
                "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND"
                        + " classid = 4711 AND objid = "
                        + gate);
    }

    /** Waits until a query gives true. */
    void await(PostgresServer server, String query) throws SQLException {
        await(server, query, WarpChild.PATIENCE);
    }

    /** Waits for so long until a query gives true. */
    void await(PostgresServer server, String query, Duration atMost) throws SQLException {
        long deadline = System.nanoTime() + atMost.toNanos();
        try (Connection connection = server.connect(name)) {
            while (!Boolean.parseBoolean(one(connection, query).replace("t", "true"))) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("never true: " + query);
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    /** Starts {@code warp} with these switches besides the connections and the slot. */
    WarpChild warp(String... switches) {
        return WarpChild.start(folder, arguments(List.of(switches)));
    }

    /** Starts one that will fail. */
    WarpChild warp(PlannedFault fault, List<String> switches) {
        return WarpChild.start(
                folder, List.of("-D" + PlannedFault.PROPERTY + "=" + fault), arguments(switches));
    }

    /** The whole command line. */
    List<String> arguments(List<String> switches) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--source",
                                source.uri(name),
                                "--destination",
                                destination.uri(name),
                                "--slot",
                                name));
        arguments.addAll(switches);
        return arguments;
    }

    /** Lets Warp apply everything that has happened, and compares all rows of both sides. */
    Comparison finishAndCompare() throws SQLException {
        try (WarpChild warp = warp("--yes", "--until", "caught-up")) {
            int code = warp.exitCode();
            if (code != 0) {
                throw new AssertionError("code " + code + "\n" + warp);
            }
        }
        return compare();
    }

    /** Compares all rows of both sides. */
    Comparison compare() throws SQLException {
        try (Connection one = source.connect(name);
                Connection other = destination.connect(name)) {
            return DatabaseContent.compare(one, other);
        }
    }

    /** What a query gives at a server, row by row. */
    List<String> rows(PostgresServer server, String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    /** Everything in both catalogs that a migration may touch. */
    List<String> catalogs() throws SQLException {
        List<String> found = new ArrayList<>();
        for (PostgresServer server : List.of(source, destination)) {
            found.add("-- " + server.port());
            found.addAll(
                    rows(
                            server,
                            """
                            SELECT format('schema %s', nspname) FROM pg_namespace
                             WHERE nspname NOT LIKE 'pg\\_t%'
                            UNION ALL
                            SELECT format('relation %s of kind %s', oid::regclass, relkind)
                              FROM pg_class WHERE relnamespace::regnamespace::text
                                   NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
                            UNION ALL
                            SELECT format('index %s', indexdef) FROM pg_indexes
                             WHERE schemaname NOT IN ('pg_catalog', 'pg_toast')
                            UNION ALL
                            SELECT format('constraint %s of %s: %s, validated %s', conname,
                                   conrelid::regclass, pg_get_constraintdef(oid), convalidated)
                              FROM pg_constraint WHERE conrelid <> 0
                            UNION ALL
                            SELECT format('trigger %s of %s, %s', tgname, tgrelid::regclass,
                                   tgenabled) FROM pg_trigger WHERE NOT tgisinternal
                            UNION ALL
                            SELECT format('publication %s', pubname) FROM pg_publication
                            UNION ALL
                            SELECT format('slot %s', slot_name) FROM pg_replication_slots
                             WHERE database = current_database()
                             ORDER BY 1
                            """));
        }
        return found;
    }
}
