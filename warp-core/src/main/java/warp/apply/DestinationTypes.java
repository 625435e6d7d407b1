package warp.apply;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warp.model.Column;
import warp.model.Table;
import warp.model.TablePair;
import warp.sql.ApplyStatements;
import warp.sql.SetStatements.ArrayColumn;

/** What the destination's catalog says about types, as far as sets of rows need it. */
final class DestinationTypes {

    /**
     * Types of whose values no two that differ as printed are equal: bool, bytea, "char", name,
     * int8, int2, int4, text, oid, macaddr, varchar, date, time, timestamp, timestamptz, uuid,
     * pg_lsn. Not so numeric, float (-0), character, interval, jsonb.
     */
    private static final Set<Integer> CANONICAL =
            Set.of(
                    16, 17, 18, 19, 20, 21, 23, 25, 26, 829, 1043, 1082, 1083, 1114, 1184, 2950,
                    3220);

    private static final int FIRST_USER_OID = 16384;

    private record Type(int arrayOid, boolean isEnum, String name) {}

    private record Attribute(int tableOid, int number) {}

    private final Map<Integer, Type> types = new HashMap<>();
    private final Set<Attribute> looselyCollated = new HashSet<>();

    /** Asks the destination; between transactions only. */
    DestinationTypes(ApplySession session, List<TablePair> tables) {
        this(typesOf(session, tables), session.lines(ApplyStatements.LOOSELY_COLLATED));
    }

    /**
     * @param typeLines what {@link ApplyStatements#typesOf} gives
     * @param collatedLines what {@link ApplyStatements#LOOSELY_COLLATED} gives
     */
    DestinationTypes(List<String> typeLines, List<String> collatedLines) {
        for (String line : typeLines) {
            String[] part = line.split(" ", 4);
            types.put(
                    Integer.parseUnsignedInt(part[0]),
                    new Type(Integer.parseUnsignedInt(part[1]), part[2].equals("e"), part[3]));
        }
        for (String line : collatedLines) {
            String[] part = line.split(" ", 2);
            looselyCollated.add(
                    new Attribute(Integer.parseUnsignedInt(part[0]), Integer.parseInt(part[1])));
        }
    }

    private static List<String> typesOf(ApplySession session, List<TablePair> tables) {
        Set<Integer> oids = new HashSet<>();
        for (TablePair pair : tables) {
            pair.destination().columns().forEach(column -> oids.add(column.typeOid()));
        }
        return oids.isEmpty() ? List.of() : session.lines(ApplyStatements.typesOf(oids));
    }

    /** How a column's values travel as an array; empty where its type has come since. */
    Optional<ArrayColumn> arrayOf(Column column) {
        return Optional.ofNullable(types.get(column.typeOid()))
                .map(type -> new ArrayColumn(column, type.arrayOid(), type.name()));
    }

    /** Whether keys are equal exactly if their texts are. */
    boolean canBeKey(Table table, Column column, int sourceTypeOid) {
        Type type = types.get(column.typeOid());
        if (type == null || looselyCollated.contains(new Attribute(table.oid(), column.number()))) {
            return false;
        }
        return type.isEnum()
                ? Integer.compareUnsigned(sourceTypeOid, FIRST_USER_OID) >= 0
                : CANONICAL.contains(column.typeOid()) && CANONICAL.contains(sourceTypeOid);
    }
}
