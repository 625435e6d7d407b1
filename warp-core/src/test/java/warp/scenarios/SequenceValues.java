package warp.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where the sequences of two databases stand. */
final class SequenceValues {

    private static final String SEQUENCES =
            "SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n"
                    + " ON n.oid = relnamespace WHERE relkind = 'S' AND relpersistence <> 't'"
                    + " AND nspname <> 'warp'";

    private SequenceValues() {}

    /** Those that both have and that stand elsewhere; which there are is the schema's business. */
    static List<String> differences(Connection source, Connection destination) throws SQLException {
        Map<String, String> wanted = read(source);
        Map<String, String> got = read(destination);
        wanted.keySet().retainAll(got.keySet());
        got.keySet().retainAll(wanted.keySet());
        return Dump.difference(lines(wanted), lines(got));
    }

    private static Map<String, String> read(Connection connection) throws SQLException {
        Map<String, String> values = new TreeMap<>();
        for (String sequence : Scene.rows(connection, SEQUENCES)) {
            values.put(
                    sequence,
                    Scene.rows(connection, "SELECT last_value, is_called FROM " + sequence)
                            .getFirst());
        }
        return values;
    }

    private static List<String> lines(Map<String, String> values) {
        return values.entrySet().stream()
                .map(value -> "sequence " + value.getKey() + " at " + value.getValue())
                .toList();
    }
}
