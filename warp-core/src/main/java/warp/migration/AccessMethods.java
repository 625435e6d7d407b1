package warp.migration;

import java.util.Set;
import java.util.stream.Collectors;
import warp.model.TableName;
import warp.postgres.Session;
import warp.sql.SourceStatements;

/**
 * Which tables of the source are kept by PostgreSQL's own heap, where {@code xmin} tells something.
 */
final class AccessMethods {

    private AccessMethods() {}

    /** Every table of a heap. */
    static Set<TableName> heaps(Session source) {
        return source.query(SourceStatements.heaps(source.version())).stream()
                .map(row -> new TableName(row.text("schema_name"), row.text("table_name")))
                .collect(Collectors.toSet());
    }
}
