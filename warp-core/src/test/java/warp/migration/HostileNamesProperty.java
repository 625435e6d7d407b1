package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static warp.sql.Identifiers.literal;
import static warp.sql.Identifiers.quote;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ExitCode;
import warp.sandbox.PostgresServer;
import warp.sql.VisibleText;
import warp.testing.HostileNames;
import warp.testing.Seed;

/**
 * A whole migration of a database in which everything that has a name, and every value, would
 * rather be a command. All arrives, nothing unseen is printed, and what Warp says to run is run as
 * it is printed.
 */
class HostileNamesProperty {

    private static final int TABLES = 4;
    private static final String TO_RUN = "HINT: Run at the destination: ";

    @TempDir Path folder;
    private final Random random = new Random(Seed.of(HostileNamesProperty.class));
    private final HostileNames names = new HostileNames(random);

    /** A table of the source as this test made it. */
    private record Made(String schema, String name, String key, String text, String mood) {
        String qualified() {
            return quote(schema) + "." + quote(name);
        }
    }

    @Test
    void everythingArrives_andNothingStrikes() throws Exception {
        try (PostgresServer source = PostgresServer.start("15");
                PostgresServer destination = PostgresServer.start("15");
                Move move = Move.named(source, destination, folder, names.next(56))) {
            List<String> schemas = List.of(names.next(), names.next());
            List<Made> tables = new ArrayList<>();
            String role = names.next();
            atSource(move, "CREATE ROLE " + quote(role));
            for (String schema : schemas) {
                atSource(move, "CREATE SCHEMA " + quote(schema));
                atSource(move, comment("SCHEMA " + quote(schema)));
                atSource(
                        move,
                        "GRANT USAGE ON SCHEMA %s TO %s".formatted(quote(schema), quote(role)));
            }
            for (int i = 0; i < TABLES; i++) {
                tables.add(make(move, schemas.get(i % 2), role));
            }
            refer(move, tables);

            shown(move.run("--sync-schema", "--roles", "--yes", "--until=copied", "-v"));
            equal(move, schemas);
            assertThat(move.destinationRows(labels())).isEqualTo(move.sourceRows(labels()));

            tables.reversed().forEach(table -> change(move, table));
            shown(move.run("--until=caught-up"));
            equal(move, schemas);

            holdAndMend(move, tables.getFirst());
            equal(move, schemas);
            loseARow(move, tables.get(1));
            equal(move, schemas);
            shown(move.run("--clean"));
        }
    }

    private Made make(Move move, String schema, String role) {
        Made table = new Made(schema, names.next(), names.next(), names.next(), names.next());
        String type = quote(schema) + "." + quote(names.next());
        String label = names.next();
        atSource(
                move,
                "CREATE TYPE %s AS ENUM (%s, %s)"
                        .formatted(type, literal(label), literal(names.next())));
        atSource(
                move,
                "CREATE TABLE %s (%s serial CONSTRAINT %s PRIMARY KEY, %s text DEFAULT %s, %s %s, CONSTRAINT %s CHECK (%s <> %s))"
                        .formatted(
                                table.qualified(),
                                quote(table.key()),
                                quote(names.next()),
                                quote(table.text()),
                                literal(names.next()),
                                quote(table.mood()),
                                type,
                                quote(names.next()),
                                quote(table.text()),
                                literal(names.next())));
        atSource(
                move,
                "CREATE INDEX %s ON %s (%s)"
                        .formatted(quote(names.next()), table.qualified(), quote(table.text())));
        atSource(
                move,
                "CREATE VIEW %s.%s AS SELECT %s AS %s FROM %s WHERE %s <> %s"
                        .formatted(
                                quote(schema),
                                quote(names.next()),
                                quote(table.text()),
                                quote(names.next()),
                                table.qualified(),
                                quote(table.text()),
                                literal(names.next())));
        atSource(move, comment("TABLE " + table.qualified()));
        atSource(move, comment("COLUMN " + table.qualified() + "." + quote(table.text())));
        atSource(move, "ALTER TABLE %s OWNER TO %s".formatted(table.qualified(), quote(role)));
        atSource(move, "GRANT SELECT ON %s TO %s".formatted(table.qualified(), quote(role)));
        for (int i = 0; i < 20; i++) {
            insert(move, table, literal(label));
        }
        return table;
    }

