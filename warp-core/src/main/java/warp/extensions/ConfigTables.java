package warp.extensions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.SequenceValue;
import warp.model.TableName;
import warp.postgres.CatalogQuery;
import warp.postgres.Connector;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.postgres.wire.WireSession;
import warp.sql.CopyStatements;
import warp.sql.ExtensionStatements;
import warp.sql.SequenceStatements;

/**
 * The tables of extensions in which users keep rows of their own, such as spatial reference
 * systems. pg_dump takes those rows along, and so does this: where both sides differ in them, the
 * destination's are replaced, in one transaction a table. They are small and change rarely, so they
 * are compared at each end point instead of being replicated. For one thread.
 */
public final class ConfigTables {

    private static final CatalogQuery TABLES = CatalogQuery.of(ConfigTables.class, "config_tables");

    private final Session source;
    private final Session destination;
    private final List<TableName> brought = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();

    private ConfigTables(Session source, Session destination) {
        this.source = source;
        this.destination = destination;
    }

    /**
     * What was done.
     *
     * @param brought tables and sequences that were different
     */
    public record Brought(List<TableName> brought, List<Refused> refused) {

        public Brought {
            brought = List.copyOf(brought);
            refused = List.copyOf(refused);
        }
    }

    /** A table that could not be read or written. */
    public record Refused(TableName table, WarpException problem) {}

    /** One of both sides; columns are those that both have. */
    private record Pair(TableName name, boolean sequence, List<String> columns, String condition) {}

    /** Those of extensions that are at both sides. */
    private List<Pair> pairs() {
        Map<TableName, Row> there = new HashMap<>();
        TABLES.rows(destination).forEach(row -> there.put(name(row), row));
        List<Pair> pairs = new ArrayList<>();
        for (Row row : TABLES.rows(source)) {
            Row other = there.get(name(row));
            if (other != null && other.flag("sequence") == row.flag("sequence")) {
                List<String> columns = new ArrayList<>(row.texts("columns"));
                columns.retainAll(new HashSet<>(other.texts("columns")));
                pairs.add(
                        new Pair(name(row), row.flag("sequence"), columns, row.text("condition")));
            }
        }
        return pairs;
    }

    private static TableName name(Row row) {
        return new TableName(row.text("schema_name"), row.text("table_name"));
    }

    /** Tables whose rows at the destination would be replaced by others. */
    public static List<TableName> filled(Session source, Session destination) {
        ConfigTables tables = new ConfigTables(source, destination);
        return tables.pairs().stream()
                .filter(pair -> !pair.sequence())
                .filter(pair -> {
                    Row there = tables.digest(destination, pair);
                    return there.number("rows") > 0
                            && !there.text("digest")
                                    .equals(tables.digest(source, pair).text("digest"));
                })
                .map(Pair::name)
                .toList();
    }

    private Row digest(Session session, Pair pair) {
        return session.queryOne(
                ExtensionStatements.digest(pair.name(), pair.columns(), pair.condition()));
    }

    /**
     * Makes the destination's like the source's are now.
     *
     * @param from opened for each table that differs
     * @param to opened for each table that differs
     * @throws WarpException where a connection is lost
     */
    public static Brought bring(Session source, Session destination, Connector from, Connector to) {
        ConfigTables tables = new ConfigTables(source, destination);
        for (Pair pair : tables.pairs()) {
            try {
                if (pair.sequence() ? tables.set(pair) : tables.replaced(pair, from, to)) {
                    tables.brought.add(pair.name());
                }
            } catch (WarpException problem) {
                if (problem.code().retry() == ErrorCode.Retry.LATER) {
                    throw problem;
                }
                tables.refused.add(new Refused(pair.name(), problem));
            }
        }
        return new Brought(tables.brought, tables.refused);
    }

    private boolean set(Pair pair) {
        SequenceValue wanted = value(source, pair);
        if (wanted.equals(value(destination, pair))) {
            return false;
        }
        destination.query(SequenceStatements.set(Map.of(pair.name(), wanted)));
        return true;
    }

    private static SequenceValue value(Session session, Pair pair) {
        Row row = session.queryOne(SequenceStatements.values(List.of(pair.name())));
        return new SequenceValue(row.number("last_value"), row.flag("is_called"));
    }

    private boolean replaced(Pair pair, Connector from, Connector to) {
        if (pair.columns().isEmpty()
                || digest(source, pair)
                        .text("digest")
                        .equals(digest(destination, pair).text("digest"))) {
            return false;
        }
        try (WireSession out = from.openWire();
                WireSession in = to.openWire()) {
            in.execute(CopyStatements.begin());
            in.execute(ExtensionStatements.delete(pair.name(), pair.condition()));
            out.copyTo(
                    in,
                    ExtensionStatements.copyOut(pair.name(), pair.columns(), pair.condition()),
                    ExtensionStatements.copyIn(pair.name(), pair.columns()),
                    bytes -> {});
            in.execute(CopyStatements.commit());
        }
        return true;
    }
}
