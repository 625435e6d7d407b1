package warp.postgres.tls;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Encrypts the connections to one host as its settings say. Immutable.
 *
 * @param protocols the versions of TLS to offer; empty for this Java's own choice
 */
public record Encryption(SSLSocketFactory factory, List<String> protocols) {

    public Encryption {
        protocols = List.copyOf(protocols);
    }

    /** Puts TLS over a connected socket; the handshake is still to come. */
    public Socket over(Socket plain, String host, int port) throws IOException {
        Socket encrypted = factory.createSocket(plain, host, port, true);
        if (!protocols.isEmpty() && encrypted instanceof SSLSocket socket) {
            socket.setEnabledProtocols(protocols.toArray(String[]::new));
        }
        return encrypted;
    }
}
