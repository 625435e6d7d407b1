package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.Rule;
import warp.config.RuleOptions;
import warp.model.ChangeEvent;
import warp.progress.Progress;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/**
 * Whatever happens to the source's rows, the destination holds those that the filter lets through:
 * also where updates let rows in and out, change keys, or leave large values alone. Columns are
 * left out and renamed, set mode is tried at random. Random histories until the time is up; set
 * {@code WARP_SEED} to replay the first.
 */
class FilterProperty {

    private static final long BUDGET_NANOS = Duration.ofSeconds(8).toNanos();

    private static final List<String> SOURCE =
            List.of(
                    "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                    "CREATE TABLE keyed (id int PRIMARY KEY, n int, c char(4), t text)",
                    "CREATE TABLE hidden (id bigint, region text, m mood, v numeric(9, 2),"
                            + " PRIMARY KEY (id))",
                    "CREATE TABLE whole (id int, n int, big text, p point)",
                    "ALTER TABLE whole REPLICA IDENTITY FULL",
                    "ALTER TABLE whole ALTER big SET STORAGE EXTERNAL",
                    "CREATE TABLE large (id int PRIMARY KEY, big text, n int)",
                    "ALTER TABLE large ALTER big SET STORAGE EXTERNAL",
                    "CREATE TABLE other (id int PRIMARY KEY, v int)",
                    "CREATE TABLE renamed (id int PRIMARY KEY, a text, b int, c text)");

    private static final List<String> DESTINATION =
            List.of(
                    "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                    "CREATE SCHEMA kept",
                    "CREATE TABLE kept.keyed (id bigint PRIMARY KEY, number int, c text, t text)",
                    "CREATE TABLE hidden (v numeric(9, 2), m mood, id bigint PRIMARY KEY)",
                    "CREATE TABLE whole (id int, n int, big text, p point)",
                    "CREATE TABLE large (id int PRIMARY KEY, big text, n int)",
                    "CREATE TABLE other (id int PRIMARY KEY, v int)",
                    "CREATE TABLE kept.called (beta bigint, \"Key\" int PRIMARY KEY, a text)");

    private static final String KEYED = "n % 3 = 1 AND c = 'ab' -- and no more";
    private static final String HIDDEN = "region IN ('e''u', 'us') OR m = 'sad'";
    private static final String WHOLE = "length(big) > 2500 OR n IS NULL";
    private static final String LARGE = "octet_length(big) % 2 = 0";

    private static final RuleOptions RULES =
            new RuleOptions(
                    List.of(
                            rule("keyed", KEYED, List.of(), "kept.*", Map.of("n", "number")),
                            rule("hidden", HIDDEN, List.of("region"), null, Map.of()),
                            rule("whole", WHOLE, List.of(), null, Map.of()),
                            rule("large", LARGE, List.of(), null, Map.of()),
                            rule(
                                    "renamed",
                                    null,
                                    List.of("c"),
                                    "kept.called",
                                    Map.of("id", "Key", "b", "beta"))),
                    null);

    private long sets;
    private final Random random = new Random(Seed.of(FilterProperty.class));

    private static Rule rule(
            String table,
            @Nullable String where,
            List<String> excluded,
            @Nullable String to,
            Map<String, String> renamed) {
        return new Rule("test", table, where, List.of(), excluded, to, renamed, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "18"})
    void destination_holdsTheRowsThatTheFilterLetsThrough(String version) throws Exception {
        long begun = System.nanoTime();
        int histories = 0;
        long moved = 0;
        try (PostgresServer source = PostgresServer.start(version);
                PostgresServer destination = PostgresServer.start("18")) {
            do {
                try (LiveTables live =
                        new LiveTables(source, destination, SOURCE, DESTINATION, RULES)) {
                    live.atSource(history(version.equals("9.6") ? "DELETE FROM" : "TRUNCATE"));
                    apply(live, live.record());
                    compare(live);
                    moved += live.progress.inserts.sum() - live.progress.deletes.sum();
                }
                histories++;
            } while (System.nanoTime() - begun < BUDGET_NANOS);
        }
        System.out.println("FilterProperty: %d histories of %s".formatted(histories, version));
        assertThat(moved).isPositive();
        // test_decoding does not tell the key, so there are no sets.
        assertThat(sets > 0).isEqualTo(!version.equals("9.6"));
    }

    private void apply(LiveTables live, List<ChangeEvent> events) {
        Progress progress = live.progress;
        try (Applier applier =
                new Applier(
                        live.connector(),
                        live.plan(new BatchLimits(1 + random.nextInt(60), 1 + random.nextInt(30))),
                        progress,
                        System::nanoTime,
                        new SetLimits(20, 100, 100_000, 3, 5))) {
            for (ChangeEvent event : events) {
                applier.backlog(random.nextInt(30) == 0 ? 0 : Long.MAX_VALUE);
                applier.apply(event);
            }
            applier.settle();
            sets += applier.setsApplied();
        }
    }

