package warp.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Random values of every built-in type, and of made ones, as SQL expressions: what a value is, the
 * server decides that evaluates it. For one thread.
 */
public final class RandomValues {

    private static final String TEXT =
            "aZ09 \t\n\r\\'\"`{}(),;:|&!<>$%_-=äß€漢字😀\u0001\u007f\u00a0\ufeff";

    private final RandomGenerator random;

    public RandomValues(RandomGenerator random) {
        this.random = random;
    }

    /** A type's name in SQL, and the first version that has it. */
    public record TypeName(String sql, double since) {}

    /** What must be there before the types can be used. */
    public static List<String> types() {
        return List.of(
                "CREATE SCHEMA ext",
                "CREATE EXTENSION hstore SCHEMA ext",
                "CREATE EXTENSION citext SCHEMA ext",
                "CREATE TYPE ext.\"Mood ü\" AS ENUM ('sad', 'it''s, \"ok\"', '', 'ü\\')",
                "CREATE DOMAIN ext.code AS varchar(12) CHECK (value <> 'x')",
                "CREATE TYPE ext.pair AS (a int, \"b c\" text, d ext.\"Mood ü\"[])",
                "CREATE TYPE ext.span AS RANGE (subtype = text, collation = \"C\")");
    }

    /** Every type that a server of the version has. */
    public static List<TypeName> all(double version) {
        List<TypeName> all = new ArrayList<>();
        for (String name : BUILT_IN.split("\\|", -1)) {
            String[] parts = name.split("@", -1);
            double since = parts.length > 1 ? Double.parseDouble(parts[1]) : 9.4;
            if (since <= version) {
                all.add(new TypeName(parts[0], since));
            }
        }
        return all;
    }

    /** Not of a domain before 11, and never of the vectors, which are arrays themselves. */
    public static boolean hasArray(TypeName type) {
        return (!type.sql().equals("ext.code") && !type.sql().endsWith("vector"))
                || type.sql().equals("tsvector");
    }

    private static final String BUILT_IN =
            "bool|\"char\"|name|text|varchar(20)|char(7)|bytea|int2|int4|int8|oid|numeric"
                    + "|numeric(20,5)|float4|float8|money|date|time|timetz|timestamp|timestamptz"
                    + "|timestamptz(2)|interval|uuid|inet|cidr|macaddr|macaddr8@10|bit(11)|varbit"
                    + "|json|jsonb|xml|tsvector|tsquery|jsonpath@12|point|line|lseg|box|path"
                    + "|polygon|circle|int4range|int8range|numrange|tsrange|tstzrange|daterange"
                    + "|int4multirange@14|nummultirange@14|pg_lsn|txid_snapshot|pg_snapshot@13|xid"
                    + "|cid|tid|xid8@13|oidvector|int2vector|regclass|regproc|regprocedure|regoper"
                    + "|regoperator|regtype|regconfig|regdictionary|regrole@9.5|regnamespace@9.5"
                    + "|refcursor|ext.hstore|ext.citext|ext.\"Mood ü\"|ext.code|ext.pair|ext.span";

