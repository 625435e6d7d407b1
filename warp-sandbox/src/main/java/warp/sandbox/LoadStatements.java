package warp.sandbox;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes up the statements of one session of a {@link WriteLoad}. The same random numbers give the
 * same statements; which rows they meet depends on the other sessions.
 */
final class LoadStatements {

    private final RandomGenerator random;
    private final LoadSchema schema;
    private final int accounts;
    private final boolean truncates;
    private final @Nullable RandomTables tables;

    /**
     * @param accounts ids of accounts are taken from 1 to this
     * @param truncates whether a TRUNCATE may be among them
     * @param tables to be written to as well
     */
    LoadStatements(
            RandomGenerator random,
            LoadSchema schema,
            int accounts,
            boolean truncates,
            @Nullable RandomTables tables) {
        this.random = random;
        this.schema = schema;
        this.accounts = accounts;
        this.truncates = truncates && schema.replicatesTruncate();
        this.tables = tables;
    }

    /** One statement that writes. */
    String next() {
        if (tables != null && random.nextInt(3) == 0) {
            return tables.statement(random, truncates);
        }
        return switch (random.nextInt(20)) {
            case 0 -> insertAccounts();
            case 1, 2, 3 -> updateAccount();
            case 4 -> "DELETE FROM load.account WHERE id = " + account();
            case 5, 6 -> insertEntries();
            case 7, 8 -> updateEntry();
            case 9 -> "DELETE FROM load.entry WHERE account_id = " + account();
            case 10 -> insertEvents();
            case 11 -> updateEvents();
            case 12 -> deleteEvents();
            case 13 -> insertMeasures();
            case 14 -> updateMeasures();
            case 15 -> quoted();
            case 16 -> shape();
            case 17, 18 -> token();
            default -> truncates && random.nextInt(10) == 0 ? truncate() : updateAccount();
        };
    }

    /**
     * One transaction of so many row changes: rows inserted, a part of them updated and deleted.
     */
    static List<String> huge(int rows) {
        int inserted = rows * 7 / 10;
        return List.of(
                "INSERT INTO load.bulk SELECT i, 'new', repeat(md5(i::text), 1 + i % 3) FROM"
                        + " generate_series(1, "
                        + inserted
                        + ") i",
                "UPDATE load.bulk SET state = 'changed' WHERE id <= " + rows / 5,
                "UPDATE load.bulk SET id = -id, filler = NULL WHERE id > " + (inserted - rows / 20),
                "DELETE FROM load.bulk WHERE id BETWEEN 1 AND " + rows / 20);
    }

    /** The first accounts, which the others refer to. */
    static String accounts(int count) {
        return "INSERT INTO load.account (name) SELECT 'account ' || i FROM generate_series(1, "
                + count
                + ") i";
    }

    private int account() {
        return 1 + random.nextInt(accounts);
    }

    /** With ids from the sequence, or with those of accounts that are gone. */
    private String insertAccounts() {
        boolean reuse = random.nextInt(3) > 0;
        int first = account();
        return """
        INSERT INTO load.account (%1$s name, balance, note, updated) SELECT %2$s \
        'name ' || i, i * 1.01, nullif('note ' || i %% 2, 'note 0'), \
        timestamptz '2024-01-01 00:00Z' + i * interval '1.000001 h' \
        FROM generate_series(%3$d, %4$d) i ON CONFLICT DO NOTHING\
        """
                .formatted(
                        reuse ? "id," : "",
                        reuse ? "i," : "",
                        first,
                        first + random.nextInt(reuse ? 20 : 4));
    }

    private String updateAccount() {
        String change =
                switch (random.nextInt(4)) {
                    case 0 -> "balance = balance + " + (random.nextInt(2001) - 1000) / 100.0;
                    case 1 -> "note = NULL, updated = NULL";
                    case 2 -> "note = 'n" + random.nextInt(100) + "', updated = clock_timestamp()";
                    // a key that is in use or not, as it happens
                    default -> "id = " + (accounts + 1 + random.nextInt(1_000_000));
                };
        boolean many = random.nextInt(4) == 0 && !change.startsWith("id");
        int first = account();
        return "UPDATE load.account SET %s WHERE id BETWEEN %d AND %d"
                .formatted(change, first, many ? first + 20 : first);
    }

    private String insertEntries() {
        // every 4th is wide enough to be kept out of line
        return """
        INSERT INTO load.entry SELECT id, %1$d + i, i / 7.0, ARRAY['t' || i, NULL, 'ü"x'], \
        CASE WHEN i %% 4 = 0 THEN repeat(md5(%1$d::text || i), 200) WHEN i %% 4 = 1 THEN '' \
        END FROM load.account, generate_series(0, %2$d) i WHERE id BETWEEN %3$d AND %3$d + 2\
        """
                .formatted(random.nextInt(1_000_000), random.nextInt(8), account());
    }

