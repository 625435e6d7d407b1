package warp.process;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import warp.sandbox.PostgresServer;

/** A source and a destination for the tests of one class, each test with databases of its own. */
final class ProcessPair implements AutoCloseable {

    private final PostgresServer source = PostgresServer.start("18");
    private final PostgresServer destination = PostgresServer.start("18");
    private final AtomicInteger count = new AtomicInteger();

    PostgresServer source() {
        return source;
    }

    PostgresServer destination() {
        return destination;
    }

    /** New databases at both sides, called {@code moved_1} and so on. */
    MovedDatabase database(Path folder) throws SQLException {
        return MovedDatabase.create(
                source, destination, "moved_" + count.incrementAndGet(), folder);
    }

    @Override
    public void close() {
        destination.close();
        source.close();
    }
}
