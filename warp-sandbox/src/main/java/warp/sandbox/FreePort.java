package warp.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port of 127.0.0.1 for a server to try. */
final class FreePort {

    private static final int ATTEMPTS = 1000;

    private FreePort() {}

    /** One that nobody listens on now, below those that outgoing connections are given. */
    static int find() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(10_240, 32_768);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException _) {
                // taken: try another
            }
        }
        throw new SandboxException("there is no free port on 127.0.0.1");
    }
}
