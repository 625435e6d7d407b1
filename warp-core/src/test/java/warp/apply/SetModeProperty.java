package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.progress.Progress;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/**
 * Sets come to the same as the changes in order, whatever is among them and wherever they are cut.
 * Random histories until the time is up; set {@code WARP_SEED} to replay the first.
 */
class SetModeProperty {

    private static final long BUDGET_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int TRANSACTIONS = 250;
    private static final int CUTS = 4;

    private static final String[] DDL = {
        "CREATE TYPE mood AS ENUM ('sad', 'a, \"b\" \\', 'NULL')",
        "CREATE DOMAIN short AS varchar(9) CHECK (value <> 'x')",
        "CREATE TABLE keyed (id int PRIMARY KEY, u int UNIQUE, n bigint, t text)",
        "CREATE TABLE pairs (a int, b text, v numeric(9, 2), d short, PRIMARY KEY (b, a))",
        "CREATE TABLE toasted (id int PRIMARY KEY, big text, n int, other text)",
        "ALTER TABLE toasted ALTER big SET STORAGE EXTERNAL, ALTER other SET STORAGE EXTERNAL",
        "CREATE TABLE typed (k uuid PRIMARY KEY, a int[], e mood, m mood[], c char(5), v"
                + " varchar(7)[], b bytea, p box, j jsonb, bits bit(3), f float8, g int GENERATED"
                + " ALWAYS AS (coalesce(array_length(a, 1), 0)) STORED)",
        "CREATE TABLE ident (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text)",
        "CREATE TABLE moods (m mood PRIMARY KEY, n int)",
        "CREATE TABLE loose (k numeric PRIMARY KEY, v int)",
        "CREATE TABLE bag (v int, t text)",
        "ALTER TABLE bag REPLICA IDENTITY FULL"
    };

    private final Random random = new Random(Seed.of(SetModeProperty.class));
    private long applied;
    private long refused;

    @Test
    void sets_comeToTheSameAsChangesInOrder() throws Exception {
        long begun = System.nanoTime();
        int histories = 0;
        try (PostgresServer server = PostgresServer.start("18")) {
            do {
                try (LiveTables live = new LiveTables(server, server, DDL)) {
                    writeHistory(live);
                    List<ChangeEvent> events = live.record();
                    if (histories % 2 == 0) {
                        for (int cut = 0; cut < CUTS; cut++) {
                            applyUntilCut(live, events);
                        }
                        applyAll(live, events);
                    } else {
                        Progress before = live.progress;
                        applyAll(live, events);
                        assertThat(counts(before)).isEqualTo(counts(events));
                    }
                    assertThat(live.compare().differences()).isEmpty();
                }
                histories++;
                // A slow machine is cut before it has done much: it gets more rounds.
            } while (System.nanoTime() - begun < (isCovered(histories) ? 1 : 4) * BUDGET_NANOS);
        }
        System.out.println(
                "SetModeProperty: %d histories, %d sets, %d refused"
                        .formatted(histories, applied, refused));
        assertThat(isCovered(histories)).isTrue();
    }

    /** Whether there was enough of what it is about. */
    private boolean isCovered(int histories) {
        return applied > 5L * histories && refused > 0;
    }

    private void applyUntilCut(LiveTables live, List<ChangeEvent> events) {
        Lsn before = live.progressAtDestination();
        try (Applier applier = applier(live)) {
            try {
                int stopAt = random.nextInt(events.size());
                boolean fromOutside = random.nextBoolean();
                if (fromOutside) {
                    cutLater(applier);
                }
                apply(applier, events.subList(0, fromOutside ? events.size() : stopAt));
            } catch (WarpException cut) {
                assertThat(cut.code())
                        .as(cut.report())
                        .isIn(ErrorCode.CONNECTION, ErrorCode.TRANSIENT);
            }
            count(applier);
        } catch (WarpException cut) {
            assertThat(cut.code()).as(cut.report()).isIn(ErrorCode.CONNECTION, ErrorCode.TRANSIENT);
        }
        assertThat(live.progressAtDestination()).isGreaterThanOrEqualTo(before);
    }

