package warp.apply;

import java.util.ArrayList;
import java.util.List;

/** A table for each built-in type with values at its edges, and what is done to them. */
final class TypedRows {

    /** Type, then SQL expressions of values. */
    private static final String[][] TYPES = {
        {"smallint", "-32768", "32767"},
        {"integer", "-2147483648", "0"},
        {"bigint", "-9223372036854775808", "9223372036854775807"},
        {"numeric", "'NaN'", "1.00", "-0.000000000000000000000000000001", "1e100"},
        {"numeric(10,2)", "12345678.90", "-0.01"},
        {"real", "'-0'", "'NaN'", "'-Infinity'", "1.1", "3.4028235e38"},
        {"double precision", "'-0'", "'Infinity'", "0.1", "1e-307", "0.30000000000000004"},
        {"money", "'-92233720368547758.08'", "1.5"},
        {"varchar(5)", "''", "'äöü'", "'a b  '"},
        {"char(5)", "'a'", "''"},
        {"text", "E'tab\\t newline\\n quote'' backslash\\\\ '", "''", "'NULL'", "'\\N'", "'😀'"},
        {"\"char\"", "'a'", "''"},
        {"name", "'a name'"},
        {"bytea", "'\\x00ff00'", "''"},
        {"timestamp", "'infinity'", "'4713-01-01 00:00:00 BC'", "'294276-12-31 23:59:59.999999'"},
        {"timestamptz", "'-infinity'", "'2024-02-29 12:34:56.789012+05:30'"},
        {"date", "'infinity'", "'5874897-12-31'", "'0044-03-15 BC'"},
        {"time", "'24:00:00'", "'00:00:00.000001'"},
        {"timetz", "'24:00:00-15:59'", "'12:00:00+05:30'"},
        {"interval", "'-1 year -2 mons +3 days -04:05:06.789'", "'1 mon -1 day'", "'0'"},
        {"boolean", "true", "false"},
        {"point", "'(1.5,-2)'"},
        {"line", "'{1,2,3}'"},
        {"lseg", "'[(1,2),(3,4)]'"},
        {"box", "'(3,4),(1,2)'"},
        {"path", "'[(1,2),(3,4)]'", "'((1,2),(3,4))'"},
        {"polygon", "'((1,2),(3,4),(5,6))'"},
        {"circle", "'<(1,2),3>'"},
        {"cidr", "'10.0.0.0/8'", "'::/0'"},
        {"inet", "'10.0.0.1'", "'::1/64'"},
        {"macaddr", "'08:00:2b:01:02:03'"},
        {"bit(5)", "B'10101'"},
        {"varbit", "B''", "B'1'"},
        {"tsvector", "'a:1A b:2 ''c d'':3'"},
        {"tsquery", "'a & !b | (c:*A)'"},
        {"uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"},
        {"xml", "'<a b=\"c\">é</a>'", "'text'"},
        {"json", "'{\"a\":  1, \"a\": [null, \"\\u00e9\"]}'"},
        {"jsonb", "'{\"a\": 1.00, \"b\": [null, \"é\"]}'"},
        {"int[]", "'{}'", "'{1,NULL,3}'", "'[0:1]={1,2}'", "'{{1,2},{3,4}}'"},
        {"text[]", "ARRAY['', 'NULL', NULL, 'a,b', '{\"x\"}', E'\\\\']"},
        {"int4range", "'empty'", "'[1,5)'", "'(,)'"},
        {"numrange", "'[1.0,2.00]'"},
        {"tstzrange", "'[2024-01-01 00:00:00+00,infinity)'"},
        {"daterange", "'[2024-01-01,)'"},
        {"pg_lsn", "'16/B374D848'"},
        {"oid", "4294967295::oid"},
        {"txid_snapshot", "'10:20:10,14,15'"},
        {"regclass", "'pg_catalog.pg_class'"},
        {"typed.mood", "'sad'", "'it''s ok'"},
        {"typed.positive", "5"},
        {"typed.pair", "ROW(1, 'a \"b\" (c), \\')", "ROW(NULL, '')"},
        {"typed.mood[]", "ARRAY['sad']::typed.mood[]"},
    };

    private TypedRows() {}

    static String[] ddl() {
        List<String> ddl = new ArrayList<>();
        ddl.add("CREATE SCHEMA typed");
        ddl.add("CREATE TYPE typed.mood AS ENUM ('sad', 'it''s ok')");
        ddl.add("CREATE DOMAIN typed.positive AS int CHECK (value > 0)");
        ddl.add("CREATE TYPE typed.pair AS (a int, \"b c\" text)");
        for (int i = 0; i < TYPES.length; i++) {
            ddl.add("CREATE TABLE typed.t%d (id int PRIMARY KEY, v %s)".formatted(i, TYPES[i][0]));
            ddl.add("CREATE TABLE typed.f%d (id int, v %s)".formatted(i, TYPES[i][0]));
            ddl.add("ALTER TABLE typed.f%d REPLICA IDENTITY FULL".formatted(i));
        }
        return ddl.toArray(String[]::new);
    }

    static String[] dml() {
        List<String> dml = new ArrayList<>();
        for (int i = 0; i < TYPES.length; i++) {
            for (String table : List.of("typed.t" + i, "typed.f" + i)) {
                for (int k = 1; k < TYPES[i].length; k++) {
                    dml.add("INSERT INTO %s VALUES (%d, %s)".formatted(table, k, TYPES[i][k]));
                    dml.add("INSERT INTO %s VALUES (%d, %s)".formatted(table, -k, TYPES[i][k]));
                }
                dml.add("INSERT INTO %s VALUES (0, NULL)".formatted(table));
                dml.add("UPDATE %s SET v = %s WHERE id <= 0".formatted(table, TYPES[i][1]));
                dml.add("UPDATE %s SET id = id + 100 WHERE id > 0".formatted(table));
                dml.add("DELETE FROM %s WHERE id < 0".formatted(table));
            }
        }
        return dml.toArray(String[]::new);
    }
}