    private String updateEntry() {
        String change =
                switch (random.nextInt(4)) {
                    case 0 -> "number = number + 1000003";
                    case 1 -> "payload = payload || 'x'";
                    case 2 -> "tags = NULL";
                    default -> "amount = amount + 1"; // leaves a wide payload as it is
                };
        return "UPDATE load.entry SET " + change + " WHERE account_id = " + account();
    }

    private String insertEvents() {
        return """
        INSERT INTO load.event SELECT 'kind %1$d', point(%2$d / 3.0, i %% 2), \
        '{"a" : [%2$d, null],  "ä": "\\u00fc"}', nullif(0.1 * %2$d, 0), \
        timestamp '2024-02-29' FROM generate_series(1, %3$d) i\
        """
                .formatted(random.nextInt(40), random.nextInt(3), 1 + random.nextInt(6));
    }

    private String updateEvents() {
        return "UPDATE load.event SET weight = weight + 0.1, body = '[]' WHERE ctid IN"
                + someEvents(3);
    }

    private String deleteEvents() {
        return "DELETE FROM load.event WHERE ctid IN" + someEvents(4);
    }

    private String someEvents(int rows) {
        return " (SELECT ctid FROM load.event WHERE kind = 'kind %d' LIMIT %d FOR UPDATE)"
                .formatted(random.nextInt(40), rows);
    }

    private String insertMeasures() {
        return """
        INSERT INTO load.measure SELECT %d + i, date '2024-01-01' + (%d + i * 37) %% 731, \
        i / 3.0, nullif('m', repeat('m', i %% 2)) FROM generate_series(0, %d) i\
        """
                .formatted(random.nextInt(1_000_000_000), random.nextInt(731), random.nextInt(20));
    }

    private String updateMeasures() {
        String which =
                " WHERE id IN (SELECT id FROM load.measure WHERE id > %d ORDER BY id LIMIT 4)"
                        .formatted(random.nextInt(1_000_000_000));
        return switch (random.nextInt(3)) {
            case 0 -> "DELETE FROM load.measure" + which;
            case 1 ->
                    schema.movesRowsBetweenPartitions()
                            ? "UPDATE load.measure SET day = date '2024-01-01' + (day - date"
                                    + " '2024-01-01' + 366) % 731"
                                    + which
                            : "UPDATE load.measure SET id = id + 1" + which;
            default -> "UPDATE load.measure SET reading = reading / 7, unit = NULL" + which;
        };
    }

    private String quoted() {
        String key = "md5('%d')::uuid".formatted(random.nextInt(500));
        return switch (random.nextInt(3)) {
            case 0 ->
                    "INSERT INTO %s VALUES (%s, 'a\\b''c\t\n\"ö%d', '\\x00ff')"
                            .formatted(LoadSchema.QUOTED, key, random.nextInt(100));
            case 1 -> "DELETE FROM %s WHERE \"sélect\" = %s".formatted(LoadSchema.QUOTED, key);
            default ->
                    "UPDATE %s SET \"größe 単位\" = \"größe 単位\" || '…', \"from\" = NULL WHERE"
                                    .formatted(LoadSchema.QUOTED)
                            + " \"sélect\" = "
                            + key;
        };
    }

    private String shape() {
        return switch (random.nextInt(3)) {
            case 0 ->
                    "INSERT INTO load.shape (width, height) VALUES (%d, 2), (NULL, 3)"
                            .formatted(random.nextInt(100));
            case 1 ->
                    "UPDATE load.shape SET width = height, height = %d WHERE id %% 50 = %d"
                            .formatted(random.nextInt(100), random.nextInt(50));
            default -> "DELETE FROM load.shape WHERE id % 50 = " + random.nextInt(50);
        };
    }

    private String token() {
        int owner = random.nextInt(200);
        return switch (random.nextInt(4)) {
            case 0 ->
                    "INSERT INTO load.token SELECT md5('%d') || i, %d FROM generate_series(1, 3) i"
                            .formatted(random.nextInt(1_000_000_000), owner);
            case 1 -> "UPDATE load.token SET hits = hits + 1 WHERE owner = " + owner;
            case 2 ->
                    "UPDATE load.token SET code = 'renamed ' || code WHERE owner = %d AND hits > 0"
                            .formatted(owner);
            default ->
                    "DELETE FROM load.token WHERE owner = %d AND length(code) > %d"
                            .formatted(owner, random.nextInt(60));
        };
    }

    private String truncate() {
        return switch (random.nextInt(3)) {
            case 0 -> "TRUNCATE load.account CASCADE";
            case 1 -> "TRUNCATE load.event, load.shape RESTART IDENTITY";
            default -> "TRUNCATE ONLY load.token";
        };
    }
}