    private static void compare(LiveTables live) {
        assertThat(LiveTables.rows(live.destination(), "SELECT id, number, c, t FROM kept.keyed"))
                .isEqualTo(
                        LiveTables.rows(
                                live.source(),
                                "SELECT id, n, c, t FROM public.keyed WHERE " + KEYED + "\n"));
        assertThat(LiveTables.rows(live.destination(), "SELECT id, m, v FROM public.hidden"))
                .isEqualTo(
                        LiveTables.rows(
                                live.source(),
                                "SELECT id, m, v FROM public.hidden WHERE " + HIDDEN));
        assertThat(LiveTables.rows(live.destination(), "SELECT id, n, big, p FROM public.whole"))
                .isEqualTo(
                        LiveTables.rows(
                                live.source(),
                                "SELECT id, n, big, p FROM public.whole WHERE " + WHOLE));
        assertThat(LiveTables.rows(live.destination(), "SELECT id, big, n FROM public.large"))
                .isEqualTo(
                        LiveTables.rows(
                                live.source(),
                                "SELECT id, big, n FROM public.large WHERE " + LARGE));
        assertThat(LiveTables.rows(live.destination(), "SELECT \"Key\", a, beta FROM kept.called"))
                .isEqualTo(LiveTables.rows(live.source(), "SELECT id, a, b FROM public.renamed"));
        assertThat(LiveTables.rows(live.destination(), "SELECT id, v FROM public.other"))
                .isEqualTo(LiveTables.rows(live.source(), "SELECT id, v FROM public.other"));
    }

    // ---- histories

    /**
     * @param truncate how a table is emptied: old servers do not log TRUNCATE
     */
    private String[] history(String truncate) {
        List<String> history = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            StringBuilder transaction = new StringBuilder("BEGIN;");
            boolean plain = i / 15 % 2 == 1;
            for (int k = random.nextInt(4); k >= 0; k--) {
                transaction
                        .append("DO $do$ BEGIN ")
                        .append(plain ? plainStatement() : statement(truncate))
                        .append("; EXCEPTION WHEN unique_violation THEN END $do$;");
            }
            history.add(
                    transaction.append(random.nextInt(9) == 0 ? "ROLLBACK" : "COMMIT").toString());
        }
        return history.toArray(String[]::new);
    }

    /** Of tables without a filter, which can be part of a set. */
    private String plainStatement() {
        int id = random.nextInt(20);
        int v = random.nextInt(50);
        return switch (random.nextInt(5)) {
            case 0 -> "INSERT INTO other VALUES (%d, %d)".formatted(v, id);
            case 1 -> "INSERT INTO renamed VALUES (%d, 'a', %d, 'c')".formatted(id, v);
            case 2 -> "UPDATE renamed SET b = NULLIF(b + 1, %d), c = 'd'".formatted(v);
            case 3 -> "UPDATE renamed SET id = %d, a = NULL WHERE id = %d".formatted(v, id);
            default -> "DELETE FROM renamed WHERE id = " + id;
        };
    }

    private String statement(String truncate) {
        int id = random.nextInt(20);
        int v = random.nextInt(50);
        return switch (random.nextInt(17)) {
            case 0, 1 ->
                    "INSERT INTO keyed VALUES (%d, %d, '%s', 't')"
                            .formatted(id, v, random.nextBoolean() ? "ab" : "x");
            case 2 -> "UPDATE keyed SET n = n + 1 WHERE id < " + id;
            case 3 -> "UPDATE keyed SET n = NULLIF(%d, 7), c = 'ab' WHERE id = %d".formatted(v, id);
            case 4 -> "UPDATE keyed SET id = %d, n = %d WHERE id = %d".formatted(v, v, id);
            case 5 -> "DELETE FROM keyed WHERE id = " + id;
            case 6 ->
                    "INSERT INTO hidden VALUES (%d, '%s', NULL, %d.5)"
                            .formatted(id, random.nextBoolean() ? "us" : "asia", v);
            case 7 ->
                    "UPDATE hidden SET region = 'e''u', v = v + 1 WHERE id %% 4 = %d"
                            .formatted(id % 4);
            case 8 ->
                    "UPDATE hidden SET region = 'asia', m = %s WHERE id %% 4 = %d"
                            .formatted(random.nextBoolean() ? "'sad'" : "'ok'", id % 4);
            case 9 -> "DELETE FROM hidden WHERE id = " + id;
            case 10 ->
                    "INSERT INTO whole SELECT %d, %d, repeat('x', %d), '(1,2)' FROM generate_series(1, 2)"
                            .formatted(id, v, 2000 + v * 20);
            case 11 ->
                    "UPDATE whole SET n = NULLIF(n + 1, %d) WHERE id %% 3 = %d"
                            .formatted(v, id % 3);
            case 12 ->
                    "UPDATE whole SET big = repeat('y', %d) WHERE ctid = (SELECT ctid FROM whole WHERE id = %d LIMIT 1)"
                            .formatted(2300 + v * 10, id);
            case 13 ->
                    "DELETE FROM whole WHERE ctid = (SELECT ctid FROM whole WHERE id = %d LIMIT 1)"
                            .formatted(id);
            case 14 -> "INSERT INTO large VALUES (%d, repeat('z', %d), 0)".formatted(id, 2500 + v);
            case 15 ->
                    random.nextBoolean()
                            ? "UPDATE large SET n = n + 1 WHERE id %% 5 = %d".formatted(id % 5)
                            : "UPDATE large SET big = big || 'z' WHERE id = %d".formatted(id);
            default ->
                    random.nextInt(12) == 0
                            ? truncate + " keyed"
                            : "INSERT INTO other VALUES (%d, %d)".formatted(v, id);
        };
    }
}
