package warp.schema;

import java.util.ArrayList;
import java.util.List;
import warp.postgres.Session;

/** A schema with every kind of index, key and trigger, and its full description. */
final class DestinationSchema {

    private DestinationSchema() {}

    static String[] statements(double version) {
        List<String> all = new ArrayList<>(EVERY_VERSION);
        if (version >= 11) {
            all.addAll(FROM_11);
        }
        if (version >= 15) {
            all.addAll(FROM_15);
        }
        if (version >= 18) {
            all.addAll(FROM_18);
        }
        return all.toArray(String[]::new);
    }

    /** Those that other objects need: a view, and the foreign key of a partitioned table. */
    static List<String> neededIndexes(double version) {
        return version >= 11 ? List.of("grouped_pkey", "left_one_pkey") : List.of("grouped_pkey");
    }

    static List<String> stayingIndexes(double version) {
        List<String> staying = new ArrayList<>(List.of("booking_during_excl", "grouped_pkey"));
        if (version >= 11) {
            staying.addAll(
                    List.of(
                            "left_one_pkey",
                            "part_1_a_idx",
                            "part_1_pkey",
                            "part_a_idx",
                            "part_pkey"));
        }
        if (version >= 18) {
            staying.add("stay_pkey");
        }
        return staying.stream().sorted().toList();
    }

    private static final List<String> EVERY_VERSION =
            List.of(
                    "CREATE TABLE parent (id int PRIMARY KEY, a int, b int,"
                            + " CONSTRAINT parent_a_key UNIQUE (a) DEFERRABLE,"
                            + " CONSTRAINT parent_ab_key UNIQUE (a, b)"
                            + " DEFERRABLE INITIALLY DEFERRED)",
                    "CREATE INDEX parent_b_idx ON parent (b DESC NULLS LAST) WITH (fillfactor=70)",
                    "CREATE INDEX parent_part_idx ON parent (a) WHERE b > 7",
                    "CREATE INDEX parent_expr_idx ON parent ((a + b), abs(a))",
                    "COMMENT ON INDEX parent_b_idx IS 'it''s an index'",
                    "COMMENT ON INDEX parent_pkey IS 'index of the key'",
                    "COMMENT ON CONSTRAINT parent_pkey ON parent IS 'a \\ key'",
                    "ALTER TABLE parent CLUSTER ON parent_b_idx",
                    "CREATE TABLE child (id int NOT NULL, parent int,"
                            + " CONSTRAINT child_parent_fk FOREIGN KEY (parent) REFERENCES parent"
                            + " ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE)",
                    "COMMENT ON CONSTRAINT child_parent_fk ON child IS 'who'",
                    "CREATE UNIQUE INDEX child_id_idx ON child (id)",
                    "ALTER TABLE child REPLICA IDENTITY USING INDEX child_id_idx",
                    "ALTER TABLE child ADD CONSTRAINT never_checked FOREIGN KEY (id)"
                            + " REFERENCES parent (id) NOT VALID",
                    "ALTER TABLE child ADD CONSTRAINT from_now_on CHECK (id > 5) NOT VALID",
                    "COMMENT ON CONSTRAINT from_now_on ON child IS 'old rows may break it'",
                    "CREATE TABLE tree (id int PRIMARY KEY, above int REFERENCES tree)",
                    "ALTER TABLE tree CLUSTER ON tree_pkey",
                    "CREATE TABLE left_one (id int PRIMARY KEY, other int)",
                    "CREATE TABLE right_one (id int PRIMARY KEY,"
                            + " other int REFERENCES left_one)",
                    "ALTER TABLE left_one ADD CONSTRAINT cross_fk FOREIGN KEY (other)"
                            + " REFERENCES right_one",
                    "CREATE SCHEMA \"A schema\"",
                    "CREATE TABLE \"A schema\".\"a \"\"table\"\"\" (\"the 'key'\" int,"
                            + " \"ñ\" text COLLATE \"C\","
                            + " CONSTRAINT \"the \"\"key\"\"\" PRIMARY KEY (\"the 'key'\"))",
                    "CREATE INDEX \"an 'index'\" ON \"A schema\".\"a \"\"table\"\"\""
                            + " (\"ñ\" text_pattern_ops)",
                    "CREATE INDEX hashed ON \"A schema\".\"a \"\"table\"\"\" USING hash (\"ñ\")",
                    "CREATE TABLE booking (during int4range, EXCLUDE USING gist (during WITH &&))",
                    "CREATE TABLE grouped (id int PRIMARY KEY, a int)",
                    "CREATE VIEW needs_the_key AS SELECT id, a FROM grouped GROUP BY id",
                    "CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql"
                            + " AS 'BEGIN RETURN NEW; END'",
                    "CREATE TRIGGER always BEFORE INSERT ON parent FOR EACH ROW"
                            + " EXECUTE PROCEDURE noop()",
                    "ALTER TABLE parent ENABLE ALWAYS TRIGGER always",
                    "CREATE TRIGGER \"on 'replica'\" BEFORE INSERT ON child FOR EACH ROW"
                            + " EXECUTE PROCEDURE noop()",
                    "ALTER TABLE child ENABLE REPLICA TRIGGER \"on 'replica'\"",
                    "CREATE TRIGGER usual BEFORE INSERT ON child FOR EACH ROW"
                            + " EXECUTE PROCEDURE noop()");

