package warp.postgres;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import warp.model.Cloud;
import warp.model.Cloud.Marks;

/** Finds out whether a server is a managed service, by its {@link Cloud#marks}. */
public final class CloudCatalog {

    private static final CatalogQuery MARKS = CatalogQuery.of(CloudCatalog.class, "cloud_marks");

    private CloudCatalog() {}

    /**
     * The service that the session is connected to. None of them makes its customer a superuser, so
     * to a superuser every server is his own.
     */
    public static Optional<Cloud> of(Session session) {
        return of(session.answers(question(session)).getFirst().getFirst());
    }

    /** What {@link #of(Row)} makes the service of; it has one row. */
    public static Question question(Session session) {
        return MARKS.question(
                session,
                all(Marks::roles),
                all(Marks::schemas),
                all(Marks::settings),
                all(Marks::functions));
    }

    /** As {@link #of(Session)}, of the answer to {@link #question}. */
    public static Optional<Cloud> of(Row row) {
        return row.flag("superuser")
                ? Optional.empty()
                : Cloud.of(
                        new Cloud.Found(
                                set(row, "roles"),
                                set(row, "schemas"),
                                set(row, "settings"),
                                set(row, "functions")));
    }

    /** Those of the service's own schemas that this database has. */
    public static List<String> ownSchemas(Session session, Cloud cloud) {
        return session
                .query(
                        "SELECT nspname AS name FROM pg_catalog.pg_namespace WHERE nspname = ANY"
                                + " (?::text[]) ORDER BY 1",
                        cloud.ownSchemas())
                .stream()
                .map(row -> row.text("name"))
                .toList();
    }

    /** The extensions of the source that only its service has, and the destination has not. */
    public static Set<String> ownExtensions(Session source, Session destination) {
        List<String> own = of(source).map(Cloud::ownExtensions).orElse(List.of());
        if (own.isEmpty()) {
            return Set.of();
        }
        Set<String> names =
                names(
                        source,
                        "SELECT extname AS name FROM pg_catalog.pg_extension WHERE extname = ANY"
                                + " (?::text[])",
                        own);
        names.removeAll(
                names(
                        destination,
                        "SELECT name FROM pg_catalog.pg_available_extensions WHERE name = ANY"
                                + " (?::text[])",
                        own));
        return names;
    }

    private static Set<String> names(Session session, String query, List<String> among) {
        return new HashSet<>(session.queryEach(row -> row.text("name"), query, among));
    }

    private static List<String> all(Function<Marks, List<String>> kind) {
        return Arrays.stream(Cloud.values())
                .flatMap(cloud -> kind.apply(cloud.marks()).stream())
                .toList();
    }

    private static Set<String> set(Row row, String column) {
        return new HashSet<>(row.texts(column));
    }
}
