package warp.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.error.FaultPoint;
import warp.model.DeclaredIdentity;
import warp.model.ReplicaIdentity;
import warp.model.Table;
import warp.model.TableName;
import warp.sql.SourceStatements;

/**
 * Replica identities at the source: what is declared, what could be, and the one thing of the
 * source's tables that Warp ever alters ("ALTER TABLE", REPLICA IDENTITY, in the manual). For the
 * session's thread.
 */
public final class IdentityCatalog {

    private static final CatalogQuery UNIQUE =
            CatalogQuery.of(IdentityCatalog.class, "identity_indexes");
    private static final CatalogQuery DECLARED =
            CatalogQuery.of(IdentityCatalog.class, "declared_identity");
    private static final CatalogQuery PUBLICATIONS =
            CatalogQuery.of(IdentityCatalog.class, "table_publications");

    private final Session source;

    public IdentityCatalog(Session source) {
        this.source = source;
    }

    /** A unique index that a table's rows can be told apart by. */
    public record Index(String name, List<String> columns) {
        public Index {
            columns = List.copyOf(columns);
        }
    }

    /** The unique indexes that could be the identity of each table, the smallest first. */
    public Map<TableName, List<Index>> indexes(Collection<Table> tables) {
        Map<TableName, List<Index>> indexes = new HashMap<>();
        List<String> oids =
                tables.stream().map(table -> Integer.toUnsignedString(table.oid())).toList();
        for (Row row : UNIQUE.rows(source, oids)) {
            indexes.computeIfAbsent(
                            new TableName(row.text("schema_name"), row.text("table_name")),
                            _ -> new ArrayList<>())
                    .add(new Index(row.text("index_name"), row.texts("columns")));
        }
        return indexes;
    }

    /** What is declared now; empty where the table is gone. */
    public Optional<DeclaredIdentity> declared(TableName table) {
        return DECLARED.firstRow(source, table.schema(), table.name())
                .map(row ->
                        new DeclaredIdentity(
                                ReplicaIdentity.of(row.text("identity").charAt(0)),
                                row.optionalText("index_name").orElse(null)));
    }

    /**
     * Declares another identity. Needs the table for itself for an instant, and waits for that a
     * second at most, so that nobody has to stand behind it for longer.
     *
     * @throws warp.error.WarpException TRANSIENT where somebody else holds the table
     */
    public void declare(TableName table, DeclaredIdentity identity) {
        FaultPoint.IDENTITY_DECLARED.before();
        source.transaction(() -> {
            source.run(SourceStatements.LOCK_TIMEOUT);
            source.run(SourceStatements.replicaIdentity(table, identity));
        });
        FaultPoint.IDENTITY_DECLARED.after();
    }

    /** The publications that would make updates of the table fail if it had no identity. */
    public List<String> publications(TableName table) {
        return source.version().atLeast(10)
                ? PUBLICATIONS.rows(source, table.schema(), table.name()).stream()
                        .map(row -> row.text("publication"))
                        .toList()
                : List.of();
    }
}
