package warp.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import warp.config.MigrationSettings;
import warp.model.TableName;

/**
 * Which tables take part: the switches {@code -t}, {@code -T}, {@code -n} and {@code -N}, in the
 * language of pg_dump's ("psql", Patterns, in the manual). Without an include every table takes
 * part; an exclude wins.
 *
 * <p>{@code *} and {@code ?} stand for any letters and any letter, a dot separates schema and
 * table, letters fold to lower case, double quotes take all that away; other marks of regular
 * expressions ({@code [0-9]}, {@code |}, {@code +}) keep their meaning, {@code $} has none.
 *
 * <p>Three differences from pg_dump: a pattern without a schema matches in every schema, as a
 * migration has no search path that a user could rely on; the tables of system schemas never take
 * part; and a table must satisfy the patterns of schemas as well where both kinds are given, where
 * pg_dump forgets {@code -n} beside {@code -t}.
 */
public final class TablePatterns {

    private final List<TablePattern> includes;
    private final List<TablePattern> excludes;

    private final List<TablePattern> schemas;
    private final List<TablePattern> excludedSchemas;

    private TablePatterns(
            List<TablePattern> includes,
            List<TablePattern> excludes,
            List<TablePattern> schemas,
            List<TablePattern> excludedSchemas) {
        this.includes = includes;
        this.excludes = excludes;
        this.schemas = schemas;
        this.excludedSchemas = excludedSchemas;
    }

    /**
     * Understands the patterns.
     *
     * @throws warp.error.WarpException with {@link warp.error.ErrorCode#USAGE} where one cannot be
     *     understood; it names the pattern
     */
    public static TablePatterns of(List<String> include, List<String> exclude) {
        return of(include, exclude, List.of(), List.of());
    }

    /** What a migration was asked for. */
    public static TablePatterns of(MigrationSettings settings) {
        return of(
                settings.options().tables(),
                settings.options().excludedTables(),
                settings.options().schema().included(),
                settings.options().schema().excluded());
    }

    /** As {@link #of(List, List)}, with patterns of schemas to include and to leave out. */
    public static TablePatterns of(
            List<String> include,
            List<String> exclude,
            List<String> schemas,
            List<String> excludedSchemas) {
        return new TablePatterns(
                include.stream().map(TablePattern::parse).toList(),
                exclude.stream().map(TablePattern::parse).toList(),
                schemas.stream().map(TablePattern::parseSchema).toList(),
                excludedSchemas.stream().map(TablePattern::parseSchema).toList());
    }

    /** Whether objects of this schema take part, as far as the patterns of schemas go. */
    public boolean includesSchema(String schema) {
        return (schemas.isEmpty()
                        || schemas.stream().anyMatch(pattern -> pattern.matchesSchema(schema)))
                && excludedSchemas.stream().noneMatch(pattern -> pattern.matchesSchema(schema));
    }

    /** The patterns of schemas to include that match none of these. */
    public List<String> unmatchedSchemas(Collection<String> names) {
        return schemas.stream()
                .filter(pattern -> names.stream().noneMatch(pattern::matchesSchema))
                .map(TablePattern::text)
                .toList();
    }

    /** Whether there is no pattern at all. */
    public boolean everything() {
        return includes.isEmpty()
                && excludes.isEmpty()
                && schemas.isEmpty()
                && excludedSchemas.isEmpty();
    }

    /** Whether the table takes part. */
    public boolean includes(TableName table) {
        return !isSystem(table)
                && includesSchema(table.schema())
                && (includes.isEmpty() || matches(includes, table))
                && !matches(excludes, table);
    }

    /** Whether an exclude matches the name, or its schema does not take part. */
    public boolean excludes(TableName name) {
        return !includesSchema(name.schema()) || matches(excludes, name);
    }

    /**
     * Whether a leaf partition takes part: a pattern that matches a partitioned table means all of
     * its partitions.
     *
     * @param ancestors the partitioned tables above it, in any order; empty for other tables
     */
    public boolean includes(TableName table, Collection<TableName> ancestors) {
        List<TableName> names =
                Stream.concat(Stream.of(table), ancestors.stream())
                        .filter(Predicate.not(TablePatterns::isSystem))
                        .toList();
        return !isSystem(table)
                && includesSchema(table.schema())
                && (includes.isEmpty() || names.stream().anyMatch(name -> matches(includes, name)))
                && names.stream().noneMatch(name -> matches(excludes, name));
    }

    /**
     * The patterns that match none of the tables, as they were given, includes before excludes.
     * Each is judged alone: an include whose tables are all excluded does match.
     */
    public List<String> unmatched(Collection<TableName> tables) {
        return Stream.concat(unmatchedIncludes(tables).stream(), unmatchedExcludes(tables).stream())
                .toList();
    }

    /** The includes among {@link #unmatched}. */
    public List<String> unmatchedIncludes(Collection<TableName> tables) {
        return unmatched(includes, tables);
    }

    /** The excludes among {@link #unmatched}. */
    public List<String> unmatchedExcludes(Collection<TableName> tables) {
        return unmatched(excludes, tables);
    }

    private static List<String> unmatched(
            List<TablePattern> patterns, Collection<TableName> tables) {
        List<TableName> candidates =
                tables.stream().filter(Predicate.not(TablePatterns::isSystem)).toList();
        List<String> unmatched = new ArrayList<>();
        for (TablePattern pattern : patterns) {
            if (candidates.stream().noneMatch(pattern::matches)) {
                unmatched.add(pattern.text());
            }
        }
        return List.copyOf(unmatched);
    }

    private static boolean matches(List<TablePattern> patterns, TableName table) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(table));
    }

    /** The prefix {@code pg_} is reserved for the system: nobody else can have such a schema. */
    private static boolean isSystem(TableName table) {
        return table.schema().startsWith("pg_") || table.schema().equals("information_schema");
    }
}
