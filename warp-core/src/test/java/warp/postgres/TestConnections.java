package warp.postgres;

import java.util.List;
import warp.config.ConnectionSettings;
import warp.config.ConnectionSettings.HostPort;
import warp.config.ConnectionSettings.Tls;
import warp.config.Secret;
import warp.config.SslMode;
import warp.model.Side;
import warp.sandbox.PostgresServer;

/** Settings and sessions for servers of the sandbox. */
public final class TestConnections {

    private TestConnections() {}

    public static ConnectionSettings settings(Side side, PostgresServer server, String database) {
        return settings(side, server, database, PostgresServer.USER, PostgresServer.PASSWORD);
    }

    /** By way of another port of this machine. */
    public static ConnectionSettings settings(Side side, int port, String database) {
        return settings(side, port, database, PostgresServer.USER, PostgresServer.PASSWORD);
    }

    public static ConnectionSettings settings(
            Side side, PostgresServer server, String database, String user, String password) {
        return settings(side, server.port(), database, user, password);
    }

    private static ConnectionSettings settings(
            Side side, int port, String database, String user, String password) {
        return new ConnectionSettings(
                side,
                List.of(new HostPort("127.0.0.1", port)),
                database,
                user,
                new Secret(password),
                Tls.of(SslMode.DISABLE),
                "any",
                10,
                "");
    }

    public static Session open(Side side, PostgresServer server, String database) {
        return new Connector(settings(side, server, database), "warp-test").open();
    }
}