    /** An array of up to four values, NULLs among them; at times of two dimensions. */
    public String array(TypeName type) {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            values.add(random.nextInt(5) == 0 ? "NULL" : value(type));
        }
        String array = "ARRAY[" + String.join(", ", values) + "]::" + type.sql() + "[]";
        return random.nextInt(4) == 0 && !values.isEmpty() ? "ARRAY[" + array + "]" : array;
    }

    /** A value that is not NULL. */
    public String value(TypeName type) {
        if (type.sql().equals("ext.pair")) {
            return "ROW(%d, %s, ARRAY['', 'sad']::ext.\"Mood ü\"[])::ext.pair"
                    .formatted(random.nextInt(), random.nextBoolean() ? "NULL" : quote(text(9)));
        }
        return quote(literal(type.sql())) + "::" + type.sql();
    }

    private String literal(String type) {
        return switch (type) {
            case "bool" -> one("t", "f");
            case "\"char\"" -> one("", "a", "\\", "'", "\u0001", "\u007f", " ");
            case "name", "ext.citext", "refcursor" -> text(30);
            case "text" -> random.nextInt(8) == 0 ? text(20).repeat(4000) : text(40);
            case "varchar(20)", "ext.code" -> text(10);
            case "char(7)" -> one("", " ", "a", "a b", "漢字", "\\N");
            case "bytea" -> "\\x" + hex(2 * random.nextInt(20));
            case "int2" -> one("-32768", "32767", "0", "" + random.nextInt(32768));
            case "int4" -> one("-2147483648", "2147483647", "" + random.nextInt());
            case "int8" -> one("-9223372036854775808", "" + random.nextLong());
            case "oid", "xid", "cid" -> one("0", "4294967295", "" + random.nextInt(1 << 30));
            case "xid8" -> one("0", "18446744073709551615", "" + random.nextLong(1L << 60));
            case "numeric" ->
                    one("NaN", "0.00", "-1e-200", "1e300", digits(60) + "." + digits(40), "1.10");
            case "numeric(20,5)" -> one("NaN", "-" + digits(15) + ".00001", "0", "123.4");
            case "float4" -> one("NaN", "-Infinity", "-0", "1e-45", "" + random.nextFloat());
            case "float8" ->
                    one("NaN", "Infinity", "-0", "5e-324", "" + random.nextDouble(), "0.1");
            case "money" -> one("-92233720368547758.08", "92233720368547758.07", "0.01");
            case "date" -> one("infinity", "-infinity", "4714-11-24 BC", "5874897-12-31", day());
            case "time" -> one("24:00:00", "00:00:00.000001", clock());
            case "timetz" -> one("24:00:00-15:59:59", "00:00+15:59:59", clock() + "-03:30");
            case "timestamp" ->
                    one("infinity", "-infinity", "4714-11-24 00:00:00 BC", day() + " " + clock());
            case "timestamptz", "timestamptz(2)" ->
                    one("infinity", "294276-12-31 23:59:59+00", day() + " " + clock() + "+05:45");
            case "interval" ->
                    one(
                            "0",
                            "-178000000 years",
                            "178000000 years -2147483648 days",
                            "2147483647 days -2147483647:00:00.000001",
                            "1 mon -1 day +00:00:00.000001");
            case "uuid" -> hex(32);
            case "inet" -> one("0.0.0.0/0", "::1", "10.1.2.3/8", "fe80::" + hex(4) + "/64");
            case "cidr" -> one("0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::/32");
            case "macaddr" -> hex(12);
            case "macaddr8" -> hex(16);
            case "bit(11)" -> bits(11);
            case "varbit" -> bits(random.nextInt(30));
            case "json" -> "{\"a\" :  1e2, \"a\": [null, \"\\u00e9\", " + random.nextInt() + " ]}";
            case "jsonb" ->
                    "{\"ü\": [1.00, 1e5, null, true, \"\\\\ \\\" \\n\"], \"\": {\"x\": "
                            + random.nextInt()
                            + "}}";
            case "xml" -> one("<a b=\"c\">é &amp; <![CDATA[<]]></a>", "text", "<x/><y/>", "");
            case "tsvector" -> one("", "a:1A,2B b:16383 'c d' '''x\\\\':3", "fat:2,4C cat:5");
            case "tsquery" -> one("", "a & !b | (c:*AB)", "'x y' | '''q'", "!(a | b)");
            case "jsonpath" -> one("$", "$.\"a b\"[*] ? (@.x > 1)", "strict $.a[0 to last]");
            case "point" -> point();
            case "line" -> one("{1,2,3}", "{-1.5,0.1,1e300}");
            case "lseg", "box" -> point() + "," + point();
            case "path" -> one("[" + point() + "]", "(" + point() + "," + point() + ")");
            case "polygon" -> "(" + point() + "," + point() + "," + point() + ")";
            case "circle" -> "<" + point() + "," + random.nextInt(100) + ">";
            case "int4range", "int8range" ->
                    one("empty", "(,)", "[1,1]", "(-5," + random.nextInt(100) + "]");
            case "numrange" -> one("empty", "(,1.00]", "[1.0,1.0]", "[-1.5,2e10)");
            case "tsrange" -> one("empty", "(,)", "[2000-01-01,infinity]", "[-infinity,today)");
            case "tstzrange" -> one("empty", "[\"2000-01-01 00:00+03\",)", "(,infinity)");
            case "daterange" -> one("empty", "[2000-01-01,2000-02-29]", "(,infinity)");
            case "int4multirange" -> one("{}", "{(,)}", "{[1,3),[5,9)}", "{(,0),[7,)}");
            case "nummultirange" -> one("{}", "{[1.0,2.00],(3,)}");
            case "pg_lsn" -> one("0/0", "FFFFFFFF/FFFFFFFF", "16/B374D848");
            case "txid_snapshot", "pg_snapshot" -> one("10:20:10,14,15", "1:1:", "10:20:");
            case "tid" -> one("(0,1)", "(4294967295,65535)", "(42,7)");
            case "oidvector", "int2vector" -> one("", "1", "1 2 3");
            case "regclass" -> one("pg_catalog.pg_class", "-", "ext.\"Täble\"");
            case "regproc" -> one("pg_catalog.now", "-");
            case "regprocedure" -> one("pg_catalog.abs(integer)", "-");
            case "regoper" -> one("pg_catalog.||/", "0");
            case "regoperator" -> one("pg_catalog.+(integer,integer)", "0");
            case "regtype" -> one("integer", "ext.\"Mood ü\"", "text[]", "-");
            case "regconfig" -> one("pg_catalog.english", "pg_catalog.simple");
            case "regdictionary" -> "pg_catalog.simple";
            case "regrole" -> one("postgres", "-");
            case "regnamespace" -> one("pg_catalog", "ext", "-");
            case "ext.hstore" -> one("", "a=>NULL, \"b \\\" \\\\\"=>\"ü => ,\"", "x=>\"\"");
            case "ext.\"Mood ü\"" -> one("sad", "it's, \"ok\"", "", "ü\\");
            case "ext.span" -> one("empty", "[\"a \\\" b\",\"c,d\")", "(,)", "[ä,ö]");
            default -> throw new IllegalArgumentException("no values of type " + type);
        };
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String point() {
        return "(%s,%s)".formatted(one("0.1", "-0", "1e-300", "7"), random.nextDouble());
    }

    private String day() {
        return "%04d-%02d-%02d"
                .formatted(
                        1 + random.nextInt(9999), 1 + random.nextInt(12), 1 + random.nextInt(28));
    }

    private String clock() {
        return "%02d:%02d:%02d.%06d"
                .formatted(
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(1_000_000));
    }

    private String digits(int count) {
        return "9" + "0123456789".repeat(10).substring(0, random.nextInt(count));
    }

    private String bits(int count) {
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            bits.append(random.nextInt(2));
        }
        return bits.toString();
    }

    private String hex(int count) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < count; i++) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }

    private String text(int max) {
        int[] points = TEXT.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(max + 1) / 2; i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
