package warp.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import warp.model.Table;
import warp.model.TableName;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.SchemaStatements;

/**
 * When the planner's statistics of which tables are collected, which a copy leaves without any
 * ("Updating Planner Statistics" in the manual's chapter on routine vacuuming).
 *
 * <p>A table's own, as soon as it is filled. Those of a table that others inherit from are of the
 * rows of all of them, so they wait until the last is filled; nobody else collects them of a
 * partitioned table, as autovacuum looks at its partitions only. Before 18 ANALYZE of a partitioned
 * table looks at each of its partitions as well, so there these wait with it.
 *
 * @param waiting tables that {@link #atTheEnd} sees to
 * @param atTheEnd once all tables are filled, in any order
 */
public record Statistics(Set<TableName> waiting, List<Gathering> atTheEnd) {

    /** Every table by itself. */
    public static final Statistics NONE_WAIT = new Statistics(Set.of(), List.of());

    private static final CatalogQuery ABOVE = CatalogQuery.of(Statistics.class, "tables_above");
    private static final CatalogQuery NEVER = CatalogQuery.of(Statistics.class, "never_analyzed");

    public Statistics {
        waiting = Set.copyOf(waiting);
        atTheEnd = List.copyOf(atTheEnd);
    }

    /**
     * ANALYZE of some tables.
     *
     * @param tables at least one; of the destination
     * @param withoutPartitions of partitioned tables of 18 and later: not of their partitions
     */
    public record Gathering(List<TableName> tables, boolean withoutPartitions) {

        public Gathering {
            tables = List.copyOf(tables);
        }

        public static Gathering of(List<TableName> tables) {
            return new Gathering(tables, false);
        }

        /** The same, table by table. */
        public List<Gathering> one() {
            return tables.stream()
                    .map(table -> new Gathering(List.of(table), withoutPartitions))
                    .toList();
        }

        /** What a person would run. */
        public String statement() {
            return withoutPartitions
                    ? SchemaStatements.analyzeWithoutPartitions(tables)
                    : SchemaStatements.analyze(tables);
        }

        /**
         * Collects them, of each table in a transaction of its own; by one statement where the
         * server takes many (11).
         *
         * @param destination not in a transaction
         */
        public void run(Session destination) {
            if (destination.version().atLeast(11)) {
                destination.run(statement());
            } else {
                one().forEach(each -> destination.run(each.statement()));
            }
        }
    }

    /**
     * How it is with these tables.
     *
     * @param filled tables of the destination that are or will be filled
     */
    public static Statistics of(Session destination, Collection<Table> filled) {
        boolean partitionsApart = destination.version().atLeast(18);
        Set<TableName> waiting = new HashSet<>();
        List<Gathering> atTheEnd = new ArrayList<>();
        if (!partitionsApart) {
            filled.stream().filter(Table::partition).map(Table::name).forEach(waiting::add);
        }
        for (Row row : ABOVE.rows(destination, oids(filled))) {
            TableName name = new TableName(row.text("schema_name"), row.text("table_name"));
            boolean partitioned = row.flag("partitioned");
            waiting.add(name);
            if (!partitioned || partitionsApart || !row.flag("beneath_another")) {
                atTheEnd.add(new Gathering(List.of(name), partitioned && partitionsApart));
            }
        }
        return new Statistics(waiting, atTheEnd);
    }

    /**
     * Those of which nobody has collected any, though they are not empty. Before 15 the server
     * learns of an ANALYZE half a second late.
     */
    public static List<TableName> missing(Session destination, Collection<Table> filled) {
        Set<Integer> never =
                new HashSet<>(NEVER.each(destination, row -> row.oid("oid"), oids(filled)));
        return filled.stream()
                .filter(table -> never.contains(table.oid()))
                .map(Table::name)
                .distinct()
                .toList();
    }

    private static List<String> oids(Collection<Table> tables) {
        return tables.stream().map(table -> Integer.toUnsignedString(table.oid())).toList();
    }
}
