package warp.postgres;

import java.net.Socket;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Gets hold of the socket behind a login that pgjdbc makes. The driver instantiates its socket
 * factories by class name, so they find their capture through a {@link ScopedValue} of the
 * connecting thread: nothing is shared between logins.
 */
final class SocketCapture {

    private static final ScopedValue<SocketCapture> CURRENT = ScopedValue.newInstance();

    private @Nullable Socket newest;

    /** What may be done while sockets are captured. */
    @FunctionalInterface
    interface Login<T> {
        T open() throws SQLException;
    }

    <T> T during(Login<T> login) throws SQLException {
        return ScopedValue.where(CURRENT, this).<T, SQLException>call(login::open);
    }

    /**
     * Remembers a socket the driver made; the encrypted one comes after the plain one below it. One
     * made outside of a login is the driver's own: it sends a cancel request through it.
     */
    static void captured(Socket socket) {
        if (CURRENT.isBound()) {
            CURRENT.get().newest = socket;
        }
    }

    Socket newest() {
        if (newest == null) {
            throw new IllegalStateException("the driver opened no socket through its factory");
        }
        return newest;
    }
}
