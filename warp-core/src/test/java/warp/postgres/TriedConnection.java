package warp.postgres;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.Handshake;
import warp.config.ConnectionSettings.HostPort;
import warp.config.ConnectionSettings.Tls;
import warp.config.Secret;
import warp.config.SslMode;
import warp.model.Side;
import warp.sandbox.PostgresServer;

/** A connection that a test tries, its settings varied one by one. */
public record TriedConnection(ConnectionSettings settings) {

    /** The superuser's way to {@code postgres} on localhost, without TLS. */
    public static TriedConnection to(PostgresServer server) {
        return to("localhost", server.port());
    }

    /** As {@link #to(PostgresServer)} for any port. */
    public static TriedConnection to(String host, int port) {
        return new TriedConnection(
                new ConnectionSettings(
                        Side.SOURCE,
                        List.of(new HostPort(host, port)),
                        "postgres",
                        PostgresServer.USER,
                        new Secret(PostgresServer.PASSWORD),
                        Tls.of(SslMode.DISABLE),
                        "any",
                        10,
                        ""));
    }

    public Connector connector() {
        return new Connector(settings, "warp test");
    }

    public TriedConnection user(String user, @Nullable String password) {
        return with(
                settings.hosts(),
                settings.database(),
                user,
                password == null ? null : new Secret(password),
                settings.tls());
    }

    public TriedConnection database(String database) {
        return with(
                settings.hosts(), database, settings.user(), settings.password(), settings.tls());
    }

    public TriedConnection hosts(HostPort... hosts) {
        return with(
                List.of(hosts),
                settings.database(),
                settings.user(),
                settings.password(),
                settings.tls());
    }

    public TriedConnection tls(Tls tls) {
        return with(
                settings.hosts(), settings.database(), settings.user(), settings.password(), tls);
    }

    public TriedConnection mode(SslMode mode) {
        Tls tls = settings.tls();
        return tls(
                new Tls(
                        mode,
                        tls.rootCertificate(),
                        tls.certificate(),
                        tls.key(),
                        tls.keyPassword(),
                        tls.revocationList(),
                        tls.channelBinding()));
    }

    public TriedConnection root(Path file) {
        Tls tls = settings.tls();
        return tls(
                new Tls(
                        tls.mode(),
                        file.toString(),
                        tls.certificate(),
                        tls.key(),
                        tls.keyPassword(),
                        tls.revocationList(),
                        tls.channelBinding()));
    }

    public TriedConnection certificate(Path certificate, Path key) {
        Tls tls = settings.tls();
        return tls(
                new Tls(
                        tls.mode(),
                        tls.rootCertificate(),
                        certificate,
                        key,
                        tls.keyPassword(),
                        tls.revocationList(),
                        tls.channelBinding()));
    }

    public TriedConnection revocations(Path list) {
        Tls tls = settings.tls();
        return tls(
                new Tls(
                        tls.mode(),
                        tls.rootCertificate(),
                        tls.certificate(),
                        tls.key(),
                        tls.keyPassword(),
                        list,
                        tls.channelBinding()));
    }

    public TriedConnection channelBinding(String channelBinding) {
        Tls tls = settings.tls();
        return tls(
                new Tls(
                        tls.mode(),
                        tls.rootCertificate(),
                        tls.certificate(),
                        tls.key(),
                        tls.keyPassword(),
                        tls.revocationList(),
                        channelBinding));
    }

    public TriedConnection requireAuth(String methods) {
        Handshake now = settings.tls().handshake();
        return handshake(new Handshake(now.channelBinding(), methods, now.direct(), "", "", true));
    }

    public TriedConnection handshake(Handshake handshake) {
        return tls(settings.tls().with(handshake));
    }

    /** With time limit, target_session_attrs and options. */
    public TriedConnection session(int connectSecondsMax, String target, String options) {
        return new TriedConnection(
                new ConnectionSettings(
                        settings.side(),
                        settings.hosts(),
                        settings.database(),
                        settings.user(),
                        settings.password(),
                        settings.tls(),
                        target,
                        connectSecondsMax,
                        options));
    }

    private TriedConnection with(
            List<HostPort> hosts,
            String database,
            String user,
            @Nullable Secret password,
            Tls tls) {
        return new TriedConnection(
                new ConnectionSettings(
                        settings.side(),
                        hosts,
                        database,
                        user,
                        password,
                        tls,
                        settings.targetSession(),
                        settings.connectSecondsMax(),
                        settings.options()));
    }
}