    private static final List<String> FROM_11 =
            List.of(
                    "CREATE TABLE including (a int, b int, c int,"
                            + " CONSTRAINT including_key UNIQUE (a) INCLUDE (b, c))",
                    "CREATE INDEX including_sum ON including (a, (b + c))",
                    "ALTER INDEX including_sum ALTER COLUMN 2 SET STATISTICS 777",
                    "CREATE TABLE part (a int PRIMARY KEY) PARTITION BY RANGE (a)",
                    "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100)",
                    "CREATE INDEX part_a_idx ON part (a)",
                    "CREATE INDEX part_1_own ON part_1 ((a + 1))",
                    "ALTER TABLE part ADD CONSTRAINT part_fk FOREIGN KEY (a)"
                            + " REFERENCES left_one");

    private static final List<String> FROM_15 =
            List.of(
                    "CREATE TABLE not_distinct (a int,"
                            + " CONSTRAINT one_null UNIQUE NULLS NOT DISTINCT (a))");

    private static final List<String> FROM_18 =
            List.of(
                    "CREATE TABLE stay (id int4range, during daterange,"
                            + " PRIMARY KEY (id, during WITHOUT OVERLAPS))",
                    "CREATE TABLE unenforced (a int,"
                            + " CONSTRAINT no_check FOREIGN KEY (a) REFERENCES left_one"
                            + " NOT ENFORCED)");

    /** Everything that must be as it was, one line an object, in a fixed order. */
    static List<String> describe(Session session) {
        boolean statistics = session.version().atLeast(11);
        return session
                .query(
                        "SELECT line FROM ("
                                + "SELECT concat_ws(' | ', 'index', i.indrelid::regclass,"
                                + " pg_get_indexdef(i.indexrelid), i.indisclustered,"
                                + " i.indisreplident, i.indisvalid, i.indisprimary,"
                                + " i.indimmediate, obj_description(i.indexrelid, 'pg_class'),"
                                + (statistics
                                        ? " (SELECT string_agg(concat(attnum, '=',"
                                                + " attstattarget), ',' ORDER BY attnum) FROM"
                                                + " pg_attribute WHERE attrelid = i.indexrelid))"
                                        : " '')")
                                + " AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                                + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname IN ('public', 'A schema')"
                                + " UNION ALL "
                                + "SELECT concat_ws(' | ', 'constraint', conrelid::regclass,"
                                + " conname, contype, pg_get_constraintdef(oid), convalidated,"
                                + " condeferrable, condeferred, conindid::regclass,"
                                + " obj_description(oid, 'pg_constraint')) FROM pg_constraint"
                                + " WHERE connamespace IN (SELECT oid FROM pg_namespace"
                                + " WHERE nspname IN ('public', 'A schema'))"
                                + " UNION ALL "
                                + "SELECT concat_ws(' | ', 'table', oid::regclass, relreplident,"
                                + " relhasindex) FROM pg_class WHERE relkind = 'r'"
                                + " AND relnamespace IN (SELECT oid FROM pg_namespace"
                                + " WHERE nspname IN ('public', 'A schema'))"
                                + " UNION ALL "
                                + "SELECT concat_ws(' | ', 'trigger', tgrelid::regclass, tgname,"
                                + " tgenabled) FROM pg_trigger WHERE NOT tgisinternal) all_lines"
                                + " ORDER BY line COLLATE \"C\"")
                .stream()
                .map(row -> row.text("line"))
                .toList();
    }
}
