package warp.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import warp.model.TableName;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;

/** The materialized views of a new schema, which hold no rows until they are refreshed. */
public final class MaterializedViews {

    private static final CatalogQuery VIEWS =
            CatalogQuery.of(MaterializedViews.class, "materialized_views");

    private MaterializedViews() {}

    private record View(
            TableName name, boolean materialized, boolean populated, List<String> uses) {}

    /**
     * The views that have rows at the source and none at the destination, each after those that it
     * reads, be it through ordinary views.
     */
    public static List<TableName> empty(Session source, Session destination) {
        Set<TableName> filled = new HashSet<>();
        views(source).values().stream()
                .filter(view -> view.materialized() && view.populated())
                .forEach(view -> filled.add(view.name()));
        if (filled.isEmpty()) {
            return List.of();
        }
        Map<String, View> views = views(destination);
        List<TableName> ordered = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        views.keySet().forEach(id -> visit(id, views, seen, ordered));
        return ordered.stream().filter(filled::contains).toList();
    }

    private static Map<String, View> views(Session session) {
        Map<String, View> views = new LinkedHashMap<>();
        for (Row row : VIEWS.rows(session)) {
            views.put(
                    row.text("id"),
                    new View(
                            new TableName(row.text("schema_name"), row.text("view_name")),
                            row.flag("materialized"),
                            row.flag("populated"),
                            row.texts("uses")));
        }
        return views;
    }

    private static void visit(
            String id, Map<String, View> views, Set<String> seen, List<TableName> ordered) {
        View view = views.get(id);
        if (view == null || !seen.add(id)) {
            return;
        }
        view.uses().forEach(used -> visit(used, views, seen, ordered));
        if (view.materialized() && !view.populated()) {
            ordered.add(view.name());
        }
    }
}
