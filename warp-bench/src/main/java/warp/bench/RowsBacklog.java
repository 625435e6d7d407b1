package warp.bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Transactions of one row each, which go through eight unrelated tables in turn: five of ten
 * update, three insert, two delete, always by key. The rows of a table are so many that hardly one
 * is changed twice: what could be left out, as it is changed again, is next to nothing.
 */
final class RowsBacklog {

    private static final int TABLES = 8;
    private static final int ROWS_MIN = 1000;
    private static final int FRESH = 5;

    /** Of ten rounds through the tables. */
    private static final int UPDATES = 5;

    private static final int DELETES_FROM = 8;

    private RowsBacklog() {}

    static Backlog of(int perSession) {
        int transactions = perSession * Backlog.SESSIONS;
        int rows = Math.max(ROWS_MIN, transactions / FRESH);
        return new Backlog(
                "%,d transactions of one row each over %d unrelated tables of %,d rows"
                                .formatted(transactions, TABLES, rows)
                        + " (50 % UPDATE, 30 % INSERT, 20 % DELETE)",
                transactions,
                new Content(
                        each(RowsBacklog::table),
                        each(table -> fill(table, rows)),
                        IntStream.range(0, TABLES).boxed().flatMap(t -> keys(t).stream()).toList()),
                Backlog.loops(perSession, DECLARATIONS, body(transactions, rows)));
    }

    private interface Statement {
        String of(int table);
    }

    private static List<String> each(Statement statement) {
        return IntStream.range(0, TABLES).mapToObj(statement::of).toList();
    }

    private static String table(int table) {
        return wide(table)
                ? "CREATE TABLE t%d (id bigint, customer int, amount numeric(12, 2), at timestamptz, note text)"
                        .formatted(table)
                : "CREATE TABLE t%d (id bigint, code uuid, flag boolean, weight float8, title varchar(40))"
                        .formatted(table);
    }

    private static boolean wide(int table) {
        return table % 2 == 0;
    }

    private static String values(int table, String id) {
        return wide(table)
                ? "%1$s, (%1$s) %% 1000, (%1$s) * 1.25, timestamptz '2020-01-01' + (%1$s) * interval '1 second', 'note of row ' || (%1$s)"
                        .formatted(id)
                : "%1$s, md5((%1$s)::text)::uuid, (%1$s) %% 2 = 0, (%1$s) / 7.0, 'title ' || (%1$s)"
                        .formatted(id);
    }

    private static String fill(int table, int rows) {
        return "INSERT INTO t%d SELECT %s FROM generate_series(1, %d) g"
                .formatted(table, values(table, "g"), rows);
    }

    private static List<String> keys(int table) {
        String key = "ALTER TABLE t%d ADD PRIMARY KEY (id)".formatted(table);
        return wide(table)
                ? List.of(key, "CREATE INDEX ON t%d (customer)".formatted(table))
                : List.of(key);
    }

    private static final String DECLARATIONS =
            """
            round int;
            part int;
            key bigint;
            """;

    /** No two transactions delete or insert the same row, and none updates one that is deleted. */
    private static String body(int transactions, int rows) {
        int deleted = Math.ceilDiv(transactions, TABLES * 10) * 2 + 2 * Backlog.SESSIONS;
        StringBuilder body = new StringBuilder();
        body.append(
                """
                round := (i - 1) / %1$d;
                part := round %% 10;
                IF part < %2$d THEN
                    key := %3$d + 1 + floor(random() * %4$d);
                ELSIF part < %5$d THEN
                    key := %6$d + i::bigint * %7$d + session;
                ELSE
                    key := 1 + (round / 10 * 2 + part - %5$d)::bigint * %7$d + session;
                END IF;
                CASE (i - 1) %% %1$d
                """
                        .formatted(
                                TABLES,
                                UPDATES,
                                deleted,
                                rows - deleted,
                                DELETES_FROM,
                                rows,
                                Backlog.SESSIONS));
        for (int table = 0; table < TABLES; table++) {
            body.append("WHEN %d THEN%n%s".formatted(table, change(table)));
        }
        return body.append("END CASE;\n").toString();
    }

    private static String change(int table) {
        return """
        IF part < %1$d THEN
            UPDATE t%2$d SET %3$s WHERE id = key;
        ELSIF part < %4$d THEN
            INSERT INTO t%2$d SELECT %5$s;
        ELSE
            DELETE FROM t%2$d WHERE id = key;
        END IF;
        """
                .formatted(
                        UPDATES,
                        table,
                        wide(table)
                                ? "amount = amount + 1, at = clock_timestamp()"
                                : "flag = NOT flag, weight = i",
                        DELETES_FROM,
                        values(table, "key"));
    }
}
