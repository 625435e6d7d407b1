package warp.postgres;

/**
 * What every session of Warp has set, whatever role and database were given by {@code ALTER ROLE …
 * SET} ("Server Configuration" in the manual).
 */
final class SessionSettings {

    /** Column of {@link #query}: the server's process. A pooler announces a number of its own. */
    static final String PROCESS = "pid";

    /** Column of {@link #query}: {@code server_version_num}. */
    static final String VERSION = "version";

    /** From 14 on; only Linux is sure to be able to look at a socket meanwhile. */
    private static final String CLIENT_CHECK = "client_connection_check_interval";

    /** Name and value of each setting; one that a server does not have yet is left out. */
    private static final String[][] SETTINGS = {
        {"DateStyle", "ISO, MDY"},
        {"IntervalStyle", "postgres"},
        {"TimeZone", "UTC"},
        {"extra_float_digits", "3"},
        {"bytea_output", "hex"},
        {"xmloption", "content"},
        {"lc_monetary", "C"},
        {"search_path", ""},
        {"row_security", "off"},
        {"standard_conforming_strings", "on"},
        {"quote_all_identifiers", "off"},
        {"array_nulls", "on"},
        {"client_min_messages", "error"},
        {"statement_timeout", "0"},
        {"lock_timeout", "0"},
        {"idle_in_transaction_session_timeout", "0"},
        {"idle_session_timeout", "0"},
        {"transaction_timeout", "0"},
        {"default_transaction_read_only", "off"},
        {"default_transaction_isolation", "read committed"},
        {"default_transaction_deferrable", "off"},
        {"transform_null_equals", "off"},
        {"sql_inheritance", "on"},
        // A Warp that was killed must not leave a statement behind that works, or waits with
        // locks held, for nobody.
        {CLIENT_CHECK, "5s"},
        // The same for one that waits for a Warp whose machine is gone: it would hold its locks for
        // the two hours that systems wait by default. Sockets of Unix pass it over.
        {"tcp_keepalives_idle", "60"},
        {"tcp_keepalives_interval", "10"},
        {"tcp_keepalives_count", "6"},
        {"tcp_user_timeout", "120000"},
    };

    private SessionSettings() {}

    /**
     * Applies them. Its one row tells who the server is as well: the process first.
     *
     * @param major the server's version, which decides how it is asked what it knows: reading
     *     {@code pg_settings} takes it some milliseconds, at every login
     */
    static String query(int major) {
        StringBuilder values = new StringBuilder();
        for (String[] setting : SETTINGS) {
            values.append(values.isEmpty() ? "" : ", ")
                    .append("('%s', '%s')".formatted(setting[0], setting[1]));
        }
        String known =
                major >= 10
                        ? " WHERE pg_catalog.current_setting(v.name, true) IS NOT NULL"
                        : " JOIN pg_catalog.pg_settings s"
                                + " ON pg_catalog.lower(s.name) = pg_catalog.lower(v.name)"
                                + " WHERE true";
        return "SELECT pg_catalog.pg_backend_pid() AS pid,"
                + " pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version,"
                + " pg_catalog.count(pg_catalog.set_config(v.name, v.value, false)) FROM (VALUES "
                + values
                + ") v (name, value)"
                + known
                + " AND (v.name <> '"
                + CLIENT_CHECK
                + "' OR pg_catalog.version() LIKE '%linux%')";
    }
}
