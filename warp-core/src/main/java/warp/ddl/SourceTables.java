package warp.ddl;

import java.util.List;
import java.util.Optional;
import warp.ddl.SourceTable.Definition;
import warp.model.KnownTable.KnownColumn;
import warp.model.TableName;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;

/** Reads {@link SourceTable}s; for the session's thread. From PostgreSQL 9.4 on. */
public final class SourceTables {

    private static final CatalogQuery TABLES = CatalogQuery.of(SourceTables.class, "tables");
    private static final CatalogQuery COLUMNS = CatalogQuery.of(SourceTables.class, "columns");
    private static final CatalogQuery PARTITION = CatalogQuery.of(SourceTables.class, "partition");
    private static final CatalogQuery CONSTRAINTS =
            CatalogQuery.of(SourceTables.class, "constraints");
    private static final CatalogQuery INDEXES = CatalogQuery.of(SourceTables.class, "indexes");

    private final Session source;

    public SourceTables(Session source) {
        this.source = source;
    }

    /** Every table, partitioned ones included, in no order. */
    public List<SourceTable> all() {
        return TABLES.each(source, SourceTables::table);
    }

    /**
     * A text that is another one when tables have been made, dropped, renamed, attached, or got a
     * column; a little later also when a column of any was dropped, renamed or got another type, as
     * the statistics tell. Cheap enough to be asked every few seconds.
     */
    public String fingerprint() {
        return source.queryOne(
                        "SELECT pg_catalog.concat(count(*), ' ',"
                                + " pg_catalog.sum(pg_catalog.hashtext(pg_catalog.concat(oid, ' ',"
                                + " relname, ' ', relnamespace, ' ', relnatts, ' ', relreplident,"
                                + " ' ', relkind"
                                + (source.version().atLeast(10) ? ", ' ', relispartition" : "")
                                + "))::int8), ' ',"
                                + " pg_catalog.pg_stat_get_tuples_updated('pg_catalog.pg_attribute'::pg_catalog.regclass))"
                                + " AS sum FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND"
                                + " relpersistence = 'p'")
                .text("sum");
    }

    /** The table of that OID; else the one of that name. */
    public Optional<SourceTable> find(int oid, TableName name) {
        List<SourceTable> all = all();
        Optional<SourceTable> same =
                all.stream().filter(table -> oid != 0 && table.oid() == oid).findFirst();
        return same.isPresent()
                ? same
                : all.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    /** Its columns with their definitions, in order. */
    public List<Definition> definitions(int oid) {
        return COLUMNS.rows(source, Integer.toUnsignedString(oid)).stream()
                .map(SourceTables::definition)
                .toList();
    }

    /** {@code FOR VALUES …}; empty where it is no partition. */
    Optional<String> bound(int oid) {
        return partition(oid, "bound");
    }

    /** {@code RANGE (at)}; empty where it is not partitioned. */
    Optional<String> partitionKey(int oid) {
        return partition(oid, "partition_key");
    }

    private Optional<String> partition(int oid, String column) {
        return source.version().atLeast(10)
                ? PARTITION.onlyRow(source, Integer.toUnsignedString(oid)).optionalText(column)
                : Optional.empty();
    }

    /** Names and definitions of its keys and checks. */
    List<Row> constraints(int oid) {
        return CONSTRAINTS.rows(source, Integer.toUnsignedString(oid));
    }

    /** Definitions of its other indexes. */
    List<String> indexes(int oid) {
        return INDEXES.rows(source, Integer.toUnsignedString(oid)).stream()
                .map(row -> row.text("definition"))
                .toList();
    }

    private static SourceTable table(Row row) {
        return new SourceTable(
                row.oid("oid"),
                new TableName(row.text("schema_name"), row.text("table_name")),
                row.text("kind").equals("p"),
                row.oid("file_node"),
                row.flag("identified"),
                row.flag("partition"),
                row.optionalText("parent").map(Integer::parseUnsignedInt).orElse(0),
                row.integer("last_number"),
                row.texts("columns").stream().map(KnownColumn::parse).toList());
    }

    private static Definition definition(Row row) {
        return new Definition(
                new KnownColumn(
                        row.integer("number"),
                        row.oid("type"),
                        row.integer("modifier"),
                        row.text("name"),
                        !row.text("generated").isEmpty(),
                        0),
                row.text("type_name"),
                row.flag("not_null"),
                row.optionalText("default_text").orElse(null),
                row.flag("has_missing"),
                row.optionalText("missing").orElse(null),
                row.text("generated"),
                row.text("identity"),
                row.optionalText("collation_name").orElse(null),
                row.optionalText("sequence_type").orElse(null));
    }
}
