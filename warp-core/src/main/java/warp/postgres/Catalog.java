package warp.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Column;
import warp.model.Distribution;
import warp.model.ReplicaIdentity;
import warp.model.Table;
import warp.model.TableName;
import warp.plan.KeyHistogram;

/**
 * Reads the tables of a database from its system catalogs, from PostgreSQL 9.4 on ("System
 * Catalogs" in the manual). Holds no state; each call makes a constant number of queries, whatever
 * the number of tables, and works inside of a transaction as well.
 */
public final class Catalog {

    private static final CatalogQuery TABLES = CatalogQuery.of(Catalog.class, "tables");
    private static final CatalogQuery TYPES = CatalogQuery.of(Catalog.class, "types");
    private static final CatalogQuery UNLOGGED = CatalogQuery.of(Catalog.class, "unlogged_tables");
    private static final CatalogQuery FILLED = CatalogQuery.of(Catalog.class, "filled_tables");
    private static final CatalogQuery ANCESTORS =
            CatalogQuery.of(Catalog.class, "partition_ancestors");
    private static final CatalogQuery BOUNDS = CatalogQuery.of(Catalog.class, "partition_bounds");
    private static final CatalogQuery HISTOGRAM = CatalogQuery.of(Catalog.class, "key_histogram");

    /** How often the tables are read where DDL of others comes in between. */
    private static final int READS_MAX = 5;

    private Catalog() {}

    /**
     * Every table whose rows can be moved, ordered by name: ordinary tables and leaf partitions
     * that are permanent and logged, outside of PostgreSQL's own schemas and schema {@code warp},
     * and not members of an extension.
     *
     * <p>A table that another session creates while this runs may be missing, one that it drops may
     * be there with size 0.
     */
    public static List<Table> tables(Session session) {
        return read(session, false);
    }

    /**
     * As {@link #tables}, and the partitioned tables: every table that can receive rows. A row sent
     * to a partitioned table lands in the partition it belongs to.
     */
    public static List<Table> receivers(Session session) {
        return read(session, true);
    }

    private static List<Table> read(Session session, boolean partitioned) {
        Map<Integer, Distribution> spread = CitusCatalog.distributions(session);
        for (int attempt = 1; attempt <= READS_MAX; attempt++) {
            Columns columns = new Columns(session);
            List<Table> tables =
                    TABLES.each(session, row -> table(row, columns, spread), partitioned);
            if (!columns.missed) {
                return tables;
            }
        }
        throw new WarpException(ErrorCode.TRANSIENT, "tables change while Warp reads the catalog")
                .at(session.side())
                .hint("let the running CREATE and ALTER statements end, then try again");
    }

    /**
     * Makes columns of their packed form, one object for all that are equal: of 100,000 tables many
     * look alike.
     */
    private static final class Columns {
        private final Session session;
        private final Map<String, Column> known = new HashMap<>();

        /** Read when the first that is not plain is met. */
        private @Nullable Map<TypeKey, Type> types;

        /** Whether a type is gone since the tables were read, or came after the types were. */
        private boolean missed;

        Columns(Session session) {
            this.session = session;
        }

        List<Column> of(List<String> packed) {
            return packed.stream().map(text -> known.computeIfAbsent(text, this::column)).toList();
        }

        private Column column(String packed) {
            String[] parts = packed.split(" ", 5);
            TypeKey key =
                    new TypeKey(Integer.parseUnsignedInt(parts[1]), Integer.parseInt(parts[2]));
            Type type = type(key);
            if (type == null) {
                missed = true;
                type = Type.UNKNOWN;
            }
            String flags = parts[3];
            return new Column(
                    parts[4],
                    Integer.parseInt(parts[0]),
                    key.oid(),
                    type.name(),
                    type.binarySafe(),
                    flags.indexOf('n') >= 0,
                    flags.indexOf('g') >= 0,
                    flags.indexOf('a') >= 0,
                    type.equality());
        }

        private @Nullable Type type(TypeKey key) {
            Optional<String> plain = PlainTypes.name(key.oid(), key.modifier(), session.version());
            if (plain.isPresent()) {
                return new Type(plain.get(), true, PlainTypes.EQUALITY);
            }
            if (types == null) {
                types = types(session);
            }
            return types.get(key);
        }
    }

