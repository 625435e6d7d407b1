package warp.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Gatherers;
import warp.error.FaultPoint;
import warp.model.TableName;
import warp.plan.TablePatterns;
import warp.postgres.CatalogQuery;
import warp.postgres.DumpScope;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.Identifiers;
import warp.sql.SchemaStatements;

/**
 * What the destination has under names that the source's schema needs: tables, views, sequences,
 * types, functions and the like, but not schemas and extensions, which are shared.
 *
 * @param objects what has to be dropped, in the words of the server
 * @param dependents what would be dropped with it though it is not in the way
 */
public record ObjectsInTheWay(List<Found> objects, List<String> dependents) {

    private static final CatalogQuery OBJECTS = CatalogQuery.of(ObjectsInTheWay.class, "objects");
    private static final CatalogQuery DEPENDENTS =
            CatalogQuery.of(ObjectsInTheWay.class, "dependents");

    /**
     * Objects dropped, or looked into, by one transaction: each needs locks, of which a server has
     * few thousand.
     */
    private static final int DROPPED_AT_ONCE = 200;

    public ObjectsInTheWay {
        objects = List.copyOf(objects);
        dependents = List.copyOf(dependents);
    }

    /**
     * One object.
     *
     * @param type {@code table}, {@code text search dictionary} and so on
     * @param identity qualified, every name in quotes
     */
    public record Found(String type, String identity, String classId, String objectId) {

        /** {@code table shop.orders}, for people. */
        public String describe() {
            return type + " " + identity.replace("\"", "");
        }

        /** Relations and types share their names; everything else is apart by its kind. */
        private String key() {
            return switch (type) {
                case "table",
                        "view",
                        "materialized view",
                        "foreign table",
                        "sequence",
                        "type",
                        "composite type" ->
                        "relation " + identity;
                case "function", "procedure", "aggregate" -> "routine " + identity;
                default -> type + " " + identity;
            };
        }
    }

    /**
     * Compares both sides; neither session is in a transaction.
     *
     * @param newNames names that tables get at the destination in place of their own
     */
    public static ObjectsInTheWay find(
            Session source,
            Session destination,
            TablePatterns patterns,
            Collection<TableName> newNames) {
        DumpScope leftOut = DumpScope.of(source, patterns);
        Set<String> wanted = new HashSet<>();
        List<String> relations =
                leftOut.relations().stream()
                        .map(relation -> Integer.toUnsignedString(relation.oid()))
                        .toList();
        read(source, leftOut.schemas(), relations).forEach(object -> wanted.add(object.key()));
        newNames.forEach(name -> wanted.add("relation " + Identifiers.qualified(name)));
        List<Found> found =
                read(destination, List.of(), List.of()).stream()
                        .filter(object -> wanted.contains(object.key()))
                        .sorted(
                                Comparator.comparing(ObjectsInTheWay::isSequence)
                                        .thenComparing(Found::describe))
                        .toList();
        List<String> dependents = found.isEmpty() ? List.of() : dependents(destination, found);
        return new ObjectsInTheWay(found, dependents);
    }

    private static boolean isSequence(Found object) {
        return object.type().equals("sequence");
    }

    private static List<Found> read(Session session, List<String> schemas, List<String> relations) {
        return quotingAll(
                session,
                () ->
                        OBJECTS.each(
                                session,
                                row ->
                                        new Found(
                                                row.text("type"),
                                                row.text("identity"),
                                                row.text("class_id"),
                                                row.text("object_id")),
                                schemas,
                                relations));
    }

    /** Which words need quotes differs between versions; with all quoted, names can be compared. */
    private static <T> T quotingAll(Session session, Supplier<T> work) {
        return session.transaction(() -> {
            session.run(SchemaStatements.LOCAL_QUOTE_ALL);
            return work.get();
        });
    }

    private static List<String> dependents(Session destination, List<Found> found) {
        List<String> described = new ArrayList<>();
        for (Row row :
                DEPENDENTS.rows(
                        destination,
                        found.stream().map(Found::classId).toList(),
                        found.stream().map(Found::objectId).toList())) {
            described.add(row.text("type") + " " + row.text("identity").replace("\"", ""));
        }
        return described;
    }

    public boolean none() {
        return objects.isEmpty();
    }

    /**
     * Whether any of the tables holds rows: then they were not made by an interrupted run, which
     * fills none before all are there.
     */
    public boolean holdRows(Session destination) {
        return objects.stream()
                .filter(object -> object.type().equals("table"))
                .map(Found::identity)
                .gather(Gatherers.windowFixed(DROPPED_AT_ONCE))
                .anyMatch(some ->
                        destination.queryFirst(SchemaStatements.withRowsOf(some)).isPresent());
    }

    /**
     * Drops them, and what depends on them, sequences last: those of identity columns go only with
     * their tables. What is gone already does no harm.
     *
     * @throws warp.error.WarpException where the role may not; some may be gone by then
     */
    public void drop(Session destination) {
        FaultPoint.OBSTACLES_DROPPED.before();
        for (int i = 0; i < objects.size(); i += DROPPED_AT_ONCE) {
            List<Found> some = objects.subList(i, Math.min(i + DROPPED_AT_ONCE, objects.size()));
            destination.transaction(() ->
                    some.forEach(object ->
                            destination.run(
                                    SchemaStatements.dropCascade(
                                            object.type(), object.identity()))));
        }
        FaultPoint.OBSTACLES_DROPPED.after();
    }
}
