package warp.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Encrypts the socket of one login as its {@link SocketCapture} says. Made by pgjdbc, by name,
 * which then makes the handshake.
 */
public final class CapturingTlsFactory extends SSLSocketFactory {

    private final SocketCapture capture = SocketCapture.current();

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
            throws IOException {
        return capture.encrypt(plain, host, port);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        throw onlyLayered();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        throw onlyLayered();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw onlyLayered();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw onlyLayered();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw onlyLayered();
    }

    @Override
    public Socket createSocket(
            InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw onlyLayered();
    }

    private static UnsupportedOperationException onlyLayered() {
        return new UnsupportedOperationException("pgjdbc encrypts a socket it has connected");
    }
}
