package warp.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import warp.scenarios.VersionRules.Pair;

/**
 * Every folder of {@code scenarios/}. System properties choose: {@code warp.scenario} one by name,
 * {@code warp.from} and {@code warp.to} versions, {@code warp.scenarios=all} every pair of versions
 * instead of one for each scenario.
 */
class ScenariosPgTest {

    /** Runs wait for servers, timers and programs more than they compute. */
    private static final int AT_ONCE = 4;

    private static final Path SCENARIOS = Path.of("..", "scenarios");

    @TempDir private static Path folder;

    private static ScenarioServers servers;
    private static ExecutorService workers;

    /** Runs of one scenario have the same roles and databases: one after the other. */
    private final Map<String, ReentrantLock> running = new ConcurrentHashMap<>();

    /** Who brings {@code --roles} brings those of every case that runs at the same server. */
    private final ReadWriteLock roles = new ReentrantReadWriteLock(true);

    private record Planned(Scenario scenario, Pair pair) {

        String name() {
            return scenario.name() + ", " + pair;
        }
    }

    @BeforeAll
    static void start() {
        servers = new ScenarioServers();
        workers = Executors.newFixedThreadPool(AT_ONCE);
    }

    @AfterAll
    static void stop() {
        workers.shutdownNow();
        servers.close();
    }

    @TestFactory
    Stream<DynamicTest> scenario_endsAsItsFolderSays() {
        List<Planned> planned = plan();
        assertThat(planned).as("scenarios chosen").isNotEmpty();
        record Started(String name, Future<?> end) {}
        List<Started> started = new ArrayList<>();
        for (Planned one : planned) {
            started.add(new Started(one.name(), workers.submit(() -> run(one))));
        }
        return started.stream()
                .map(one ->
                        DynamicTest.dynamicTest(one.name(), () -> await(one.name(), one.end())));
    }

    /** Reports of test runs show a dynamic test by its number: its name must be in the message. */
    private static void await(String name, Future<?> end) throws InterruptedException {
        try {
            end.get();
        } catch (ExecutionException failed) {
            throw new AssertionError("scenario " + name, failed.getCause());
        }
    }

    private static List<Planned> plan() {
        String name = System.getProperty("warp.scenario", "");
        String from = System.getProperty("warp.from", "");
        String to = System.getProperty("warp.to", "");
        boolean all = System.getProperty("warp.scenarios", "").equals("all");
        List<Planned> planned = new ArrayList<>();
        for (Scenario scenario : Scenario.all(SCENARIOS)) {
            if (!name.isEmpty() && !List.of(name.split(",")).contains(scenario.name())) {
                continue;
            }
            List<Pair> pairs =
                    all || !from.isEmpty() || !to.isEmpty()
                            ? scenario.versions().pairs(from, to)
                            : List.of(scenario.versions().usual(scenario.name()));
            pairs.stream().flatMap(pair -> able(scenario, pair)).forEach(planned::add);
        }
        return planned;
    }

    /**
     * Where no pg_dump here reads the source, the schema is made by hand if that means the same.
     */
    private static Stream<Planned> able(Scenario scenario, Pair pair) {
        if (!scenario.syncsSchema() || Dump.between(pair.from(), pair.to()).isPresent()) {
            return Stream.of(new Planned(scenario, pair));
        }
        return scenario.canDoWithoutSync()
                ? Stream.of(new Planned(scenario.withoutSync(), pair))
                : Stream.empty();
    }

    private Void run(Planned planned) throws IOException, InterruptedException, SQLException {
        ReentrantLock lock =
                running.computeIfAbsent(planned.scenario().name(), _ -> new ReentrantLock());
        Scenario scenario = planned.scenario();
        boolean alone = scenario.arguments().contains("--roles");
        Lock server = alone ? roles.writeLock() : roles.readLock();
        lock.lock();
        server.lock();
        try {
            Path here =
                    Files.createDirectory(folder.resolve(planned.name().replaceAll("[ ,]+", "-")));
            try (Scene scene =
                    Scene.open(
                            servers.source(planned.pair().from()),
                            servers.destination(planned.pair().to()),
                            scenario)) {
                new ScenarioRun(scenario, scene, here).run();
            }
            return null;
        } finally {
            server.unlock();
            lock.unlock();
        }
    }
}
