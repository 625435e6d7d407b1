package warp.sql;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import warp.config.ConnectionSettings;
import warp.model.Sequence;
import warp.model.TableName;

/**
 * Commands that a person can paste to put right what a check found. They hold no password: psql and
 * pg_dump ask for it or find it in {@code .pgpass}.
 */
public final class Hints {

    private Hints() {}

    /** {@code ALTER SYSTEM SET name = 'value'; then restart}. */
    public static String alterSystem(String setting, Object value) {
        return "ALTER SYSTEM SET "
                + setting
                + " = "
                + Identifiers.literal(value.toString())
                + "; then restart the server";
    }

    /** {@code ALTER SYSTEM SET name = 'value'; SELECT pg_reload_conf();}. */
    public static String alterSystemAndReload(String setting, Object value) {
        return "ALTER SYSTEM SET "
                + setting
                + " = "
                + Identifiers.literal(value.toString())
                + "; SELECT pg_reload_conf();";
    }

    public static String dropSlot(String slot) {
        return "SELECT pg_drop_replication_slot(" + Identifiers.literal(slot) + ");";
    }

    public static String dropPublication(String publication) {
        return "DROP PUBLICATION " + Identifiers.quote(publication) + ";";
    }

    public static String alterRole(String role, String attribute) {
        return "ALTER ROLE " + Identifiers.quote(role) + " " + attribute + ";";
    }

    public static String createRole(String role) {
        return "CREATE ROLE " + Identifiers.quote(role) + ";";
    }

    public static String grantRole(String granted, String role) {
        return "GRANT " + Identifiers.quote(granted) + " TO " + Identifiers.quote(role) + ";";
    }

    public static String grantParameter(String parameter, String role) {
        return "GRANT SET ON PARAMETER " + parameter + " TO " + Identifiers.quote(role) + ";";
    }

    public static String grantOnDatabase(String privilege, String database, String role) {
        return "GRANT "
                + privilege
                + " ON DATABASE "
                + Identifiers.quote(database)
                + " TO "
                + Identifiers.quote(role)
                + ";";
    }

    public static String grantOnSchemas(String privileges, List<String> schemas, String role) {
        return "GRANT "
                + privileges
                + " ON SCHEMA "
                + schemas.stream().map(Identifiers::quote).collect(Collectors.joining(", "))
                + " TO "
                + Identifiers.quote(role)
                + ";";
    }

    public static String grantOnTables(String privileges, List<TableName> tables, String role) {
        return "GRANT "
                + privileges
                + " ON "
                + tables.stream().map(Identifiers::qualified).collect(Collectors.joining(", "))
                + " TO "
                + Identifiers.quote(role)
                + ";";
    }

    public static String grantOnSequences(
            String privileges, List<TableName> sequences, String role) {
        return grantOnTables(privileges, sequences, role).replaceFirst(" ON ", " ON SEQUENCE ");
    }

    public static String alterSequence(
            TableName sequence, Sequence.Attributes from, Sequence.Attributes to) {
        return SequenceStatements.alter(sequence, from, to) + ";";
    }

    public static String owner(TableName table, String role) {
        return "ALTER TABLE "
                + Identifiers.qualified(table)
                + " OWNER TO "
                + Identifiers.quote(role)
                + ";";
    }

    public static String rollbackPrepared(String gid) {
        return "ROLLBACK PREPARED "
                + Identifiers.literal(gid)
                + "; (or COMMIT PREPARED, in its own database)";
    }

    public static String terminate(int pid) {
        return "SELECT pg_terminate_backend(" + pid + ");";
    }

    public static String addPrimaryKey(TableName table) {
        return "ALTER TABLE " + Identifiers.qualified(table) + " ADD PRIMARY KEY (…);";
    }

    public static String identityUsingIndex(TableName table, String index) {
        return SchemaStatements.replicaIdentityUsingIndex(table, index) + ";";
    }

    public static String identityFull(TableName table) {
        return SchemaStatements.replicaIdentityFull(table) + ";";
    }

    /** A line for {@code rules:} of a config file. */
    public static String keylessRule(TableName table, String keyless) {
        String name = Identifiers.qualified(table);
        String quoted =
                VisibleText.isSafe(name)
                        ? "'" + name.replace("'", "''") + "'"
                        : '"' + escaped(name, '"') + '"';
        return "- {table: %s, keyless: %s}".formatted(quoted, keyless);
    }

    public static String dropConstraint(TableName table, String constraint) {
        return SchemaStatements.dropConstraint(table, constraint) + ";";
    }

    public static String createIndex(TableName table, List<String> columns) {
        return "CREATE UNIQUE INDEX ON %s (%s);"
                .formatted(
                        Identifiers.qualified(table),
                        columns.stream().map(Identifiers::quote).collect(Collectors.joining(", ")));
    }

    public static String addColumn(TableName table, String column, String type) {
        return "ALTER TABLE %s ADD COLUMN %s %s;"
                .formatted(Identifiers.qualified(table), Identifiers.quote(column), type);
    }

    public static String dropNotNull(TableName table, String column) {
        return "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL;"
                .formatted(Identifiers.qualified(table), Identifiers.quote(column));
    }

    public static String dropExpression(TableName table, String column) {
        return "ALTER TABLE %s ALTER COLUMN %s DROP EXPRESSION;"
                .formatted(Identifiers.qualified(table), Identifiers.quote(column));
    }

    public static String alterType(TableName table, String column, String type) {
        return "ALTER TABLE %s ALTER COLUMN %s TYPE %s;"
                .formatted(Identifiers.qualified(table), Identifiers.quote(column), type);
    }

    /**
     * A shell line that copies definitions from one server to the other.
     *
     * @param tables empty for the whole database
     */
    public static String copySchema(
            ConnectionSettings source, ConnectionSettings destination, List<TableName> tables) {
        String chosen =
                tables.stream()
                        .map(table -> " -t " + shell(Identifiers.qualified(table)))
                        .collect(Collectors.joining());
        return "pg_dump -s" + address(source) + chosen + " | psql" + address(destination);
    }

    private static String address(ConnectionSettings settings) {
        ConnectionSettings.HostPort host = settings.hosts().getFirst();
        return " -h %s -p %d -U %s -d %s"
                .formatted(
                        shell(host.host()),
                        host.port(),
                        shell(settings.user()),
                        shell(settings.database()));
    }

    /** A switch of Warp with a table as its pattern. */
    public static String tableSwitch(String name, TableName table) {
        return name + " " + shell(Identifiers.qualified(table));
    }

    private static String shell(String word) {
        if (word.matches("[A-Za-z0-9_./:-]+")) {
            return word;
        }
        return VisibleText.isSafe(word)
                ? "'" + word.replace("'", "'\\''") + "'"
                : "$'" + escaped(word, '\'') + "'";
    }

    /** As YAML reads it within double quotes, and bash after a dollar sign. */
    private static String escaped(String word, char quote) {
        StringBuilder text = new StringBuilder();
        word.codePoints()
                .forEach(character -> {
                    String one = Character.toString(character);
                    if (character == '\\' || character == quote) {
                        text.append('\\').append(one);
                    } else if (VisibleText.isSafe(one)) {
                        text.append(one);
                    } else {
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        character > 0xffff ? "\\U%08x" : "\\u%04x",
                                        character));
                    }
                });
        return text.toString();
    }
}
