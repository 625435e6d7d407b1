package warp.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Side;

/**
 * How to reach one database, complete: what URL, service file, environment and password file said
 * is already merged ("Database Connection Control Functions" in the manual). Made by {@code
 * ConnectionStrings}.
 *
 * @param hosts tried in order; at least one
 * @param password null where none is needed or known
 * @param tls encryption and certificates
 * @param targetSession libpq's {@code target_session_attrs}: any, read-write, read-only, primary,
 *     standby, prefer-standby
 * @param connectSecondsMax time for one attempt; 0 waits for ever
 * @param options {@code -c name=value …} for the server's command line, as in libpq; empty for none
 * @param liveness how a peer that has vanished is noticed
 */
public record ConnectionSettings(
        Side side,
        List<HostPort> hosts,
        String database,
        String user,
        @Nullable Secret password,
        Tls tls,
        String targetSession,
        int connectSecondsMax,
        String options,
        Liveness liveness) {

    /** With the usual ways of noticing that a peer has vanished. */
    public ConnectionSettings(
            Side side,
            List<HostPort> hosts,
            String database,
            String user,
            @Nullable Secret password,
            Tls tls,
            String targetSession,
            int connectSecondsMax,
            String options) {
        this(
                side,
                hosts,
                database,
                user,
                password,
                tls,
                targetSession,
                connectSecondsMax,
                options,
                Liveness.USUAL);
    }

    public ConnectionSettings {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("a connection needs a host");
        }
    }

    /** A host name or address (IPv6 without brackets) with its port, 1 to 65535. */
    public record HostPort(String host, int port) {
        public HostPort {
            if (host.isEmpty() || port < 1 || port > 65535) {
                throw new IllegalArgumentException("not a host and port: " + host + ":" + port);
            }
        }

        /** {@code host:port}, an IPv6 address in brackets. */
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * Encryption. Files are as libpq reads them: PEM; where null, the defaults of {@code
     * ~/.postgresql} hold if they exist. {@code rootCertificate} may be the word {@code system}.
     *
     * @param handshake what else must hold before the server is trusted with a password
     */
    public record Tls(
            SslMode mode,
            @Nullable String rootCertificate,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Secret keyPassword,
            @Nullable Path revocationList,
            Handshake handshake) {

        /** With {@code channel_binding} alone, and libpq's defaults for the rest. */
        public Tls(
                SslMode mode,
                @Nullable String rootCertificate,
                @Nullable Path certificate,
                @Nullable Path key,
                @Nullable Secret keyPassword,
                @Nullable Path revocationList,
                String channelBinding) {
            this(
                    mode,
                    rootCertificate,
                    certificate,
                    key,
                    keyPassword,
                    revocationList,
                    new Handshake(channelBinding, "", false, "", "", true));
        }

        public Tls with(Handshake other) {
            return new Tls(
                    mode, rootCertificate, certificate, key, keyPassword, revocationList, other);
        }

        public String channelBinding() {
            return handshake.channelBinding();
        }

        /** {@code sslmode=MODE} and nothing else. */
        public static Tls of(SslMode mode) {
            return new Tls(mode, null, null, null, null, null, "prefer");
        }
    }

    /**
     * How TLS and the login begin.
     *
     * @param channelBinding {@code disable}, {@code prefer} or {@code require}
     * @param requireAuth libpq's {@code require_auth}: the methods that the server may ask for, or,
     *     each with an exclamation mark, may not; empty for any
     * @param direct {@code sslnegotiation=direct}: TLS from the first byte on (17 and later)
     * @param protocolMin {@code TLSv1.3} and so on; empty for the default
     * @param protocolMax the same
     * @param showsCertificate whether the server may see the client's certificate ({@code
     *     sslcertmode})
     */
    public record Handshake(
            String channelBinding,
            String requireAuth,
            boolean direct,
            String protocolMin,
            String protocolMax,
            boolean showsCertificate) {}

    /**
     * libpq's {@code keepalives…} and {@code tcp_user_timeout}.
     *
     * @param keepAlives whether an idle connection is probed
     * @param idleSeconds how long it is idle before
     * @param intervalSeconds between probes
     * @param count of probes without an answer, after which it is given up
     * @param silenceMillisMax how long a wait may take before it is found out whether the server is
     *     there
     */
    public record Liveness(
            boolean keepAlives,
            int idleSeconds,
            int intervalSeconds,
            int count,
            int silenceMillisMax) {

        /** What holds where nobody says: two minutes for idle connections, one for waits. */
        public static final Liveness USUAL = new Liveness(true, 60, 10, 6, 60_000);

        public Liveness {
            if (idleSeconds < 1 || intervalSeconds < 1 || count < 1 || silenceMillisMax < 1) {
                throw new IllegalArgumentException("times and counts are from 1");
            }
        }
    }

    /**
     * The same at one of the hosts alone, whatever kind of server that is.
     *
     * @param secondsMax for the login, where it may take longer otherwise
     */
    public ConnectionSettings onlyAt(HostPort host, int secondsMax) {
        int seconds = connectSecondsMax == 0 ? secondsMax : Math.min(connectSecondsMax, secondsMax);
        return new ConnectionSettings(
                side,
                List.of(host),
                database,
                user,
                password,
                tls,
                "any",
                seconds,
                options,
                liveness);
    }

    /**
     * The same for a person who waits for an answer.
     *
     * @param seconds for a login, and for a server that says nothing, where they may take longer
     */
    public ConnectionSettings hastened(int seconds) {
        return new ConnectionSettings(
                side,
                hosts,
                database,
                user,
                password,
                tls,
                targetSession,
                connectSecondsMax == 0 ? seconds : Math.min(connectSecondsMax, seconds),
                options,
                new Liveness(
                        liveness.keepAlives(),
                        liveness.idleSeconds(),
                        liveness.intervalSeconds(),
                        liveness.count(),
                        Math.min(liveness.silenceMillisMax(), seconds * 1000)));
    }

    /** {@code host:port/database}, for people; never the password. */
    public String display() {
        StringBuilder text = new StringBuilder();
        for (HostPort host : hosts) {
            text.append(text.isEmpty() ? "" : ",").append(host);
        }
        return text.append('/').append(database).toString();
    }

    public Optional<Secret> secret() {
        return Optional.ofNullable(password);
    }

    /**
     * What a child process (pg_dump) needs in its environment: {@code PGHOST} and so on, the
     * password included ("Environment Variables" of libpq in the manual). A key's password is not
     * among them: libpq has no variable for it.
     */
    public Map<String, String> environment() {
        Map<String, String> variables = new java.util.TreeMap<>();
        variables.put("PGHOST", String.join(",", hosts.stream().map(HostPort::host).toList()));
        variables.put(
                "PGPORT", String.join(",", hosts.stream().map(host -> "" + host.port()).toList()));
        variables.put("PGDATABASE", database);
        variables.put("PGUSER", user);
        variables.put("PGSSLMODE", tls.mode().toString());
        variables.put("PGCHANNELBINDING", tls.channelBinding());
        put(variables, "PGREQUIREAUTH", given(tls.handshake().requireAuth()));
        put(variables, "PGSSLNEGOTIATION", tls.handshake().direct() ? "direct" : null);
        put(variables, "PGSSLMINPROTOCOLVERSION", given(tls.handshake().protocolMin()));
        put(variables, "PGSSLMAXPROTOCOLVERSION", given(tls.handshake().protocolMax()));
        put(variables, "PGSSLCERTMODE", tls.handshake().showsCertificate() ? null : "disable");
        variables.put("PGGSSENCMODE", "disable");
        variables.put("PGTARGETSESSIONATTRS", targetSession);
        put(variables, "PGSSLROOTCERT", tls.rootCertificate());
        put(variables, "PGSSLCERT", tls.certificate());
        put(variables, "PGSSLKEY", tls.key());
        put(variables, "PGSSLCRL", tls.revocationList());
        if (connectSecondsMax > 0) {
            variables.put("PGCONNECT_TIMEOUT", Integer.toString(connectSecondsMax));
        }
        if (!options.isEmpty()) {
            variables.put("PGOPTIONS", options);
        }
        secret().ifPresent(value -> variables.put("PGPASSWORD", value.reveal()));
        return variables;
    }

    private static @Nullable String given(String value) {
        return value.isEmpty() ? null : value;
    }

    private static void put(Map<String, String> variables, String name, @Nullable Object value) {
        if (value != null) {
            variables.put(name, value.toString());
        }
    }
}
