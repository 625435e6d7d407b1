package warp.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warp.model.Keyless;

/**
 * An entry of {@code rules:} in a config file, as it was written.
 *
 * @param place file and line, for errors
 * @param table pg_dump's pattern of the tables it is for
 * @param where a condition over the source's columns; null for every row
 * @param columns the only columns to take; empty for all
 * @param excludedColumns columns to leave out
 * @param to where the rows go, {@code schema.table} or {@code schema.*}; null for the same name
 * @param renamed other names of columns
 * @param keyless what to do with those of the tables that have no key
 */
public record Rule(
        String place,
        String table,
        @Nullable String where,
        List<String> columns,
        List<String> excludedColumns,
        @Nullable String to,
        Map<String, String> renamed,
        @Nullable Keyless keyless) {

    public Rule {
        columns = List.copyOf(columns);
        excludedColumns = List.copyOf(excludedColumns);
        renamed = Map.copyOf(renamed);
    }
}
