package warp.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Tables of which both sides have the same rows, and what is then done to them at the source.
 *
 * @param job what it is, for the report
 * @param changes rows inserted, updated or deleted
 * @param content what both sides begin with: the same rows wherever it is made
 * @param sessions for each session the statement that makes its part of the backlog; they are run
 *     at the same time. A loop at the server with a COMMIT for each transaction: the log is that of
 *     a client that sends them one by one, and made in a fraction of the time
 */
record Backlog(String job, long changes, Content content, List<String> sessions) {

    /** Sessions that make a backlog; each makes as many transactions. */
    static final int SESSIONS = 4;

    /** Shapes of backlogs, and how long each usually is: in transactions, or rows if so said. */
    enum Shape {
        TPCB(200_000),
        ROWS(500_000),
        /** In rows. */
        INSERTS(1_000_000),
        HOT(200_000),
        /** In rows of the one transaction. */
        HUGE(5_000_000);

        private final int usualLength;

        Shape(int usualLength) {
            this.usualLength = usualLength;
        }

        int usualLength() {
            return usualLength;
        }

        /** The word for it on the command line. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * @param length is rounded up to what the sessions make together
         * @param scale pgbench's, for TPC-B
         */
        Backlog backlog(int length, int scale) {
            return switch (this) {
                case TPCB -> TpcbBacklog.of(Math.ceilDiv(length, SESSIONS), scale);
                case ROWS -> RowsBacklog.of(Math.ceilDiv(length, SESSIONS));
                case INSERTS -> BulkBacklogs.inserts(length);
                case HOT -> BulkBacklogs.hot(Math.ceilDiv(length, SESSIONS));
                case HUGE -> BulkBacklogs.huge(Math.ceilDiv(length, 2));
            };
        }
    }

    Backlog {
        sessions = List.copyOf(sessions);
    }

    /** A loop in each session: {@code i} goes from 1 on, {@code session} is its number from 0. */
    static List<String> loops(int times, String declarations, String body) {
        return IntStream.range(0, SESSIONS)
                .mapToObj(session ->
                        """
                        DO $$
                        DECLARE
                            session int := %d;
                            %s
                        BEGIN
                            PERFORM setseed(session / 10.0);
                            FOR i IN 1..%d LOOP
                                %s
                                COMMIT;
                            END LOOP;
                        END $$
                        """
                                .formatted(session, declarations, times, body))
                .toList();
    }
}
