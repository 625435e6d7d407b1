package warp.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import warp.config.ConnectionSettings.Liveness;
import warp.config.ConnectionSettings.Tls;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/**
 * Turns what a PostgreSQL user calls a connection into complete {@link ConnectionSettings}: a URI,
 * a {@code key=value} string, or nothing, filled up in libpq's order from the service file, the
 * {@code PG*} variables, {@code .pgpass} and the defaults ("Database Connection Control Functions",
 * "Environment Variables" in the manual).
 *
 * <p>Every error is a {@link WarpException} with {@link ErrorCode#CONFIG} that names the side and
 * the part, and never repeats a password, nor a URL.
 */
public final class ConnectionStrings {

    private static final Pattern OTHER_SCHEME =
            Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://.*", Pattern.DOTALL);
    private static final int CONNECT_SECONDS_DEFAULT = 10;
    private static final List<String> TARGET_SESSION =
            List.of("any", "read-write", "read-only", "primary", "standby", "prefer-standby");

    private final Environment environment;
    private final Consumer<Warning> warnings;

    /**
     * @param warnings told of what is passed over: a password file open to others, a parameter that
     *     is not honoured
     */
    public ConnectionStrings(Environment environment, Consumer<Warning> warnings) {
        this.environment = environment;
        this.warnings = warnings;
    }

    /** Reads and completes; null or blank text means that all comes from the environment. */
    public ConnectionSettings read(Side side, @Nullable String text) {
        return complete(side, parse(side, Objects.requireNonNullElse(text, "")));
    }

    /** A file as the user named it. */
    Path file(String name) {
        return environment.file(name);
    }

    /** Reads the string alone, without what surrounds it. */
    public ConnectionParameters parse(Side side, String text) {
        try {
            String stripped = text.strip();
            if (stripped.isEmpty()) {
                return ConnectionParameters.none();
            }
            if (ConnectionUri.looksLikeOne(stripped)) {
                return ConnectionUri.parse(stripped);
            }
            return KeyValueString.parse(refuseOtherForms(text));
        } catch (WarpException problem) {
            throw problem.at(side);
        }
    }

    /** Fills up what is missing and checks the whole. */
    public ConnectionSettings complete(Side side, ConnectionParameters given) {
        try {
            ConnectionParameters all = new ConnectionParameters();
            all.fillFrom(given);
            given.passwordSource()
                    .or(() ->
                            given.has(Keyword.PASSWORD)
                                    ? Optional.empty()
                                    : PasswordSetting.of(side, environment))
                    .ifPresent(source -> {
                        warnOfOpenFile(side, source);
                        all.setPasswordSource(source);
                    });
            ConnectionParameters variables = fromVariables();
            Optional<String> service =
                    all.value(Keyword.SERVICE).or(() -> variables.value(Keyword.SERVICE));
            if (service.isPresent()) {
                Optional<String> file =
                        all.value(Keyword.SERVICEFILE)
                                .or(() -> variables.value(Keyword.SERVICEFILE));
                all.fillFrom(new ServiceFile(environment).find(service.get(), file));
            }
            all.fillFrom(variables);
            warnOfUnheeded(side, all);
            return build(side, all);
        } catch (WarpException problem) {
            throw problem.at(side);
        }
    }

    private static String refuseOtherForms(String text) {
        if (text.strip().startsWith("jdbc:")) {
            throw new WarpException(ErrorCode.CONFIG, "a JDBC URL is not understood")
                    .hint("write postgresql://user@host:5432/database, without jdbc:");
        }
        Matcher scheme = OTHER_SCHEME.matcher(text.strip());
        if (scheme.matches()) {
            throw new WarpException(
                            ErrorCode.CONFIG,
                            "a URL of scheme \"" + scheme.group(1) + "\" is not PostgreSQL's")
                    .hint("write postgresql://user@host:5432/database");
        }
        if (text.indexOf('=') < 0) {
            throw new WarpException(
                            ErrorCode.CONFIG, "neither a URI nor a key=value connection string")
                    .hint(
                            "write postgresql://user@host:5432/database, or"
                                    + " 'host=… port=5432 dbname=… user=…'");
        }
        return text;
    }

    private ConnectionParameters fromVariables() {
        ConnectionParameters found = new ConnectionParameters();
        for (Keyword keyword : Keyword.values()) {
            Optional<String> name = keyword.variable();
            name.flatMap(environment::variable)
                    .ifPresent(value -> found.set(keyword, value, name.orElseThrow()));
        }
        return found;
    }

    private void warnOfOpenFile(Side side, PasswordSource source) {
        if (source instanceof SecretFile secret && PasswordFile.openToOthers(secret.file())) {
            warnings.accept(
                    new Warning(
                            side + ": password file " + secret.file() + " is open to others",
                            "chmod 0600 " + secret.file()));
        }
    }

    private void warnOfUnheeded(Side side, ConnectionParameters all) {
        for (Keyword keyword : Keyword.values()) {
            if (keyword.use() == Keyword.Use.WARNED && all.get(keyword).isPresent()) {
                warnings.accept(
                        new Warning(
                                side + ": " + keyword.text() + " is not honoured by Warp",
                                "sslmode=verify-full and channel_binding=require are"));
            }
        }
    }

