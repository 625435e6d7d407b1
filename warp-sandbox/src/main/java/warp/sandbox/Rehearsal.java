package warp.sandbox;

import java.io.File;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command beside two servers that are there for nothing else: {@code scripts/jvm} shows the
 * JVM a whole migration that way. The source is written to meanwhile. The URIs of source and
 * destination are the command's last two arguments.
 *
 * <p>Exit codes: the command's; 3 where there can be no servers, and the command was not run.
 * Nothing is fetched: who has not asked for servers yet does not get any.
 */
public final class Rehearsal {

    private static final int NO_SERVERS = 3;
    private static final int SECONDS_MAX = 60;
    private static final int PAUSE_MILLIS = 20;
    private static final String DATABASE = "rehearsal";

    private static final String TABLES =
            "CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, since timestamptz);"
                    + " CREATE TABLE purchase (id bigint PRIMARY KEY, customer int REFERENCES"
                    + " customer, amount numeric(12, 2)); CREATE INDEX ON purchase (customer);"
                    + " CREATE TABLE visit (customer int, at timestamptz);"
                    + " CREATE SEQUENCE number";

    private static final String ROWS =
            "INSERT INTO customer SELECT g, 'name ' || g, now() FROM generate_series(1, 1000) g;"
                + " INSERT INTO purchase SELECT g, g % 1000 + 1, g FROM generate_series(1, 5000) g";

    private static final String CHANGES =
            "INSERT INTO purchase SELECT 10000 + nextval('number'), 1, 1; UPDATE customer SET since"
                + " = now() WHERE id = 1; INSERT INTO visit VALUES (1, now()); DELETE FROM purchase"
                + " WHERE id = currval('number')";

    private Rehearsal() {}

    public static void main(String[] command) {
        System.exit(run(List.of(command)));
    }

    private static int run(List<String> command) {
        String version = PostgresBinaries.newest();
        if (!PostgresBinaries.areHere(version)) {
            return NO_SERVERS;
        }
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start(version)) {
            source.createDatabase(DATABASE);
            destination.createDatabase(DATABASE);
            source.execute(DATABASE, TABLES, ROWS);
            destination.execute(DATABASE, TABLES);
            List<String> complete = new ArrayList<>(command);
            complete.add(source.uri(DATABASE));
            complete.add(destination.uri(DATABASE));
            Process process =
                    new ProcessBuilder(complete)
                            .redirectInput(new File("/dev/null"))
                            .inheritIO()
                            .start();
            return attend(process, source);
        } catch (SandboxException | SQLException | IOException problem) {
            System.err.println("no rehearsal with servers: " + problem.getMessage());
            return NO_SERVERS;
        }
    }

    private static int attend(Process process, PostgresServer source) throws SQLException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        try (Connection connection = source.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            while (!process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > end) {
                    throw new SandboxException("it took longer than " + SECONDS_MAX + " s");
                }
                statement.execute(CHANGES);
            }
            return process.exitValue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted", stopped);
        } finally {
            process.destroyForcibly();
        }
    }
}
