package warp.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Statements that make roles, and set what holds for roles and databases ("CREATE ROLE", "ALTER
 * DATABASE" in the manual).
 */
public final class RoleStatements {

    /** Settings that are lists of names, each of which is quoted for itself (GUC_LIST_QUOTE). */
    private static final Set<String> LISTS =
            Set.of(
                    "local_preload_libraries",
                    "search_path",
                    "session_preload_libraries",
                    "shared_preload_libraries",
                    "temp_tablespaces",
                    "unix_socket_directories");

    private RoleStatements() {}

    /**
     * What a role may do, without its password.
     *
     * @param connectionsMax -1 for no limit
     * @param validUntil as the server prints it; null for ever
     */
    public record Attributes(
            boolean superuser,
            boolean inherits,
            boolean createsRoles,
            boolean createsDatabases,
            boolean logsIn,
            boolean replicates,
            boolean bypassesRowSecurity,
            int connectionsMax,
            @Nullable String validUntil) {

        /** The same without what only a superuser may give. */
        public Attributes ordinary() {
            return new Attributes(
                    false,
                    inherits,
                    createsRoles,
                    createsDatabases,
                    logsIn,
                    false,
                    false,
                    connectionsMax,
                    validUntil);
        }
    }

    public static String create(String role, Attributes is) {
        List<String> words = new ArrayList<>();
        words.add("CREATE ROLE " + Identifiers.quote(role));
        words.add(is.inherits() ? "INHERIT" : "NOINHERIT");
        words.add(is.logsIn() ? "LOGIN" : "NOLOGIN");
        add(words, is.superuser(), "SUPERUSER");
        add(words, is.createsRoles(), "CREATEROLE");
        add(words, is.createsDatabases(), "CREATEDB");
        add(words, is.replicates(), "REPLICATION");
        add(words, is.bypassesRowSecurity(), "BYPASSRLS");
        add(words, is.connectionsMax() >= 0, "CONNECTION LIMIT " + is.connectionsMax());
        String until = is.validUntil();
        if (until != null) {
            words.add("VALID UNTIL " + Identifiers.literal(until));
        }
        return String.join(" ", words);
    }

    private static void add(List<String> words, boolean wanted, String word) {
        if (wanted) {
            words.add(word);
        }
    }

    /**
     * Gives a role a password. Never to be shown: {@link ConcealedStatements}.
     *
     * @param hash as {@code pg_authid} holds it
     */
    public static String password(String role, String hash) {
        return "ALTER ROLE " + Identifiers.quote(role) + " PASSWORD " + Identifiers.literal(hash);
    }

    public static String comment(String role, String remark) {
        return "COMMENT ON ROLE " + Identifiers.quote(role) + " IS " + Identifiers.literal(remark);
    }

    public static String grant(String role, String member, boolean admin) {
        return "GRANT "
                + Identifiers.quote(role)
                + " TO "
                + Identifiers.quote(member)
                + (admin ? " WITH ADMIN OPTION" : "");
    }

    /** From 16 on, which knows for each member what it makes of its membership. */
    public static String grant(
            String role, String member, boolean admin, boolean inherits, boolean sets) {
        return "GRANT %s TO %s WITH ADMIN %s, INHERIT %s, SET %s"
                .formatted(
                        Identifiers.quote(role), Identifiers.quote(member), admin, inherits, sets);
    }

    /**
     * {@code ALTER ROLE … SET}.
     *
     * @param setting {@code name=value} as {@code pg_db_role_setting} holds it
     */
    public static String set(String role, String setting) {
        return "ALTER ROLE " + Identifiers.quote(role) + setting(setting);
    }

    /** {@code ALTER DATABASE … SET}. */
    public static String setInDatabase(String database, String setting) {
        return "ALTER DATABASE " + Identifiers.quote(database) + setting(setting);
    }

    /** {@code ALTER ROLE … IN DATABASE … SET}. */
    public static String setInDatabase(String database, String role, String setting) {
        return "ALTER ROLE "
                + Identifiers.quote(role)
                + " IN DATABASE "
                + Identifiers.quote(database)
                + setting(setting);
    }

    /** The name in {@code name=value}. */
    public static String nameOf(String setting) {
        return setting.substring(0, setting.indexOf('='));
    }

    private static String setting(String setting) {
        String name = nameOf(setting);
        String value = setting.substring(name.length() + 1);
        String given =
                LISTS.contains(name)
                        ? names(value).stream()
                                .map(Identifiers::literal)
                                .collect(Collectors.joining(", "))
                        : Identifiers.literal(value);
        return " SET " + Identifiers.quote(name) + " TO " + (given.isEmpty() ? "''" : given);
    }

    /** The parts of a list as the server prints it: bare, or in double quotes. */
    static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (int i = 0; i < list.length(); i++) {
            char letter = list.charAt(i);
            if (letter == '"') {
                boolean doubled = quoted && i + 1 < list.length() && list.charAt(i + 1) == '"';
                if (doubled) {
                    name.append(letter);
                    i++;
                } else {
                    quoted = !quoted;
                }
                any = true;
            } else if (letter == ',' && !quoted) {
                names.add(name.toString());
                name.setLength(0);
                any = false;
            } else if (quoted || !Character.isWhitespace(letter)) {
                name.append(letter);
                any = true;
            }
        }
        if (any) {
            names.add(name.toString());
        }
        return names;
    }

    public static String commentOnDatabase(String database, String remark) {
        return "COMMENT ON DATABASE "
                + Identifiers.quote(database)
                + " IS "
                + Identifiers.literal(remark);
    }

    public static String labelDatabase(String database, String provider, String label) {
        return "SECURITY LABEL FOR %s ON DATABASE %s IS %s"
                .formatted(
                        Identifiers.quote(provider),
                        Identifiers.quote(database),
                        Identifiers.literal(label));
    }

    /**
     * Gives a privilege on a database.
     *
     * @param role empty for PUBLIC
     */
    public static String grantOnDatabase(
            String database, String privilege, String role, boolean grantable) {
        return "GRANT %s ON DATABASE %s TO %s%s"
                .formatted(
                        privilege,
                        Identifiers.quote(database),
                        role.isEmpty() ? "PUBLIC" : Identifiers.quote(role),
                        grantable ? " WITH GRANT OPTION" : "");
    }

    public static String revokeFromPublic(String database, String privilege) {
        return "REVOKE %s ON DATABASE %s FROM PUBLIC"
                .formatted(privilege, Identifiers.quote(database));
    }
}
