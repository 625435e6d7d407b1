package warp.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what a mistyped word was meant to be: {@code hots} for {@code host}. */
public final class Nearest {

    private Nearest() {}

    /**
     * The candidate that the fewest typing mistakes separate from the word; empty where a third of
     * the word or more would have to change. Letters' case does not count.
     */
    public static Optional<String> to(String word, Collection<String> candidates) {
        String typed = word.toLowerCase(Locale.ROOT);
        int mistakesMax = Math.clamp(typed.length() / 3, 1, 3);
        Optional<String> nearest = Optional.empty();
        int fewest = mistakesMax + 1;
        for (String candidate : candidates) {
            int mistakes = mistakes(typed, candidate.toLowerCase(Locale.ROOT));
            if (mistakes < fewest) {
                fewest = mistakes;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }

    /** Letters added, dropped, replaced, or swapped with their neighbour. */
    private static int mistakes(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                cost[i][j] =
                        Math.min(
                                cost[i - 1][j - 1] + replaced,
                                Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[left.length()][right.length()];
    }
}
