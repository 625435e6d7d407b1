package warp.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A network between a client and a server of this machine that misbehaves when told to: it cuts and
 * resets connections, also in the middle of what is being sent, refuses them, falls silent, is slow
 * and far away. Clients connect to {@link #port} of 127.0.0.1.
 *
 * <p>Rate and delay hold for each direction, all connections of a direction sharing the rate, as
 * they would share a link. What a fault keeps from arriving is lost; nothing is changed, doubled or
 * put out of order, as TCP does not allow it either. Any thread may use it.
 */
public final class NetworkProxy implements AutoCloseable {

    /** Which way bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final int serverPort;
    private final ServerSocket listener;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final NetworkConditions conditions = new NetworkConditions();
    private final AtomicLong accepted = new AtomicLong();
    private volatile boolean refusing;
    private volatile Duration acceptDelay = Duration.ZERO;

    /** Whoever is let in is known: held while a connection is made, and while all are ended. */
    private final ReentrantLock making = new ReentrantLock();

    private NetworkProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            this.listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        Thread.ofVirtual().name("proxy of " + serverPort).start(this::accept);
    }

    /** A good network to begin with, in front of a port of 127.0.0.1. */
    public static NetworkProxy to(int serverPort) {
        return new NetworkProxy(serverPort);
    }

    /** Where clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections have been made through it. */
    public long connectionsMade() {
        return accepted.get();
    }

    /** How many connections are open now. */
    public int connectionsOpen() {
        return connections.size();
    }

    /**
     * How many round trips its clients have made, one after the other or side by side: how often
     * one of them sent something after the server had.
     */
    public long roundTrips() {
        return conditions.questions();
    }

    /** How many bytes have been passed on in a direction. */
    public long bytesPassed(Direction direction) {
        return conditions.passed(direction);
    }

    /**
     * What goes in from now on comes out this much later, in each direction: half a round trip.
     *
     * @param oneWay not negative
     */
    public void delay(Duration oneWay) {
        conditions.delay(oneWay);
    }

    /**
     * Passes at most this much on in each direction.
     *
     * @param bytesPerSecond 1 or more; {@link Long#MAX_VALUE} for no limit
     */
    public void throttle(long bytesPerSecond) {
        conditions.throttle(bytesPerSecond);
    }

    /** Lets nothing through, and nobody know: neither bytes nor the end of a connection. */
    public void fallSilent() {
        conditions.silent(true);
    }

    /** Half of it dies: nothing gets through in this direction any more, and nobody knows. */
    public void fallSilent(Direction direction) {
        conditions.silent(direction);
    }

    /** Goes on after {@link #fallSilent}: what was sent meanwhile arrives. */
    public void speakAgain() {
        conditions.silent(false);
    }

    /**
     * Forgets the connections there are, as a firewall does that thinks them idle: for good,
     * nothing gets through them any more, and nobody knows. New ones are not concerned.
     */
    public void forgetConnections() {
        endAll(ProxiedConnection::forget);
    }

    /** Ends all connections as a process that ends would, with what is under way lost. */
    public void cut() {
        endAll(ProxiedConnection::cut);
    }

    /** Ends all connections as a firewall or a machine that restarted would: by a reset. */
    public void reset() {
        endAll(ProxiedConnection::reset);
    }

    private void endAll(Consumer<ProxiedConnection> end) {
        making.lock();
        try {
            connections.forEach(end);
        } finally {
            making.unlock();
        }
    }

    /**
     * The connection that carries the byte of this number, counted in a direction from now on over
     * all connections, is reset there: what is before the byte still goes through, so that the
     * receiver may be left with half a message.
     *
     * @param bytes 1 or more
     */
    public void resetAfter(Direction direction, long bytes) {
        conditions.resetAfter(direction, bytes);
    }

    /** A good network again: every fault that was asked for and has not come yet is called off. */
    public void calm() {
        refusing = false;
        acceptDelay = Duration.ZERO;
        conditions.calm();
    }

    /**
     * Accepts no connection until {@link #acceptConnections} is called; those that are open stay.
     */
    public void refuseConnections() {
        refusing = true;
    }

    /** Lets every new connection wait this long before its first byte gets through. */
    public void delayAccepting(Duration wait) {
        acceptDelay = wait;
    }

    /** Accepts connections again. */
    public void acceptConnections() {
        refusing = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    ProxiedConnection.reset(client);
                } else if (acceptDelay.isZero()) {
                    connect(client);
                } else {
                    connectLater(client, acceptDelay);
                }
            } catch (IOException closed) {
                // Closed by close(), or the client has gone already.
            }
        }
    }

    private void connectLater(Socket client, Duration wait) {
        Thread.ofVirtual()
                .name("proxy accepts")
                .start(() -> {
                    try {
                        Thread.sleep(wait);
                        connect(client);
                    } catch (IOException | InterruptedException gone) {
                        ProxiedConnection.reset(client);
                    }
                });
    }

    private void connect(Socket client) throws IOException {
        making.lock();
        try {
            connectNow(client);
        } finally {
            making.unlock();
        }
    }

    private void connectNow(Socket client) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        } catch (IOException refused) {
            ProxiedConnection.reset(client);
            return;
        }
        ProxiedConnection connection =
                new ProxiedConnection(client, server, conditions, connections::remove);
        connections.add(connection);
        accepted.incrementAndGet();
        connection.start();
        if (listener.isClosed()) {
            connection.cut();
        }
    }

    /** Cuts every connection and accepts no more. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } finally {
            conditions.silent(false);
            cut();
        }
    }
}
