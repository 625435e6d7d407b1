package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.Column;
import warp.model.ServerVersion;
import warp.model.TablePair;
import warp.model.TablePair.ColumnPair;

/**
 * The statements that sum up a table's rows, whatever their order: their number and the sum of a
 * hash of each row as it is printed. What travels as a pair says is printed, in the pair's order,
 * so both sides print the same for the same rows. Texts for the simple protocol.
 */
public final class VerifyStatements {

    private static final int FLOAT4_OID = 700;
    private static final int FLOAT8_OID = 701;

    private VerifyStatements() {}

    /** How a row is hashed; both sides have to use the same. */
    public enum Hash {
        /** 64 bits, from 11 on. */
        EXTENDED,
        /** The first 64 bits of an MD5, everywhere. */
        MD5;

        /** What both servers have. */
        public static Hash of(ServerVersion one, ServerVersion other) {
            return one.atLeast(11) && other.atLeast(11) ? EXTENDED : MD5;
        }

        private String of(String row) {
            return switch (this) {
                case EXTENDED ->
                        "pg_catalog.hashtextextended(%s COLLATE pg_catalog.\"C\", 0)"
                                .formatted(row);
                case MD5 ->
                        "('x' || pg_catalog.left(pg_catalog.md5(%s), 16))::pg_catalog.bit(64)::pg_catalog.int8"
                                .formatted(row);
            };
        }
    }

    /** Of the source's rows that travel: count and sum, two columns. */
    public static String atSource(TablePair pair, Hash hash) {
        String where =
                pair.filter().map(filter -> " WHERE " + Filters.bracketed(filter)).orElse("");
        List<String> values =
                pair.columns().stream().map(each -> printed(each, each.source())).toList();
        return sum(values, hash, Identifiers.itself(pair.source()) + where);
    }

    /** Of all rows of the destination's table. */
    public static String atDestination(TablePair pair, Hash hash) {
        List<String> values =
                pair.columns().stream().map(each -> printed(each, each.destination())).toList();
        return sum(values, hash, Identifiers.itself(pair.destination()));
    }

    private static String sum(List<String> values, Hash hash, String from) {
        String row =
                values.stream().collect(Collectors.joining(", ", "ROW(", ")::pg_catalog.text"));
        return "SELECT pg_catalog.count(*), coalesce(pg_catalog.sum("
                + hash.of(row)
                + "), 0) FROM "
                + from;
    }

    /** Floating point numbers are printed otherwise before 12; their bytes are the same. */
    private static String printed(ColumnPair pair, Column column) {
        String name = Identifiers.quote(column.name());
        if (pair.source().typeOid() != pair.destination().typeOid()) {
            return name;
        }
        return switch (column.typeOid()) {
            case FLOAT4_OID -> "pg_catalog.float4send(" + name + ")";
            case FLOAT8_OID -> "pg_catalog.float8send(" + name + ")";
            default -> name;
        };
    }
}
