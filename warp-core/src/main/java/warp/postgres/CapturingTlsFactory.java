package warp.postgres;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/**
 * pgjdbc's TLS with libpq's rules, each encrypted socket told to the {@link SocketCapture}. Made by
 * pgjdbc, by name.
 */
public final class CapturingTlsFactory extends LibPQFactory {

    public CapturingTlsFactory(Properties properties) throws PSQLException {
        super(properties);
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
            throws IOException {
        Socket encrypted = super.createSocket(plain, host, port, autoClose);
        SocketCapture.captured(encrypted);
        return encrypted;
    }
}
