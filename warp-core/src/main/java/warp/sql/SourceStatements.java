package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.OutputPlugin;
import warp.model.ServerVersion;
import warp.model.TableName;

/** Statements that make and drop what a migration needs at the source: publication and slot. */
public final class SourceStatements {

    private SourceStatements() {}

    /** {@code CREATE PUBLICATION … FOR TABLE ONLY …, …}. */
    public static String createPublication(String name, List<TableName> tables) {
        return "CREATE PUBLICATION " + Identifiers.quote(name) + " FOR TABLE " + only(tables);
    }

    private static String only(List<TableName> tables) {
        return tables.stream()
                .map(table -> "ONLY " + Identifiers.qualified(table))
                .collect(Collectors.joining(", "));
    }

    /** {@code LOCK TABLE ONLY … IN ACCESS SHARE MODE}. */
    public static String lockAgainstRewrites(List<TableName> tables) {
        return "LOCK TABLE " + only(tables) + " IN ACCESS SHARE MODE";
    }

    public static String dropPublication(String name) {
        return "DROP PUBLICATION IF EXISTS " + Identifiers.quote(name);
    }

    /**
     * A walsender's command; the slot's snapshot is exported ("Streaming Replication Protocol").
     */
    public static String createSlot(String name, OutputPlugin plugin, ServerVersion version) {
        return "CREATE_REPLICATION_SLOT "
                + Identifiers.quote(name)
                + " LOGICAL "
                + plugin
                // Before 10 a snapshot is always exported and the word is not known.
                + (version.atLeast(10) ? " EXPORT_SNAPSHOT" : "");
    }
}
