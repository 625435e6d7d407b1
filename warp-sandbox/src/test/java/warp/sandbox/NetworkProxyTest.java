package warp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.sandbox.NetworkProxy.Direction;

/** The proxy's faults, before a server that the test itself plays. */
@Timeout(60)
class NetworkProxyTest {

    private static final int WAIT_MILLIS = 20_000;

    /** Long enough to see that nothing comes. */
    private static final int NOTHING_MILLIS = 150;

    private final BlockingQueue<Socket> served = new LinkedBlockingQueue<>();
    private final ServerSocket server = unbound();
    private final NetworkProxy proxy = NetworkProxy.to(server.getLocalPort());

    private static ServerSocket unbound() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException problem) {
            throw new IllegalStateException(problem);
        }
    }

    @BeforeEach
    void serve() {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            served.add(server.accept());
                        }
                    } catch (IOException closed) {
                        // The test is over.
                    }
                });
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
        for (Socket socket : served) {
            socket.close();
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(WAIT_MILLIS);
        return client;
    }

    private Socket accepted() throws IOException, InterruptedException {
        @Nullable Socket socket = served.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(socket).isNotNull();
        socket.setSoTimeout(WAIT_MILLIS);
        return socket;
    }

    @Test
    void goodNetwork_passesEverythingBothWaysAndTheEnd() throws Exception {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (Socket client = connect();
                Socket peer = accepted()) {
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    client.getOutputStream().write(sent);
                                    client.shutdownOutput();
                                } catch (IOException problem) {
                                    throw new IllegalStateException(problem);
                                }
                            });
            assertThat(peer.getInputStream().readAllBytes()).isEqualTo(sent);
            writer.join();
            peer.getOutputStream()
                    .write("and back".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            peer.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("and back");
        }
        assertThat(proxy.bytesPassed(Direction.TO_SERVER)).isEqualTo(3_000_000);
        assertThat(proxy.bytesPassed(Direction.TO_CLIENT)).isEqualTo(8);
        assertThat(proxy.connectionsMade()).isEqualTo(1);
    }

    @Test
    void halved_passesInOneDirectionOnly_untilItSpeaksAgain() throws Exception {
        try (Socket client = connect();
                Socket peer = accepted()) {
            proxy.fallSilent(Direction.TO_CLIENT);
            client.getOutputStream().write('a');
            assertThat(peer.getInputStream().read()).isEqualTo('a');
            peer.getOutputStream().write('b');
            client.setSoTimeout(NOTHING_MILLIS);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            proxy.speakAgain();
            client.setSoTimeout(WAIT_MILLIS);
            assertThat(client.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void forgottenConnections_passNothing_notEvenTheirEnd_newOnesDo() throws Exception {
        try (Socket peer = forgotten();
                Socket client = connect();
                Socket other = accepted()) {
            client.getOutputStream().write('b');
            other.setSoTimeout(WAIT_MILLIS);
            assertThat(other.getInputStream().read()).isEqualTo('b');
            peer.setSoTimeout(NOTHING_MILLIS);
            assertThatThrownBy(() -> peer.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    /** The server's end of a connection whose client has written, and gone, unheard. */
    private Socket forgotten() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write('a');
            Socket peer = accepted();
            assertThat(peer.getInputStream().read()).isEqualTo('a');
            proxy.forgetConnections();
            client.getOutputStream().write('x');
            return peer;
        }
    }

    @Test
    void slowToAccept_passesNothingBefore() throws Exception {
        proxy.delayAccepting(java.time.Duration.ofMillis(2L * NOTHING_MILLIS));
        try (Socket client = connect()) {
            client.getOutputStream().write('a');
            assertThat(served.poll(NOTHING_MILLIS, TimeUnit.MILLISECONDS)).isNull();
            try (Socket peer = accepted()) {
                assertThat(peer.getInputStream().read()).isEqualTo('a');
            }
        }
    }

    @Test
    void cut_endsBothSides() throws Exception {
        try (Socket client = connect();
                Socket peer = accepted()) {
            proxy.cut();

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            assertThat(proxy.connectionsOpen()).isZero();
        }
    }

    @Test
    void reset_isAnErrorAtBothSides() throws Exception {
        try (Socket client = connect();
                Socket peer = accepted()) {
            proxy.reset();

            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> peer.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void resetAfter_leavesTheReceiverWithWhatCameBefore() throws Exception {
        try (Socket client = connect();
                Socket peer = accepted()) {
            proxy.resetAfter(Direction.TO_SERVER, 6);
            client.getOutputStream().write(new byte[] {1, 2, 3});
            assertThat(peer.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
            client.getOutputStream().write(new byte[] {4, 5, 6, 7, 8});

            assertThat(peer.getInputStream().readNBytes(2)).containsExactly(4, 5);
            assertThatThrownBy(() -> peer.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
        try (Socket next = connect();
                Socket peer = accepted()) {
            next.getOutputStream().write(new byte[100]);
            assertThat(peer.getInputStream().readNBytes(100)).hasSize(100);
        }
    }

    @Test
    void silence_isHeardByNobodyAndThenAllComes() throws Exception {
        try (Socket client = connect();
                Socket peer = accepted()) {
            proxy.fallSilent();
            client.getOutputStream().write(7);
            client.shutdownOutput();
            peer.setSoTimeout(NOTHING_MILLIS);
            assertThatThrownBy(() -> peer.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);

            proxy.speakAgain();
            peer.setSoTimeout(WAIT_MILLIS);
            assertThat(peer.getInputStream().readAllBytes()).containsExactly(7);
        }
    }

    @Test
    void silence_hidesAlsoThatTheOtherSideIsGone() throws Exception {
        try (Socket client = connect();
                Socket peer = accepted()) {
            proxy.fallSilent();
            ProxiedConnection.reset(client);
            peer.setSoTimeout(NOTHING_MILLIS);
            assertThatThrownBy(() -> peer.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);

            proxy.speakAgain();
            peer.setSoTimeout(WAIT_MILLIS);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusedConnection_reachesNoServer() throws Exception {
        proxy.refuseConnections();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
        assertThat(proxy.connectionsMade()).isZero();

        proxy.resetAfter(Direction.TO_SERVER, 1);
        proxy.calm();
        try (Socket client = connect();
                Socket peer = accepted()) {
            client.getOutputStream().write(1);
            assertThat(peer.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void serverThatIsDown_isAResetToTheClient() throws Exception {
        int nobody;
        try (ServerSocket gone = unbound()) {
            nobody = gone.getLocalPort();
        }
        try (NetworkProxy before = NetworkProxy.to(nobody);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), before.port())) {
            client.setSoTimeout(WAIT_MILLIS);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
    }

    /** Lower bounds only: what a busy machine adds is no fault. */
    @Test
    void delayAndRate_takeAtLeastTheirTime() throws Exception {
        try (Socket client = connect();
                Socket peer = accepted()) {
            proxy.delay(Duration.ofMillis(60));
            long started = System.nanoTime();
            client.getOutputStream().write(1);
            assertThat(peer.getInputStream().read()).isEqualTo(1);
            peer.getOutputStream().write(2);
            assertThat(client.getInputStream().read()).isEqualTo(2);
            assertThat(System.nanoTime() - started)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(120).toNanos());

            proxy.delay(Duration.ZERO);
            proxy.throttle(1_000_000);
            started = System.nanoTime();
            client.getOutputStream().write(new byte[200_000]);
            assertThat(peer.getInputStream().readNBytes(200_000)).hasSize(200_000);
            assertThat(System.nanoTime() - started)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(190).toNanos());
        }
    }

    @Test
    void delay_holdsManyBytesOnTheWayAtOnce() throws Exception {
        try (Socket client = connect();
                Socket peer = accepted()) {
            proxy.delay(Duration.ofMillis(50));
            byte[] sent = new byte[1_000_000];
            client.getOutputStream().write(sent);

            assertThat(peer.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        }
    }
}