    private void applyAll(LiveTables live, List<ChangeEvent> events) {
        try (Applier applier = applier(live)) {
            apply(applier, events);
            applier.settle();
            assertThat(applier.durable()).isEqualTo(applier.applied());
            assertThat(live.progressAtDestination()).isEqualTo(applier.applied());
            count(applier);
        }
    }

    private void apply(Applier applier, List<ChangeEvent> events) {
        for (ChangeEvent event : events) {
            applier.backlog(random.nextInt(30) == 0 ? 0 : Long.MAX_VALUE);
            applier.apply(event);
            if (random.nextInt(300) == 0) {
                applier.idle();
                assertThat(applier.durable()).isLessThanOrEqualTo(applier.applied());
            }
        }
    }

    private void count(Applier applier) {
        applied += applier.setsApplied();
        refused += applier.setsRefused();
    }

    private void cutLater(Applier applier) {
        long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(60));
        Thread.startVirtualThread(() -> {
            LockSupport.parkNanos(nanos);
            applier.abort();
        });
    }

    private Applier applier(LiveTables live) {
        return new Applier(
                live.connector(),
                live.plan(new BatchLimits(1 + random.nextInt(60), 1 + random.nextInt(30))),
                live.progress,
                System::nanoTime,
                new SetLimits(
                        1 + random.nextInt(40),
                        1 + random.nextInt(200),
                        50_000 + random.nextInt(100_000),
                        random.nextInt(20),
                        1 + random.nextInt(10)));
    }

    private static List<Long> counts(Progress progress) {
        return List.of(progress.inserts.sum(), progress.updates.sum(), progress.deletes.sum());
    }

    private static List<Long> counts(List<ChangeEvent> events) {
        return List.of(
                events.stream().filter(ChangeEvent.Insert.class::isInstance).count(),
                events.stream().filter(ChangeEvent.Update.class::isInstance).count(),
                events.stream().filter(ChangeEvent.Delete.class::isInstance).count());
    }

    // ---- histories

    private void writeHistory(LiveTables live) throws Exception {
        List<String> history = new ArrayList<>();
        history.add("INSERT INTO keyed SELECT g, g, 0, 't' FROM generate_series(1, 40) g");
        for (int i = 0; i < TRANSACTIONS; i++) {
            StringBuilder transaction = new StringBuilder("BEGIN;");
            int statements = random.nextInt(40) == 0 ? 60 : 1 + random.nextInt(6);
            boolean odd = random.nextInt(12) == 0;
            for (int k = 0; k < statements; k++) {
                transaction
                        .append("DO $do$ BEGIN ")
                        .append(odd ? oddStatement() : statement())
                        .append("; EXCEPTION WHEN unique_violation THEN END $do$;");
            }
            history.add(
                    transaction.append(random.nextInt(9) == 0 ? "ROLLBACK" : "COMMIT").toString());
        }
        live.atSource(history.toArray(String[]::new));
    }

    private String statement() {
        int id = random.nextInt(40);
        int v = random.nextInt(100);
        return switch (random.nextInt(19)) {
            case 0 ->
                    ("INSERT INTO keyed VALUES (%d, %d, %d, NULL) ON CONFLICT (id) DO UPDATE SET n"
                                    + " = keyed.n + 1")
                            .formatted(id, v, v);
            case 1 -> "DELETE FROM keyed WHERE id = " + id;
            case 2 -> "UPDATE keyed SET id = %d, n = n + 1 WHERE id = %d".formatted(v, id);
            case 3 ->
                    ("UPDATE keyed SET u = -1 WHERE id = %1$d; UPDATE keyed SET u = %1$d * 1000 +"
                         + " %2$d WHERE id = %2$d; UPDATE keyed SET u = %2$d WHERE id = %1$d")
                            .formatted(id, random.nextInt(40));
            case 4 -> swap(id, random.nextInt(40));
            case 5 ->
                    "UPDATE keyed SET t = NULLIF('%d', '7'), n = NULL WHERE id = %d"
                            .formatted(v % 9, id);
            case 6 ->
                    "INSERT INTO pairs VALUES (%d, '%s', %d.5, 'd'), (%d, 'ä', NULL, NULL)"
                            .formatted(id % 4 - 2, text(), v, id);
            case 7 -> "UPDATE pairs SET a = a - 1, v = v + 0.25 WHERE a = " + id % 4;
            case 8 -> "DELETE FROM pairs WHERE b = '%s'".formatted(text());
            case 9 -> "UPDATE pairs SET v = v + 1, d = '%d' WHERE a < 2".formatted(v);
            case 10 ->
                    ("INSERT INTO toasted VALUES (%d, repeat('%s', 1000), 1, repeat('y', %d)) ON"
                                    + " CONFLICT (id) DO UPDATE SET n = toasted.n + 1")
                            .formatted(id, "ab" + v, random.nextInt(3000));
            case 11 ->
                    "UPDATE toasted SET n = n + 1, other = repeat('\"', %d) WHERE id %% 4 = %d"
                            .formatted(v * 40, id % 4);
            case 12 ->
                    "UPDATE toasted SET big = NULLIF(repeat('z', %d), '') WHERE id = %d"
                            .formatted(v * 50, id);
            case 13 ->
                    random.nextInt(4) == 0
                            ? "UPDATE toasted SET id = %d WHERE id = %d".formatted(v, id)
                            : "DELETE FROM toasted WHERE id = " + id;
            case 14 ->
                    ("INSERT INTO typed VALUES (md5('%d')::uuid, '{1,NULL,%d}', 'a, \"b\" \\',"
                         + " '{\"NULL\",sad,NULL}', '%s', '{\"a,b\",\"\",NULL}', '\\x00ff5c',"
                         + " '(1,2),(0,%d)', '{\"a\": \"\\\\\"}', '101', '-0')")
                            .formatted(id, v, text().substring(0, 2), v);
            case 15 ->
                    "UPDATE typed SET a = a || %d, c = '', e = NULL, f = 'NaN', j = NULL WHERE k = md5('%d')::uuid"
                            .formatted(v, id);
            case 16 -> "DELETE FROM typed WHERE k = md5('%d')::uuid".formatted(id);
            case 17 ->
                    "INSERT INTO ident (v) VALUES ('%s'); UPDATE ident SET v = v || '%d' WHERE id %% 7 = %d"
                            .formatted(text(), v, id % 7);
            default ->
                    ("INSERT INTO moods VALUES ('NULL', %1$d), ('a, \"b\" \\', 1) ON CONFLICT (m)"
                         + " DO UPDATE SET n = moods.n + %1$d; DELETE FROM moods WHERE n %% 5 = 0;"
                         + " INSERT INTO bag VALUES (%1$d %% 5, NULL)")
                            .formatted(v);
        };
    }

    /** What cannot be part of a set. */
    private String oddStatement() {
        int id = random.nextInt(10);
        return switch (random.nextInt(5)) {
            case 0 -> "INSERT INTO loose VALUES (%d.0, 1), (%d.00, 2)".formatted(id, id + 1);
            case 1 -> "UPDATE loose SET k = k + 0.00, v = v + 1 WHERE k = " + id;
            case 2 -> "UPDATE bag SET t = 'u' WHERE v = " + id % 5;
            case 3 -> "DELETE FROM bag WHERE v = " + id % 5;
            default ->
                    random.nextInt(6) == 0
                            ? "TRUNCATE bag, " + (random.nextBoolean() ? "pairs" : "toasted")
                            : statement();
        };
    }

    /** Two rows exchange a unique value; what it comes to cannot be done by one statement. */
    private static String swap(int one, int other) {
        return ("DECLARE a int; b int; BEGIN SELECT u INTO a FROM keyed WHERE id = %1$d; SELECT u"
                    + " INTO b FROM keyed WHERE id = %2$d; UPDATE keyed SET u = NULL WHERE id ="
                    + " %1$d; UPDATE keyed SET u = a WHERE id = %2$d; UPDATE keyed SET u = b WHERE"
                    + " id = %1$d; END")
                .formatted(one, other);
    }

    private String text() {
        return switch (random.nextInt(5)) {
            case 0 -> "plain";
            case 1 -> "quo\"te";
            case 2 -> "back\\slash";
            case 3 -> "NULL";
            default -> "{a, b}";
        };
    }
}
