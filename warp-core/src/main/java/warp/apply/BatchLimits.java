package warp.apply;

/**
 * How much goes into one destination transaction and one round trip.
 *
 * @param statementsMax statements to a round trip, and in a destination transaction unless one
 *     source transaction alone has more; 1 to 100,000
 * @param transactionsMax source transactions in one destination transaction; 1 to 100,000
 */
public record BatchLimits(int statementsMax, int transactionsMax) {

    private static final int MAX = 100_000;

    public BatchLimits {
        if (statementsMax < 1 || statementsMax > MAX) {
            throw new IllegalArgumentException("statements: not 1 to 100,000: " + statementsMax);
        }
        if (transactionsMax < 1 || transactionsMax > MAX) {
            throw new IllegalArgumentException(
                    "transactions: not 1 to 100,000: " + transactionsMax);
        }
    }
}
