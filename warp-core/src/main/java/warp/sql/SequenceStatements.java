package warp.sql;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import warp.model.Sequence.Attributes;
import warp.model.SequenceValue;
import warp.model.TableName;

/** Statements that read, set and alter sequences. */
public final class SequenceStatements {

    private SequenceStatements() {}

    /**
     * A row for each: {@code n}, its number in the list from 0, {@code last_value}, {@code
     * is_called}.
     */
    public static String values(List<TableName> sequences) {
        return eachAsRow(sequences, "last_value, is_called");
    }

    /** A row for each: {@code n} and its attributes. Before 10, which keeps them with the value. */
    public static String attributesBefore10(List<TableName> sequences) {
        return eachAsRow(
                sequences,
                "NULL::text AS type_name, increment_by AS increment, min_value AS minimum,"
                        + " max_value AS maximum, cache_value AS cache, is_cycled AS cycles");
    }

    private static String eachAsRow(List<TableName> sequences, String columns) {
        return IntStream.range(0, sequences.size())
                .mapToObj(n ->
                        "SELECT %d AS n, %s FROM %s"
                                .formatted(n, columns, Identifiers.qualified(sequences.get(n))))
                .collect(Collectors.joining(" UNION ALL "));
    }

    /** {@code SELECT setval(…), setval(…)}: all of them or none. */
    public static String set(Map<TableName, SequenceValue> values) {
        return values.entrySet().stream()
                .map(entry -> set(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    /** The least bigint has no numeral of its own, hence the quotes. */
    private static String set(TableName sequence, SequenceValue value) {
        return "pg_catalog.setval(%s, '%d'::bigint, %b)"
                .formatted(
                        Identifiers.literal(Identifiers.qualified(sequence)) + "::regclass",
                        value.lastValue(),
                        value.isCalled());
    }

    /**
     * {@code ALTER SEQUENCE} with what differs.
     *
     * @throws IllegalArgumentException where nothing does
     */
    public static String alter(TableName sequence, Attributes from, Attributes to) {
        StringBuilder changes = new StringBuilder();
        String type = to.typeName();
        if (typesDiffer(from, to)) {
            changes.append(" AS ").append(type);
        }
        if (from.increment() != to.increment()) {
            changes.append(" INCREMENT BY ").append(to.increment());
        }
        if (from.minimum() != to.minimum()) {
            changes.append(" MINVALUE ").append(to.minimum());
        }
        if (from.maximum() != to.maximum()) {
            changes.append(" MAXVALUE ").append(to.maximum());
        }
        if (from.cache() != to.cache()) {
            changes.append(" CACHE ").append(to.cache());
        }
        if (from.cycles() != to.cycles()) {
            changes.append(to.cycles() ? " CYCLE" : " NO CYCLE");
        }
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("nothing to alter");
        }
        return "ALTER SEQUENCE " + Identifiers.qualified(sequence) + changes;
    }

    /**
     * Whether ALTER SEQUENCE could make one like the other; a type is compared where both have one.
     */
    public static boolean differ(Attributes one, Attributes other) {
        return typesDiffer(one, other)
                || one.increment() != other.increment()
                || one.minimum() != other.minimum()
                || one.maximum() != other.maximum()
                || one.cache() != other.cache()
                || one.cycles() != other.cycles();
    }

    private static boolean typesDiffer(Attributes one, Attributes other) {
        String type = one.typeName();
        return type != null && other.typeName() != null && !type.equals(other.typeName());
    }
}
