package warp.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import warp.config.ConnectionSettings.HostPort;
import warp.config.ConnectionSettings.Liveness;
import warp.postgres.tls.Encryption;

/**
 * One login that pgjdbc makes for us: decides where its socket goes and how it is encrypted, gets
 * hold of it, and has the password. The driver instantiates its factories by class name, so they
 * find their capture through a {@link ScopedValue} of the connecting thread: nothing is shared
 * between logins.
 *
 * <p>{@link #abort} may be called by any thread; the rest is the connecting thread's.
 */
final class SocketCapture {

    private static final ScopedValue<SocketCapture> CURRENT = ScopedValue.newInstance();

    private final InetAddress address;
    private final @Nullable Encryption encryption;
    private final LoginPassword password;
    private final HostPort host;
    private final Liveness liveness;
    private volatile @Nullable Socket transport;
    private @Nullable Socket newest;
    private volatile boolean aborted;

    /**
     * @param host the one to log in to
     * @param address the one of the host's addresses to connect to
     * @param encryption null for a login without TLS
     * @param liveness how a peer that has vanished is noticed
     */
    SocketCapture(
            HostPort host,
            InetAddress address,
            @Nullable Encryption encryption,
            LoginPassword password,
            Liveness liveness) {
        this.host = host;
        this.liveness = liveness;
        this.address = address;
        this.password = password;
        this.encryption = encryption;
    }

    /** What may be done while sockets are captured. */
    @FunctionalInterface
    interface Login<T> {
        T open() throws SQLException;
    }

    <T> T during(Login<T> login) throws SQLException {
        return ScopedValue.where(CURRENT, this).<T, SQLException>call(login::open);
    }

    /** The capture of the login that this thread makes. */
    static SocketCapture current() {
        return CURRENT.get();
    }

    /** The host as the settings name it. */
    HostPort host() {
        return host;
    }

    Liveness liveness() {
        return liveness;
    }

    InetAddress address() {
        return address;
    }

    LoginPassword password() {
        return password;
    }

    /** Remembers the login's TCP socket. */
    void captured(Socket socket) {
        transport = socket;
        newest = socket;
        if (aborted) {
            abort();
        }
    }

    /** Encrypts the TCP socket and remembers the result. */
    Socket encrypt(Socket plain, String host, int port) throws IOException {
        if (encryption == null) {
            throw new IllegalStateException("this login is to be without TLS");
        }
        Socket encrypted = encryption.over(plain, host, port);
        newest = encrypted;
        return encrypted;
    }

    /** What carries the protocol: the TLS socket or, without TLS, the TCP socket. */
    Socket newest() {
        return present(newest);
    }

    /** The TCP socket. */
    Socket transport() {
        return present(transport);
    }

    /** Closes the TCP socket, now or as soon as there is one: the login fails. */
    void abort() {
        aborted = true;
        Socket socket = transport;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // Nothing can be done about a socket that does not even close.
            }
        }
    }

    private static Socket present(@Nullable Socket socket) {
        if (socket == null) {
            throw new IllegalStateException("the driver opened no socket through its factory");
        }
        return socket;
    }
}