    private ConnectionSettings build(Side side, ConnectionParameters all) {
        List<HostList.Host> hosts = new HostList(all).read();
        String user = all.value(Keyword.USER).orElse(environment.osUser());
        if (user.isEmpty()) {
            throw new WarpException(ErrorCode.CONFIG, "no user is given")
                    .hint("add user=… to the connection, or set PGUSER");
        }
        String database = all.value(Keyword.DBNAME).orElse(user);
        Tls tls = tls(all);
        if (all.get(Keyword.HOST).isPresent()
                && all.get(Keyword.HOSTADDR).isPresent()
                && tls.mode() == SslMode.VERIFY_FULL) {
            throw all.bad(Keyword.HOSTADDR, "cannot be used with host and sslmode=verify-full")
                    .hint("leave out hostaddr, and let /etc/hosts or the DNS know the address");
        }
        return new ConnectionSettings(
                side,
                hosts.stream().map(HostList.Host::address).toList(),
                database,
                user,
                password(side, all, hosts, database, user).orElse(null),
                tls,
                all.oneOf(Keyword.TARGET_SESSION_ATTRS, TARGET_SESSION, "any"),
                connectSeconds(all),
                all.value(Keyword.OPTIONS).orElse(""),
                liveness(all));
    }

    /** As in libpq, 0 is the default; but for tcp_user_timeout it is Warp's own, not none. */
    private static Liveness liveness(ConnectionParameters all) {
        Liveness usual = Liveness.USUAL;
        return new Liveness(
                number(all, Keyword.KEEPALIVES, 1) != 0,
                number(all, Keyword.KEEPALIVES_IDLE, usual.idleSeconds()),
                number(all, Keyword.KEEPALIVES_INTERVAL, usual.intervalSeconds()),
                number(all, Keyword.KEEPALIVES_COUNT, usual.count()),
                number(all, Keyword.TCP_USER_TIMEOUT, usual.silenceMillisMax()));
    }

    private static int number(ConnectionParameters all, Keyword keyword, int usual) {
        Optional<String> text = all.value(keyword).map(String::strip);
        try {
            int number = text.map(Integer::parseInt).orElse(usual);
            return number > 0 || keyword == Keyword.KEEPALIVES ? number : usual;
        } catch (NumberFormatException notNumber) {
            throw all.bad(keyword, "is not a whole number");
        }
    }

    private Optional<Secret> password(
            Side side,
            ConnectionParameters all,
            List<HostList.Host> hosts,
            String database,
            String user) {
        Optional<Secret> given =
                all.passwordSource()
                        .map(Secret::new)
                        .or(() -> all.value(Keyword.PASSWORD).map(Secret::new));
        Optional<Path> path =
                all.value(Keyword.PASSFILE)
                        .map(environment::file)
                        .or(() -> environment.homeFile(".pgpass"));
        if (given.isPresent() || path.isEmpty()) {
            return given;
        }
        Optional<PasswordFile> file = PasswordFile.open(path.get(), warnings);
        Set<Secret> found = new LinkedHashSet<>();
        for (HostList.Host host : hosts) {
            file.flatMap(it -> it.find(host.given(), host.address().port(), database, user))
                    .ifPresent(found::add);
        }
        if (found.size() > 1) {
            warnings.accept(
                    new Warning(
                            side
                                    + ": the password file has different passwords for the hosts;"
                                    + " the first is used",
                            "give all hosts of one connection the same password"));
        }
        return found.stream().findFirst();
    }

    private Tls tls(ConnectionParameters all) {
        Optional<String> root = all.value(Keyword.SSLROOTCERT);
        boolean system = root.filter("system"::equals).isPresent();
        SslMode mode = sslMode(all, system ? SslMode.VERIFY_FULL : SslMode.PREFER);
        if (system && mode != SslMode.VERIFY_FULL) {
            throw all.bad(Keyword.SSLMODE, "is too weak for sslrootcert=system")
                    .hint("use sslmode=verify-full");
        }
        return new Tls(
                mode,
                root.map(name -> system ? name : environment.file(name).toString()).orElse(null),
                all.value(Keyword.SSLCERT).map(environment::file).orElse(null),
                all.value(Keyword.SSLKEY).map(environment::file).orElse(null),
                all.value(Keyword.SSLPASSWORD).map(Secret::new).orElse(null),
                all.value(Keyword.SSLCRL).map(environment::file).orElse(null),
                new HandshakeReader(all).read(mode));
    }

    private static SslMode sslMode(ConnectionParameters all, SslMode fallback) {
        List<String> names = Arrays.stream(SslMode.values()).map(SslMode::toString).toList();
        String name = all.oneOf(Keyword.SSLMODE, names, fallback.toString());
        return SslMode.valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    private static int connectSeconds(ConnectionParameters all) {
        Optional<String> text = all.value(Keyword.CONNECT_TIMEOUT).map(String::strip);
        try {
            return Math.max(0, text.map(Integer::parseInt).orElse(CONNECT_SECONDS_DEFAULT));
        } catch (NumberFormatException notNumber) {
            throw all.bad(Keyword.CONNECT_TIMEOUT, "is not a whole number of seconds");
        }
    }
}
