package warp.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.sandbox.PostgresServer;
import warp.testing.Seed;

/**
 * Long transactions applied in order, with what can go together, come to the same as at the source,
 * whatever moment the applier dies at and whichever runs the destination refuses. Random histories
 * until the time is up; set {@code WARP_SEED} to replay the first.
 */
class RowRunProperty {

    private static final long BUDGET_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int TRANSACTIONS = 60;
    private static final int CUTS = 4;
    private static final int ROWS = 200;

    /**
     * Rows that have to go together, of all histories. How many a single one leaves to the attempt
     * that is not cut, chance and the machine's speed decide: 900 to 1,300 in the mean.
     */
    private static final long TOGETHER_MIN = 7_000;

    private static final String[] DDL = {
        "CREATE TYPE mood AS ENUM ('sad', 'a, \"b\" \\', 'NULL')",
        "CREATE TABLE keyed (id int PRIMARY KEY, n bigint, t text)",
        "CREATE TABLE uniq (id int PRIMARY KEY, u int UNIQUE, n int)",
        "CREATE TABLE pairs (a int, b text, v numeric(9, 2), PRIMARY KEY (b, a))",
        "CREATE TABLE toasted (id int PRIMARY KEY, big text, n int, other text)",
        "ALTER TABLE toasted ALTER big SET STORAGE EXTERNAL, ALTER other SET STORAGE EXTERNAL",
        "CREATE TABLE typed (k uuid PRIMARY KEY, i int, a int[], e mood, m mood[], c char(5), b"
                + " bytea, p box, j jsonb, f float8, g int GENERATED ALWAYS AS (i * 2) STORED)",
        "CREATE TABLE ident (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int)",
        "CREATE TABLE serial (id int PRIMARY KEY, s int GENERATED ALWAYS AS IDENTITY, n int)",
        "CREATE TABLE loose (id numeric PRIMARY KEY, n int)",
        "CREATE TABLE byindex (pk int PRIMARY KEY, id int NOT NULL UNIQUE, n int)",
        "ALTER TABLE byindex REPLICA IDENTITY USING INDEX byindex_id_key",
        "CREATE TABLE parted (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (77)",
        "CREATE TABLE parted_high PARTITION OF parted DEFAULT",
        "CREATE TABLE bag (id int, n int)",
        "ALTER TABLE bag REPLICA IDENTITY FULL"
    };

    private final Random random = new Random(Seed.of(RowRunProperty.class));
    private long together;
    private long refused;

    @Test
    void runs_comeToTheSameAsTheSource() throws Exception {
        long begun = System.nanoTime();
        int histories = 0;
        try (PostgresServer server = PostgresServer.start("18")) {
            do {
                try (LiveTables live = new LiveTables(server, server, DDL)) {
                    if (histories % 2 == 1) {
                        live.atDestination(
                                "CREATE FUNCTION alone() RETURNS boolean LANGUAGE plpgsql AS $$"
                                    + " DECLARE mine text := statement_timestamp(); before text :="
                                    + " current_setting('test.at', true); BEGIN PERFORM"
                                    + " set_config('test.at', mine, false); RETURN mine IS DISTINCT"
                                    + " FROM before; END $$",
                                "ALTER TABLE toasted ADD CHECK (n % 2 = 1 OR alone())");
                    }
                    writeHistory(live);
                    List<ChangeEvent> events = live.record();
                    Set<Integer> rowByRow = new HashSet<>();
                    for (int cut = 0; cut < CUTS; cut++) {
                        applyUntilCut(live, events, rowByRow);
                    }
                    applyAll(live, events, rowByRow);
                    refused += rowByRow.size();
                    assertThat(live.compare().differences()).isEmpty();
                }
                histories++;
                // On a slow machine it gets more rounds.
            } while (System.nanoTime() - begun < (isCovered() ? 1 : 4) * BUDGET_NANOS);
        }
        System.out.println(
                "RowRunProperty: %d histories, %d rows together, %d transactions refused"
                        .formatted(histories, together, refused));
        assertThat(isCovered()).isTrue();
    }

