package warp.sandbox;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the comparison of two databases found.
 *
 * @param tables how many tables were compared
 * @param rows how many rows of the first database were compared
 * @param differences each a line for a person; empty when both are equal
 */
public record Comparison(int tables, long rows, List<String> differences) {

    public Comparison {
        differences = List.copyOf(differences);
    }

    /** Whether both databases hold exactly the same. */
    public boolean isEqual() {
        return differences.isEmpty();
    }

    /** A line with the counts and one for each difference. */
    @Override
    public String toString() {
        String head =
                "%d tables, %d rows compared: %s"
                        .formatted(tables, rows, isEqual() ? "equal" : "different");
        return Stream.concat(Stream.of(head), differences.stream())
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
