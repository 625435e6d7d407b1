package warp.model;

import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warp.model.Relation.RelationColumn;

/**
 * What a table of the source was like when its rows and its changes last fitted the destination:
 * what tells an added column from a renamed one, and a rewritten table from one that only looks the
 * same.
 *
 * @param name as the migration calls the table, also after the source has renamed it
 * @param oid {@code pg_class.oid}
 * @param fileNode {@code pg_class.relfilenode}: another one, and the rows were written anew without
 *     a word in the log
 * @param lastNumber the highest number a column has had, dropped ones included
 * @param columns live columns, generated ones included, in order of their numbers
 * @param gone names of columns that the source has dropped since; what the destination has under
 *     such a name is no column of the source's
 */
public record KnownTable(
        TableName name,
        int oid,
        int fileNode,
        int lastNumber,
        List<KnownColumn> columns,
        List<String> gone) {

    public KnownTable {
        columns = List.copyOf(columns);
        gone = List.copyOf(gone);
    }

    /** The same, in another file. */
    public KnownTable in(int otherFile) {
        return new KnownTable(name, oid, otherFile, lastNumber, columns, gone);
    }

    /**
     * The same, received by columns of the destination.
     *
     * @param receivers their numbers by names of the source; 0 for none
     */
    public KnownTable receivedBy(ToIntFunction<String> receivers) {
        return new KnownTable(
                name,
                oid,
                fileNode,
                lastNumber,
                columns.stream()
                        .map(column -> column.receivedBy(receivers.applyAsInt(column.name())))
                        .toList(),
                gone);
    }

    /** Whether these are its columns, whoever receives them. */
    public boolean hasColumns(List<KnownColumn> others) {
        return receivedBy(_ -> 0)
                .columns
                .equals(others.stream().map(column -> column.receivedBy(0)).toList());
    }

    /**
     * A column.
     *
     * @param number {@code attnum}, which a column keeps all its life; 0 where not known
     * @param typeOid {@code atttypid}; 0 where not known
     * @param typeModifier {@code atttypmod}
     * @param generated whether it is computed from other columns
     * @param receiver number of the destination's column that has its values; 0 where not known
     */
    public record KnownColumn(
            int number,
            int typeOid,
            int typeModifier,
            String name,
            boolean generated,
            int receiver) {

        private static final Pattern PACKED =
                Pattern.compile("(\\d+)(\\D?) (\\d+) (-?\\d+) (\\d+) (.*)", Pattern.DOTALL);

        /**
         * Reads number, type, modifier, receiver and name: {@code 3 25 -1 2 name}, or {@code 3s …}
         * where it is generated.
         */
        public static KnownColumn parse(String packed) {
            Matcher parts = PACKED.matcher(packed);
            if (!parts.matches()) {
                throw new IllegalArgumentException("not a column: " + packed);
            }
            return new KnownColumn(
                    Integer.parseInt(parts.group(1)),
                    Integer.parseUnsignedInt(parts.group(3)),
                    Integer.parseInt(parts.group(4)),
                    parts.group(6),
                    !parts.group(2).isEmpty(),
                    Integer.parseInt(parts.group(5)));
        }

        /** As {@link #parse} reads it. */
        public String packed() {
            return "%d%s %s %d %d %s"
                    .formatted(
                            number,
                            generated ? "g" : "",
                            Integer.toUnsignedString(typeOid),
                            typeModifier,
                            receiver,
                            name);
        }

        /** The same column, received by that one. */
        public KnownColumn receivedBy(int column) {
            return new KnownColumn(number, typeOid, typeModifier, name, generated, column);
        }

        /** Whether both are of one type, as far as that is known of both. */
        public boolean isOfType(KnownColumn other) {
            return typeOid == 0
                    || other.typeOid == 0
                    || (typeOid == other.typeOid && typeModifier == other.typeModifier);
        }
    }

    /** The column of that name. */
    public Optional<KnownColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** The column of that number. */
    public Optional<KnownColumn> numbered(int number) {
        return columns.stream()
                .filter(column -> number != 0 && column.number() == number)
                .findFirst();
    }

    /**
     * What a relation tells of the table's own columns: before 12, test_decoding prints the system
     * column of a table WITH OIDS first.
     */
    public List<RelationColumn> told(Relation relation) {
        List<RelationColumn> told = relation.columns();
        boolean oid =
                !relation.identityKnown()
                        && !told.isEmpty()
                        && told.getFirst().name().equals("oid")
                        && column("oid").isEmpty();
        return oid ? told.subList(1, told.size()) : told;
    }
}
