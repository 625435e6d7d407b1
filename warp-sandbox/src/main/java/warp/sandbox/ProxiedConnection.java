package warp.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import warp.sandbox.NetworkProxy.Direction;

/**
 * One client's connection through a {@link NetworkProxy}. Each direction has a thread that reads
 * and one that writes, with what is on its way between them: a far network holds many bytes at
 * once.
 */
final class ProxiedConnection {

    private static final int PIECE_BYTES_MAX = 16 * 1024;

    /** On the way in one direction, at most: about two megabytes. */
    private static final int PIECES_MAX = 128;

    /** Bytes as they were read; none where the sender has ended its side. */
    private record Piece(ByteBuffer bytes, long readAtNanos) {}

    private final Socket client;
    private final Socket server;
    private final NetworkConditions conditions;
    private final Consumer<ProxiedConnection> ended;
    private final AtomicBoolean answered = new AtomicBoolean(true);
    private volatile boolean forgotten;

    ProxiedConnection(
            Socket client,
            Socket server,
            NetworkConditions conditions,
            Consumer<ProxiedConnection> ended) {
        this.client = client;
        this.server = server;
        this.conditions = conditions;
        this.ended = ended;
    }

    void start() throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        start(Direction.TO_SERVER, client, server);
        start(Direction.TO_CLIENT, server, client);
    }

    private void start(Direction direction, Socket from, Socket to) {
        BlockingQueue<Piece> way = new LinkedBlockingQueue<>(PIECES_MAX);
        Thread writer =
                Thread.ofVirtual()
                        .name("proxy writes " + direction)
                        .start(() -> write(direction, way, to));
        Thread.ofVirtual()
                .name("proxy reads " + direction)
                .start(() -> read(direction, from, way, writer));
    }

    private void read(Direction direction, Socket from, BlockingQueue<Piece> way, Thread writer) {
        byte[] buffer = new byte[PIECE_BYTES_MAX];
        try {
            int count;
            while ((count = from.getInputStream().read(buffer)) > 0) {
                if (forgotten) {
                    continue;
                }
                boolean asks = direction == Direction.TO_SERVER;
                if (answered.getAndSet(!asks) && asks) {
                    conditions.asked();
                }
                way.put(
                        new Piece(
                                ByteBuffer.wrap(Arrays.copyOf(buffer, count)), System.nanoTime()));
            }
            if (!forgotten) {
                way.put(new Piece(ByteBuffer.allocate(0), System.nanoTime()));
            }
        } catch (IOException | InterruptedException broken) {
            if (!forgotten) {
                endWhenHeard(direction, writer);
            }
        }
    }

    /** A silent network does not tell the other side that this one is gone. */
    private void endWhenHeard(Direction direction, Thread writer) {
        try {
            conditions.awaitSpeech(direction);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
        cut();
    }

    private void write(Direction direction, BlockingQueue<Piece> way, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            while (true) {
                Piece piece = way.take();
                int size = piece.bytes().remaining();
                if (size == 0) {
                    conditions.awaitTurn(direction, 0, piece.readAtNanos());
                    to.shutdownOutput();
                    closeWhenBothEnded();
                    return;
                }
                int allowed = conditions.awaitTurn(direction, size, piece.readAtNanos());
                out.write(piece.bytes().array(), 0, allowed);
                if (allowed < size) {
                    reset();
                    return;
                }
            }
        } catch (IOException | InterruptedException broken) {
            cut();
        }
    }

    private void closeWhenBothEnded() {
        if (client.isOutputShutdown() && server.isOutputShutdown()) {
            cut();
        }
    }

    /** What is sent from now on, and the end of either side, reaches nobody. */
    void forget() {
        forgotten = true;
    }

    /** Ends both sides as a process that ends would. */
    void cut() {
        close(client);
        close(server);
        ended.accept(this);
    }

    /** Ends both sides by a reset, whichever thread then comes first to close them. */
    void reset() {
        discardOnClose(client);
        discardOnClose(server);
        reset(client);
        reset(server);
        ended.accept(this);
    }

    static void reset(Socket socket) {
        discardOnClose(socket);
        close(socket);
    }

    private static void discardOnClose(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            // Then there is nothing to reset.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException problem) {
            // It is of no use any more either way.
        }
    }
}