    /** The tables that {@link #tables} leaves out because they are UNLOGGED, ordered by name. */
    public static List<TableName> unloggedTables(Session session) {
        return UNLOGGED.rows(session).stream().map(Catalog::name).toList();
    }

    /** The OIDs of those of these tables that may hold rows now; the others are empty. */
    public static Set<Integer> filled(Session session, Collection<Table> tables) {
        List<String> oids =
                tables.stream().map(table -> Integer.toUnsignedString(table.oid())).toList();
        Set<Integer> filled = new HashSet<>(FILLED.each(session, row -> row.oid("oid"), oids));
        tables.stream()
                .filter(table -> table.distribution() != null)
                .forEach(table -> filled.add(table.oid()));
        return filled;
    }

    /**
     * The partitioned tables above each leaf partition, the nearest first; empty before 10, which
     * has no partitions.
     */
    public static Map<TableName, List<TableName>> partitionAncestors(Session session) {
        if (!session.version().atLeast(10)) {
            return Map.of();
        }
        Map<TableName, List<TableName>> ancestors = new HashMap<>();
        for (Row row : ANCESTORS.rows(session)) {
            List<String> schemas = row.texts("ancestor_schemas");
            List<String> names = row.texts("ancestor_names");
            List<TableName> above = new ArrayList<>(schemas.size());
            for (int i = 0; i < schemas.size(); i++) {
                above.add(new TableName(schemas.get(i), names.get(i)));
            }
            ancestors.put(name(row), List.copyOf(above));
        }
        return Map.copyOf(ancestors);
    }

    /**
     * What every row of each leaf partition meets, as an SQL condition over its columns; from 10
     * on. Without those of which only that server can tell: the condition of a hash partition names
     * its parent by OID.
     */
    public static Map<TableName, String> partitionBounds(
            Session session, Collection<Table> partitions) {
        Map<TableName, String> bounds = new HashMap<>();
        List<String> oids =
                partitions.stream().map(table -> Integer.toUnsignedString(table.oid())).toList();
        for (Row row : oids.isEmpty() ? List.<Row>of() : BOUNDS.rows(session, oids)) {
            bounds.put(name(row), row.text("bounds"));
        }
        return bounds;
    }

    /**
     * How the values of a key of the table are spread, by the statistics of the last ANALYZE: for
     * cutting it into ranges where ranges of ctid are not to be had (before 14).
     *
     * @return empty where there is no unique b-tree index that begins with a NOT NULL column of a
     *     plain type, or no statistics that the role may see
     */
    public static Optional<KeyHistogram> keyHistogram(Session session, Table table) {
        return HISTOGRAM
                .firstRow(session, Integer.toUnsignedLong(table.oid()))
                .map(row -> new KeyHistogram(row.text("column_name"), row.texts("bounds")));
    }

    private static Table table(Row row, Columns columns, Map<Integer, Distribution> spread) {
        return new Table(
                row.oid("oid"),
                name(row),
                columns.of(row.texts("columns")),
                ReplicaIdentity.of(row.text("identity").charAt(0)),
                row.texts("key_columns"),
                row.number("bytes"),
                row.number("heap_pages"),
                rowsEstimated(row),
                row.flag("partition"),
                row.flag("partitioned"),
                row.flag("row_security"),
                row.flag("row_security_forced"),
                spread.get(row.oid("oid")));
    }

    /** Before 14, 0 rows on 0 pages stands for a table that was never analysed. */
    private static double rowsEstimated(Row row) {
        double rows = row.real("rows_estimated");
        return rows == 0 && row.number("heap_pages") > 0 ? -1 : rows;
    }

    private static TableName name(Row row) {
        return new TableName(row.text("schema_name"), row.text("table_name"));
    }

    private static Map<TypeKey, Type> types(Session session) {
        Map<TypeKey, Type> types = new HashMap<>();
        for (Row row : TYPES.rows(session)) {
            types.put(
                    new TypeKey(row.oid("type"), row.integer("modifier")),
                    new Type(
                            row.text("name"),
                            row.flag("binary_safe"),
                            row.optionalText("equality").orElse(null)));
        }
        return types;
    }

    private record TypeKey(int oid, int modifier) {}

    private record Type(String name, boolean binarySafe, @Nullable String equality) {
        static final Type UNKNOWN = new Type("unknown", false, null);
    }
}
