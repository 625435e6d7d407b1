package warp.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.error.FaultPoint;
import warp.model.Sequence;
import warp.model.Sequence.Attributes;
import warp.model.SequenceValue;
import warp.model.TableName;
import warp.sql.SequenceStatements;

/**
 * Reads sequences and their values, from PostgreSQL 9.4 on ("Sequence Manipulation Functions" and
 * "pg_sequence" in the manual). Holds no state.
 *
 * <p>Reading a value locks the sequence until the statement ends, and the server's lock table has
 * room for some thousands only; whoever reads many does it {@link #BATCH_MAX} at a time.
 */
public final class SequenceCatalog {

    /** Most sequences that one statement reads or sets. */
    public static final int BATCH_MAX = 1000;

    /** Most branches of a UNION: planning takes more than twice as long for twice as many. */
    private static final int UNION_MAX = 100;

    private static final CatalogQuery SEQUENCES =
            CatalogQuery.of(SequenceCatalog.class, "sequences");
    private static final CatalogQuery LAST_VALUES =
            CatalogQuery.of(SequenceCatalog.class, "sequence_last_values");

    private SequenceCatalog() {}

    /**
     * Every sequence but temporary ones, those of PostgreSQL's own schemas and of schema {@code
     * warp}, and members of extensions; ordered by name, with attributes from 10 on. One query.
     */
    public static List<Sequence> sequences(Session session) {
        boolean attributes = session.version().atLeast(10);
        return SEQUENCES.each(session, row -> sequence(row, attributes));
    }

    private static Sequence sequence(Row row, boolean attributes) {
        TableName owner =
                row.optionalText("owner_name")
                        .map(name -> new TableName(row.text("owner_schema"), name))
                        .orElse(null);
        boolean mayRead = row.flag("may_read");
        return new Sequence(
                row.oid("oid"),
                new TableName(row.text("schema_name"), row.text("sequence_name")),
                owner,
                users(row),
                mayRead,
                mayRead && row.flag("may_update"),
                attributes ? attributes(row) : null);
    }

    private static Set<TableName> users(Row row) {
        List<String> schemas = row.texts("user_schemas");
        List<String> names = row.texts("user_names");
        Set<TableName> users = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            users.add(new TableName(schemas.get(i), names.get(i)));
        }
        return users;
    }

    private static Attributes attributes(Row row) {
        @Nullable String type = row.optionalText("type_name").orElse(null);
        return new Attributes(
                type,
                row.number("increment"),
                row.number("minimum"),
                row.number("maximum"),
                row.number("cache"),
                row.flag("cycles"));
    }

    /**
     * The same sequences with their attributes. Before 10 those that may not be read stay without.
     */
    public static List<Sequence> withAttributes(Session session, List<Sequence> sequences) {
        List<Sequence> complete = new ArrayList<>(sequences);
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            if (sequences.get(i).attributes() == null && sequences.get(i).mayRead()) {
                missing.add(i);
            }
        }
        for (int from = 0; from < missing.size(); from += UNION_MAX) {
            List<Integer> part = missing.subList(from, Math.min(from + UNION_MAX, missing.size()));
            List<TableName> names = part.stream().map(i -> sequences.get(i).name()).toList();
            for (Row row : session.query(SequenceStatements.attributesBefore10(names))) {
                int index = part.get(row.integer("n"));
                complete.set(index, sequences.get(index).with(attributes(row)));
            }
        }
        return List.copyOf(complete);
    }

    /**
     * Where the sequences stand.
     *
     * @param sequences at most {@link #BATCH_MAX}, each one that the role may read
     * @throws warp.error.WarpException where one of them has gone meanwhile, among others
     */
    public static Map<TableName, SequenceValue> values(Session session, List<Sequence> sequences) {
        Map<TableName, SequenceValue> values = HashMap.newHashMap(sequences.size());
        if (session.version().atLeast(10)) {
            readCalled(session, sequences, values);
        }
        List<TableName> others =
                sequences.stream()
                        .map(Sequence::name)
                        .filter(name -> !values.containsKey(name))
                        .toList();
        for (int from = 0; from < others.size(); from += UNION_MAX) {
            List<TableName> part = others.subList(from, Math.min(from + UNION_MAX, others.size()));
            for (Row row : session.query(SequenceStatements.values(part))) {
                values.put(
                        part.get(row.integer("n")),
                        new SequenceValue(row.number("last_value"), row.flag("is_called")));
            }
        }
        return values;
    }

    /** Ten times as fast as asking the sequences themselves. */
    private static void readCalled(
            Session session, List<Sequence> sequences, Map<TableName, SequenceValue> values) {
        List<String> oids =
                sequences.stream()
                        .map(sequence -> Integer.toUnsignedString(sequence.oid()))
                        .toList();
        for (Row row : LAST_VALUES.rows(session, oids)) {
            row.optionalText("last_value")
                    .map(Long::valueOf)
                    .ifPresent(value ->
                            values.put(
                                    sequences.get(row.integer("n")).name(),
                                    new SequenceValue(value, true)));
        }
    }

    /** Sets them: all, or none where the server refuses one. At most {@link #BATCH_MAX}. */
    public static void set(Session session, Map<TableName, SequenceValue> values) {
        if (!values.isEmpty()) {
            FaultPoint.SEQUENCES_SET.before();
            session.run(SequenceStatements.set(values));
            FaultPoint.SEQUENCES_SET.after();
        }
    }
}
