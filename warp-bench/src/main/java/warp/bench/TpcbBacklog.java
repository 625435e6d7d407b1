package warp.bench;

import java.util.List;

/** pgbench's tables and its built-in transaction: see the manual's page of pgbench. */
final class TpcbBacklog {

    private static final int ACCOUNTS = 100_000;
    private static final int TELLERS = 10;

    /** For each unit of the scale. */
    static final int ROWS = ACCOUNTS + TELLERS + 1;

    private TpcbBacklog() {}

    static Backlog of(int transactionsPerSession, int scale) {
        return new Backlog(
                "%,d TPC-B transactions (pgbench scale %d)"
                        .formatted(transactionsPerSession * Backlog.SESSIONS, scale),
                4L * transactionsPerSession * Backlog.SESSIONS,
                content(scale),
                Backlog.loops(transactionsPerSession, DECLARATIONS, transaction(scale)));
    }

    /** pgbench's tables as it fills them. */
    static Content content(int scale) {
        return new Content(
                List.of(
                        "CREATE TABLE pgbench_branches (bid int NOT NULL, bbalance int, filler"
                                + " char(88)) WITH (fillfactor = 100)",
                        "CREATE TABLE pgbench_tellers (tid int NOT NULL, bid int, tbalance int,"
                                + " filler char(84)) WITH (fillfactor = 100)",
                        "CREATE TABLE pgbench_accounts (aid int NOT NULL, bid int, abalance int,"
                                + " filler char(84)) WITH (fillfactor = 100)",
                        "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime"
                                + " timestamp, filler char(22))",
                        // It has no key, so Warp asks for this; as only rows are added to it,
                        // it costs nothing.
                        "ALTER TABLE pgbench_history REPLICA IDENTITY FULL"),
                List.of(
                        "INSERT INTO pgbench_branches SELECT g, 0 FROM generate_series(1, %d) g"
                                .formatted(scale),
                        "INSERT INTO pgbench_tellers SELECT g, (g - 1) / %d + 1, 0 FROM"
                                        .formatted(TELLERS)
                                + " generate_series(1, %d) g".formatted(scale * TELLERS),
                        "INSERT INTO pgbench_accounts SELECT g, (g - 1) / %d + 1, 0, '' FROM"
                                        .formatted(ACCOUNTS)
                                + " generate_series(1, %d) g".formatted(scale * ACCOUNTS)),
                List.of(
                        "ALTER TABLE pgbench_branches ADD PRIMARY KEY (bid)",
                        "ALTER TABLE pgbench_tellers ADD PRIMARY KEY (tid)",
                        "ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid)"));
    }

    private static final String DECLARATIONS =
            """
            account int;
            branch int;
            teller int;
            amount int;
            balance int;
            """;

    private static String transaction(int scale) {
        return """
        account := 1 + floor(random() * %d);
        branch := 1 + floor(random() * %d);
        teller := 1 + floor(random() * %d);
        amount := floor(random() * 10001) - 5000;
        UPDATE pgbench_accounts SET abalance = abalance + amount WHERE aid = account;
        SELECT abalance INTO balance FROM pgbench_accounts WHERE aid = account;
        UPDATE pgbench_tellers SET tbalance = tbalance + amount WHERE tid = teller;
        UPDATE pgbench_branches SET bbalance = bbalance + amount WHERE bid = branch;
        INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)
            VALUES (teller, branch, account, amount, CURRENT_TIMESTAMP);
        """
                .formatted(scale * ACCOUNTS, scale, scale * TELLERS);
    }
}
