package warp.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.sandbox.PostgresServer;
import warp.testing.RandomValues;
import warp.testing.RandomValues.TypeName;
import warp.testing.Seed;

/** Random values of every type survive the copy and every kind of change unharmed. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypesPgTest {

    private static final int ROWS = 12;

    private PostgresServer destination;

    @TempDir Path directory;

    @BeforeAll
    void start() {
        destination = PostgresServer.start("18");
    }

    @AfterAll
    void stop() {
        destination.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "13", "18"})
    void randomValues_arriveAsTheyWere(String version) throws Exception {
        RandomValues values = new RandomValues(new SplittableRandom(Seed.of(TypesPgTest.class)));
        List<TypeName> types = RandomValues.all(Double.parseDouble(version));
        try (PostgresServer source = PostgresServer.start(version);
                Move move = Move.between(source, destination, directory)) {
            move.atBoth(ddl(types));
            move.atSource(inserts(types, values, 1));

            move.run("--until=copied");
            move.assertEqual("typed");

            move.atSource(inserts(types, values, 1 + ROWS));
            move.atSource(changes(types, values));
            move.catchUp();
            move.assertEqual("typed");
        }
    }

    /** For every type a table with a key and one without, whose rows are found by all values. */
    private static String[] ddl(List<TypeName> types) {
        List<String> ddl = new ArrayList<>(RandomValues.types());
        ddl.add("CREATE TABLE ext.\"Täble\" (id int PRIMARY KEY)");
        ddl.add("CREATE SCHEMA typed");
        for (int i = 0; i < types.size(); i++) {
            TypeName type = types.get(i);
            String columns =
                    "(id int, gone int, v %s%s, n int)"
                            .formatted(
                                    type.sql(),
                                    RandomValues.hasArray(type) ? ", a " + type.sql() + "[]" : "");
            for (String table : List.of("typed.k" + i, "typed.f" + i)) {
                ddl.add("CREATE TABLE " + table + columns);
                ddl.add("ALTER TABLE " + table + " DROP COLUMN gone");
            }
            ddl.add("ALTER TABLE typed.k" + i + " ADD PRIMARY KEY (id)");
            ddl.add("ALTER TABLE typed.f" + i + " REPLICA IDENTITY FULL");
        }
        return ddl.toArray(String[]::new);
    }

    private static String[] inserts(List<TypeName> types, RandomValues values, int first) {
        List<String> inserts = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            TypeName type = types.get(i);
            boolean array = RandomValues.hasArray(type);
            for (String table : List.of("typed.k" + i, "typed.f" + i)) {
                List<String> rows = new ArrayList<>();
                for (int id = first; id < first + ROWS - 1; id++) {
                    rows.add(
                            "(%d, %s, 1%s)"
                                    .formatted(
                                            id,
                                            values.value(type),
                                            array ? ", " + values.array(type) : ""));
                }
                rows.add("(%d, NULL, NULL%s)".formatted(first + ROWS - 1, array ? ", NULL" : ""));
                inserts.add(
                        "INSERT INTO %s (id, v, n%s) VALUES %s"
                                .formatted(table, array ? ", a" : "", String.join(", ", rows)));
            }
        }
        return inserts.toArray(String[]::new);
    }

    /** New values, values left as they are (large ones too), keys changed, rows deleted. */
    private static String[] changes(List<TypeName> types, RandomValues values) {
        List<String> changes = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            for (String table : List.of("typed.k" + i, "typed.f" + i)) {
                String update = "UPDATE " + table + " SET ";
                changes.add(update + "n = 2 WHERE id % 3 = 0");
                changes.add(update + "v = " + values.value(types.get(i)) + " WHERE id % 4 = 1");
                changes.add(update + "id = id + 100 WHERE id % 5 = 2");
                changes.add(update + "v = NULL WHERE id % 6 = 4");
                changes.add("DELETE FROM " + table + " WHERE id % 7 IN (0, 5)");
            }
        }
        return changes.toArray(String[]::new);
    }
}
