package warp.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every connection parameter that libpq knows ("Parameter Key Words" in the manual), its
 * environment variable ("Environment Variables") and what Warp makes of it.
 */
enum Keyword {
    SERVICE("service", "PGSERVICE"),
    SERVICEFILE("servicefile", "PGSERVICEFILE"),
    HOST("host", "PGHOST"),
    HOSTADDR("hostaddr", "PGHOSTADDR"),
    PORT("port", "PGPORT"),
    DBNAME("dbname", "PGDATABASE"),
    USER("user", "PGUSER"),
    PASSWORD("password", "PGPASSWORD"),
    PASSFILE("passfile", "PGPASSFILE"),
    SSLMODE("sslmode", "PGSSLMODE"),
    SSLROOTCERT("sslrootcert", "PGSSLROOTCERT"),
    SSLCERT("sslcert", "PGSSLCERT"),
    SSLKEY("sslkey", "PGSSLKEY"),
    SSLPASSWORD("sslpassword", null),
    SSLCRL("sslcrl", "PGSSLCRL"),
    CHANNEL_BINDING("channel_binding", "PGCHANNELBINDING"),
    CONNECT_TIMEOUT("connect_timeout", "PGCONNECT_TIMEOUT"),
    KEEPALIVES("keepalives", null),
    KEEPALIVES_IDLE("keepalives_idle", null),
    KEEPALIVES_INTERVAL("keepalives_interval", null),
    KEEPALIVES_COUNT("keepalives_count", null),
    TCP_USER_TIMEOUT("tcp_user_timeout", null),
    OPTIONS("options", "PGOPTIONS"),
    TARGET_SESSION_ATTRS("target_session_attrs", "PGTARGETSESSIONATTRS"),
    REQUIRE_AUTH("require_auth", "PGREQUIREAUTH"),
    SSLNEGOTIATION("sslnegotiation", "PGSSLNEGOTIATION"),
    SSL_MIN_PROTOCOL_VERSION("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
    SSL_MAX_PROTOCOL_VERSION("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
    SSLCERTMODE("sslcertmode", "PGSSLCERTMODE"),
    GSSENCMODE("gssencmode", "PGGSSENCMODE"),

    // What narrows security and is not honoured is said, not swallowed.
    SSLCRLDIR("sslcrldir", "PGSSLCRLDIR", Use.WARNED),
    REQUIREPEER("requirepeer", "PGREQUIREPEER", Use.WARNED),

    APPLICATION_NAME("application_name", "PGAPPNAME", Use.IGNORED),
    AUTHTYPE("authtype", null, Use.IGNORED),
    CLIENT_ENCODING("client_encoding", "PGCLIENTENCODING", Use.IGNORED),
    FALLBACK_APPLICATION_NAME("fallback_application_name", null, Use.IGNORED),
    GSSDELEGATION("gssdelegation", "PGGSSDELEGATION", Use.IGNORED),
    GSSLIB("gsslib", "PGGSSLIB", Use.IGNORED),
    KRBSRVNAME("krbsrvname", "PGKRBSRVNAME", Use.IGNORED),
    LOAD_BALANCE_HOSTS("load_balance_hosts", "PGLOADBALANCEHOSTS", Use.IGNORED),
    MAX_PROTOCOL_VERSION("max_protocol_version", "PGMAXPROTOCOLVERSION", Use.IGNORED),
    MIN_PROTOCOL_VERSION("min_protocol_version", "PGMINPROTOCOLVERSION", Use.IGNORED),
    OAUTH_CLIENT_ID("oauth_client_id", null, Use.IGNORED),
    OAUTH_CLIENT_SECRET("oauth_client_secret", null, Use.IGNORED),
    OAUTH_ISSUER("oauth_issuer", null, Use.IGNORED),
    OAUTH_SCOPE("oauth_scope", null, Use.IGNORED),
    REPLICATION("replication", null, Use.IGNORED),
    REQUIRESSL("requiressl", "PGREQUIRESSL", Use.IGNORED),
    SCRAM_CLIENT_KEY("scram_client_key", null, Use.IGNORED),
    SCRAM_SERVER_KEY("scram_server_key", null, Use.IGNORED),
    SSLCOMPRESSION("sslcompression", "PGSSLCOMPRESSION", Use.IGNORED),
    SSLKEYLOGFILE("sslkeylogfile", null, Use.IGNORED),
    SSLSNI("sslsni", "PGSSLSNI", Use.IGNORED),
    TTY("tty", null, Use.IGNORED);

    /** What Warp makes of a parameter. */
    enum Use {
        HONOURED,
        IGNORED,
        WARNED
    }

    private static final List<String> NAMES = Arrays.stream(values()).map(Keyword::text).toList();

    private final String text;
    private final @Nullable String variable;
    private final Use use;

    Keyword(String text, @Nullable String variable) {
        this(text, variable, Use.HONOURED);
    }

    Keyword(String text, @Nullable String variable, Use use) {
        this.text = text;
        this.variable = variable;
        this.use = use;
    }

    /** The parameter of exactly this name. */
    static Optional<Keyword> named(String name) {
        return Arrays.stream(values()).filter(keyword -> keyword.text.equals(name)).findFirst();
    }

    /** The name nearest to a mistyped one. */
    static Optional<String> nearest(String name) {
        return Nearest.to(name, NAMES);
    }

    /** {@code did you mean "host"?}, where a name is near enough. */
    static Optional<String> suggestion(String name) {
        return nearest(name).map(near -> "did you mean \"" + near + "\"?");
    }

    /** As libpq spells it. */
    String text() {
        return text;
    }

    Optional<String> variable() {
        return Optional.ofNullable(variable);
    }

    Use use() {
        return use;
    }
}
