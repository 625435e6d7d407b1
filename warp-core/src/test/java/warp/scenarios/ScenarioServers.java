package warp.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import warp.sandbox.PostgresServer;

/**
 * A source and a destination of each version, started when the first scenario asks for them. They
 * are apart even for one version, since roles belong to a server. For any thread.
 */
final class ScenarioServers implements AutoCloseable {

    private final Map<String, CompletableFuture<PostgresServer>> sources =
            new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<PostgresServer>> destinations =
            new ConcurrentHashMap<>();

    PostgresServer source(String version) {
        return sources.computeIfAbsent(version, ScenarioServers::start).join();
    }

    PostgresServer destination(String version) {
        return destinations.computeIfAbsent(version, ScenarioServers::start).join();
    }

    private static CompletableFuture<PostgresServer> start(String version) {
        return CompletableFuture.supplyAsync(() ->
                PostgresServer.builder(version)
                        .setting("max_connections", "200")
                        .setting("max_prepared_transactions", "10")
                        .setting("max_locks_per_transaction", "256")
                        .start());
    }

    @Override
    public void close() {
        List<CompletableFuture<PostgresServer>> all = new ArrayList<>(sources.values());
        all.addAll(destinations.values());
        all.forEach(server -> server.join().close());
    }
}
