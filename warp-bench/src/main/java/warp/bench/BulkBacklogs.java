package warp.bench;

import java.util.List;

/** Backlogs of one table: rows added, hot rows, and one huge transaction. */
final class BulkBacklogs {

    private static final int ROWS_PER_TRANSACTION = 100;
    private static final int HOT_ROWS = 1000;

    private static final String EVENTS =
            "CREATE TABLE events (id bigint, customer int, kind text, amount numeric(12, 2), at"
                    + " timestamptz, payload text)";
    private static final String EVENT =
            "g, g % 10000, 'kind ' || g % 7, g * 0.01, timestamptz '2020-01-01' + g * interval '1"
                    + " second', repeat(md5(g::text), 2)";
    private static final String EVENTS_KEY = "ALTER TABLE events ADD PRIMARY KEY (id)";

    private BulkBacklogs() {}

    static Backlog inserts(int length) {
        int times = Math.ceilDiv(length, ROWS_PER_TRANSACTION * Backlog.SESSIONS);
        return new Backlog(
                "%,d rows inserted into one table, %d to a transaction"
                        .formatted(
                                times * ROWS_PER_TRANSACTION * Backlog.SESSIONS,
                                ROWS_PER_TRANSACTION),
                (long) times * ROWS_PER_TRANSACTION * Backlog.SESSIONS,
                new Content(List.of(EVENTS), List.of(), List.of(EVENTS_KEY)),
                Backlog.loops(
                        times,
                        "start bigint;",
                        """
                        start := ((i - 1) * %d + session)::bigint * %d;
                        INSERT INTO events SELECT %s FROM generate_series(start + 1, start + %d) g;
                        """
                                .formatted(
                                        Backlog.SESSIONS,
                                        ROWS_PER_TRANSACTION,
                                        EVENT,
                                        ROWS_PER_TRANSACTION)));
    }

    static Backlog hot(int timesPerSession) {
        return new Backlog(
                "%,d updates of %,d hot rows, one a transaction"
                        .formatted(timesPerSession * Backlog.SESSIONS, HOT_ROWS),
                (long) timesPerSession * Backlog.SESSIONS,
                new Content(
                        List.of(
                                "CREATE TABLE hot (id int, counter bigint, changed timestamptz,"
                                        + " note text)"),
                        List.of(
                                "INSERT INTO hot SELECT g, 0, '2020-01-01', 'hot row ' || g FROM"
                                        + " generate_series(1, %d) g".formatted(HOT_ROWS)),
                        List.of("ALTER TABLE hot ADD PRIMARY KEY (id)")),
                Backlog.loops(
                        timesPerSession,
                        "key int;",
                        """
                        key := 1 + floor(random() * %d);
                        UPDATE hot SET counter = counter + 1, changed = clock_timestamp()
                            WHERE id = key;
                        """
                                .formatted(HOT_ROWS)));
    }

    static Backlog huge(int half) {
        return new Backlog(
                "one transaction of %,d rows, half of them inserted, half updated"
                        .formatted(2 * half),
                2L * half,
                new Content(
                        List.of(EVENTS),
                        List.of(
                                "INSERT INTO events SELECT %s FROM generate_series(1, %d) g"
                                        .formatted(EVENT, half)),
                        List.of(EVENTS_KEY)),
                List.of(
                        """
                        DO $$
                        BEGIN
                            INSERT INTO events SELECT %s FROM generate_series(%d, %d) g;
                            UPDATE events SET amount = amount + 1 WHERE id <= %d;
                        END $$
                        """
                                .formatted(EVENT, half + 1, 2 * half, half)));
    }
}