    private void refer(Move move, List<Made> tables) {
        Made from = tables.get(0);
        Made to = tables.get(1);
        atSource(
                move,
                "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE CASCADE"
                        .formatted(
                                from.qualified(),
                                quote(names.next()),
                                quote(from.key()),
                                to.qualified(),
                                quote(to.key())));
    }

    private String comment(String object) {
        return "COMMENT ON %s IS %s".formatted(object, literal(names.next()));
    }

    private void insert(Move move, Made table, String mood) {
        atSource(
                move,
                "INSERT INTO %s (%s, %s) VALUES (%s, %s)"
                        .formatted(
                                table.qualified(),
                                quote(table.text()),
                                quote(table.mood()),
                                literal(names.next()),
                                mood));
    }

    private void change(Move move, Made table) {
        insert(move, table, "NULL");
        atSource(
                move,
                "UPDATE %s SET %s = %s WHERE %s %% 3 = 0"
                        .formatted(
                                table.qualified(),
                                quote(table.text()),
                                literal(names.next()),
                                quote(table.key())));
        atSource(
                move,
                "DELETE FROM %s WHERE %s = 20".formatted(table.qualified(), quote(table.key())));
    }

    /** A renamed column is for a person: what is printed is pasted. */
    private void holdAndMend(Move move, Made table) throws Exception {
        String renamed = names.next();
        atSource(
                move,
                "ALTER TABLE %s RENAME COLUMN %s TO %s"
                        .formatted(table.qualified(), quote(table.text()), quote(renamed)));
        atSource(
                move,
                "UPDATE %s SET %s = %s"
                        .formatted(table.qualified(), quote(renamed), literal(names.next())));

        String printed = shown(move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up"));

        List<String> statements =
                printed.lines()
                        .filter(line -> line.startsWith(TO_RUN))
                        .map(line -> line.substring(TO_RUN.length()))
                        .distinct()
                        .toList();
        assertThat(statements).as(printed).hasSize(1);
        try (Connection connection = move.destination();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(statements.getFirst());
        }
        shown(move.run("--until=caught-up"));
    }

    /** A row that is not there stops Warp, which names table and all. */
    private void loseARow(Move move, Made table) throws Exception {
        String where = " WHERE %s = 5".formatted(quote(table.key()));
        try (Connection connection = move.destination();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("SET session_replication_role = replica");
            statement.execute("CREATE TEMP TABLE kept AS TABLE " + table.qualified());
            statement.execute("DELETE FROM " + table.qualified() + where);
            atSource(
                    move,
                    "UPDATE %s SET %s = %s"
                                    .formatted(
                                            table.qualified(),
                                            quote(table.text()),
                                            literal(names.next()))
                            + where);

            shown(move.runs(ExitCode.NEEDS_PERSON, "--until=caught-up"));

            statement.execute("INSERT INTO " + table.qualified() + " SELECT * FROM kept" + where);
        }
        shown(move.run("--until=caught-up"));
    }

    /** Lines as they are, and nothing in them that is not seen. */
    private static String shown(String printed) {
        assertThat(printed.lines().filter(line -> !VisibleText.isSafe(line))).isEmpty();
        return printed;
    }

    private static void equal(Move move, List<String> schemas) throws Exception {
        move.assertEqual(schemas.toArray(String[]::new));
    }

    /** What is in no row: labels, comments, defaults, definitions. */
    private static String labels() {
        return "SELECT 'label' AS kind, typname::text AS name, enumlabel::text AS text FROM pg_enum"
                + " JOIN pg_type t ON t.oid = enumtypid UNION ALL SELECT 'comment', objsubid::text,"
                + " description FROM pg_description d WHERE EXISTS (SELECT 1 FROM pg_class c JOIN"
                + " pg_namespace n ON n.oid = relnamespace WHERE c.oid = objoid AND nspname NOT"
                + " LIKE 'pg\\_%' AND nspname NOT IN ('warp', 'information_schema')) UNION ALL"
                + " SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint"
                + " WHERE contype IN ('p', 'f', 'c') AND connamespace NOT IN (SELECT oid FROM"
                + " pg_namespace WHERE nspname IN ('warp', 'pg_catalog', 'information_schema'))"
                + " UNION ALL SELECT 'view', viewname, definition FROM pg_views WHERE schemaname"
                + " NOT IN ('pg_catalog', 'information_schema') UNION ALL SELECT 'role', rolname,"
                + " '' FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%'";
    }

    private static void atSource(Move move, String sql) {
        try (Connection connection = move.source();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (java.sql.SQLException problem) {
            throw new AssertionError(sql, problem);
        }
    }
}
