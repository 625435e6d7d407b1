package warp.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;
import warp.config.ConnectionSettings.Liveness;

/**
 * Makes the TCP sockets of one login, and later those that cancel its statements: all go to the
 * address the login chose. A peer that has vanished is noticed as libpq's parameters say. Made by
 * pgjdbc, by name.
 */
public final class CapturingSocketFactory extends SocketFactory {

    private final SocketCapture capture = SocketCapture.current();
    private boolean loggingIn = true;

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new DirectedSocket(capture.address());
        socket.setTcpNoDelay(true);
        Liveness liveness = capture.liveness();
        socket.setKeepAlive(liveness.keepAlives());
        if (liveness.keepAlives()) {
            set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, liveness.idleSeconds());
            set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, liveness.intervalSeconds());
            set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, liveness.count());
        }
        if (loggingIn) {
            loggingIn = false;
            capture.captured(socket);
        }
        return socket;
    }

    private static void set(Socket socket, SocketOption<Integer> option, int value)
            throws IOException {
        if (socket.supportedOptions().contains(option)) {
            socket.setOption(option, value);
        }
    }

    /** Goes to the chosen address where pgjdbc would take the first that the name has. */
    private static final class DirectedSocket extends Socket {
        private final InetAddress address;

        DirectedSocket(InetAddress address) {
            this.address = address;
        }

        @Override
        public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
            int port = ((InetSocketAddress) endpoint).getPort();
            super.connect(new InetSocketAddress(address, port), timeoutMillis);
        }
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw onlyUnconnected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
            throws IOException {
        throw onlyUnconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw onlyUnconnected();
    }

    @Override
    public Socket createSocket(
            InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        throw onlyUnconnected();
    }

    private static UnsupportedOperationException onlyUnconnected() {
        return new UnsupportedOperationException("pgjdbc connects the socket itself");
    }
}