    /** Whether there was enough of what it is about. */
    private boolean isCovered() {
        return together > TOGETHER_MIN && refused > 0;
    }

    private void applyUntilCut(LiveTables live, List<ChangeEvent> events, Set<Integer> rowByRow) {
        Lsn before = live.progressAtDestination();
        try (Applier applier = applier(live, rowByRow)) {
            int stopAt = random.nextInt(events.size());
            boolean fromOutside = random.nextBoolean();
            if (fromOutside) {
                cutLater(applier);
            }
            apply(applier, events.subList(0, fromOutside ? events.size() : stopAt));
        } catch (RunRefused run) {
            assertThat(rowByRow.add(run.transactionId())).isTrue();
        } catch (WarpException cut) {
            assertThat(cut.code()).as(cut.report()).isIn(ErrorCode.CONNECTION, ErrorCode.TRANSIENT);
        }
        assertThat(live.progressAtDestination()).isGreaterThanOrEqualTo(before);
    }

    private void cutLater(Applier applier) {
        long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(100));
        Thread.startVirtualThread(() -> {
            LockSupport.parkNanos(nanos);
            applier.abort();
        });
    }

    private void applyAll(LiveTables live, List<ChangeEvent> events, Set<Integer> rowByRow) {
        while (true) {
            try (Applier applier = applier(live, rowByRow)) {
                apply(applier, events);
                applier.settle();
                assertThat(applier.durable()).isEqualTo(applier.applied());
                assertThat(applier.setsApplied()).isZero();
                together += applier.sentTogether();
                return;
            } catch (RunRefused run) {
                assertThat(rowByRow.add(run.transactionId())).isTrue();
            }
        }
    }

    private void apply(Applier applier, List<ChangeEvent> events) {
        for (ChangeEvent event : events) {
            applier.apply(event);
            if (random.nextInt(500) == 0) {
                applier.idle();
                assertThat(applier.durable()).isLessThanOrEqualTo(applier.applied());
            }
        }
    }

    private Applier applier(LiveTables live, Set<Integer> rowByRow) {
        ApplyPlan plan =
                live.plan(new BatchLimits(50 + random.nextInt(3000), 1 + random.nextInt(9)));
        return new Applier(
                live.connector(),
                new ApplyPlan(
                        plan.slot(),
                        plan.tables(),
                        Set.of(),
                        Map.of(),
                        List.of(),
                        plan.excluded(),
                        plan.limits(),
                        true,
                        Map.of(),
                        rowByRow),
                live.progress);
    }

    // ---- histories

    private void writeHistory(LiveTables live) throws Exception {
        List<String> history = new ArrayList<>();
        history.add(filled("1, " + ROWS / 2));
        for (int i = 0; i < TRANSACTIONS; i++) {
            StringBuilder transaction = new StringBuilder("BEGIN;");
            int statements = 1 + random.nextInt(6);
            for (int k = 0; k < statements; k++) {
                transaction
                        .append("DO $do$ BEGIN ")
                        .append(statement())
                        .append("; EXCEPTION WHEN unique_violation THEN END $do$;");
            }
            history.add(
                    transaction.append(random.nextInt(9) == 0 ? "ROLLBACK" : "COMMIT").toString());
        }
        live.atSource(history.toArray(String[]::new));
    }

    /** Inserts rows into every table. */
    private static String filled(String series) {
        return """
        INSERT INTO keyed SELECT g, 0, 't' FROM generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO uniq SELECT g, g, 0 FROM generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO pairs SELECT g / 3, (ARRAY['', 'NULL', '{a"\\b}'])[1 + g %% 3], 1 FROM
            generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO toasted SELECT g, repeat(g::text, 2000), 1, repeat('y', g * 20) FROM
            generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO typed SELECT md5(g::text)::uuid, g, ARRAY[g, NULL], 'sad', '{NULL}', 'c', '\\x00',
            '(1,2),(0,0)', '{}', -0.0 FROM generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO ident (n) SELECT g FROM generate_series(%1$s) g;
        INSERT INTO serial (id, n) SELECT g, 0 FROM generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO loose SELECT g, 0 FROM generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO byindex SELECT g, g, 0 FROM generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO parted SELECT g, 0 FROM generate_series(%1$s) g ON CONFLICT DO NOTHING;
        INSERT INTO bag SELECT g %% 5, 0 FROM generate_series(1, 9) g\
        """
                .formatted(series);
    }

    private String statement() {
        int from = 1 + random.nextInt(ROWS);
        int to = from + random.nextInt(random.nextBoolean() ? 20 : ROWS);
        String range = " WHERE id BETWEEN " + from + " AND " + to;
        int v = random.nextInt(50);
        return switch (random.nextInt(20)) {
            case 0 -> "UPDATE keyed SET n = n + 1" + range;
            case 1 -> "UPDATE keyed SET t = NULLIF(t || '%d', 't7')".formatted(v) + range;
            case 2 -> "DELETE FROM keyed" + range;
            case 3 -> "UPDATE keyed SET id = id + %d, n = -1".formatted(v - 25) + range;
            case 4 ->
                    "UPDATE keyed SET id = CASE WHEN id %% %d = 3 THEN id + 1000 ELSE id END"
                                    .formatted(20 + v)
                            + range;
            case 5 -> loop(from, to, "UPDATE keyed SET n = n + i WHERE id = i % " + (1 + v));
            case 6 ->
                    loop(
                            from,
                            to,
                            "UPDATE keyed SET n = 3 WHERE id = i; UPDATE uniq SET n = n + 1 WHERE"
                                    + " id = i");
            case 7 -> loop(from, to, "DELETE FROM uniq WHERE u = i + " + v);
            case 8 -> handedOn(v);
            case 9 -> "UPDATE uniq SET n = n + 1" + range;
            case 10 ->
                    "UPDATE pairs SET v = v + 0.25 WHERE a BETWEEN %d AND %d"
                            .formatted(from / 3, to / 3);
            case 11 -> "DELETE FROM pairs WHERE a BETWEEN %d AND %d".formatted(from / 3, to / 3);
            case 12 ->
                    "UPDATE toasted SET n = n + 1, other = CASE id %% %d WHEN 0 THEN repeat('\"', 2500) ELSE other END"
                                    .formatted(1 + v)
                            + range;
            case 13 ->
                    "UPDATE toasted SET big = NULLIF(repeat('z', %d), '')".formatted(v * 50)
                            + range;
            case 14 -> "DELETE FROM toasted" + range;
            case 15 ->
                    "UPDATE typed SET a = a || %1$d, e = NULL, m = m || 'a, \"b\" \\'::mood, c = '%1$d', b = b || '\\x5c22', j = '[\"\\\\\"]', f = 'NaN', p = p + '(1,1)' WHERE i BETWEEN %2$d AND %3$d"
                            .formatted(v, from, to);
            case 16 -> "DELETE FROM typed WHERE i BETWEEN %d AND %d".formatted(from, to);
            case 17 ->
                    "UPDATE ident SET n = n + 1%1$s; UPDATE serial SET n = n + 1%1$s; UPDATE loose SET n = n + 1%1$s"
                            .formatted(range);
            case 18 ->
                    "UPDATE byindex SET n = n + 1%1$s; DELETE FROM byindex%1$s AND n %% 3 = 0; UPDATE parted SET n = n + 1%1$s; DELETE FROM parted%1$s AND id %% 7 = 0; UPDATE bag SET n = n + 1 WHERE id = %2$d"
                            .formatted(range, v % 7);
            default -> random.nextInt(4) == 0 ? "TRUNCATE toasted" : filled(from + ", " + to);
        };
    }

    private static String loop(int from, int to, String statements) {
        return "FOR i IN %d..%d LOOP %s; END LOOP".formatted(from, to, statements);
    }

    /** Unique values go from row to row; between two statements none is there twice. */
    private static String handedOn(int v) {
        return """
        UPDATE uniq SET u = -u - 1000;
        UPDATE uniq SET u = -u - 1000 + %d;
        FOR i IN REVERSE 300..1 LOOP UPDATE uniq SET u = u + 1 WHERE u = i; END LOOP\
        """
                .formatted(v);
    }
}
