package warp.sandbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pooler in front of a server of this machine, as much of one as its clients can notice: it
 * announces process numbers of its own, lets no replication through, may be full, and may give all
 * clients one session that they use in turns, a transaction each; whoever comes first logs in for
 * all.
 *
 * <p>Knows neither TLS nor requests to cancel; a client that goes in the middle of a transaction
 * takes the session with it. Any thread may use it.
 */
public final class PoolerProxy implements AutoCloseable {

    /** Who gets which session of the server. */
    public enum Mode {
        /** Each client its own. */
        SESSION,
        /** As before, and nobody else while one is there. */
        ONE_SESSION,
        /** All the same one. */
        TRANSACTION
    }

    private static final int TLS_REQUEST = 80877103;
    private static final int PROTOCOL_3 = 3 << 16;

    private final int serverPort;
    private final Mode mode;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger announced = new AtomicInteger(1_000_000);
    private final ReentrantLock logins = new ReentrantLock();
    private final ReentrantLock turns = new ReentrantLock();
    private final Semaphore only = new Semaphore(1);
    private @Nullable Server shared;

    /** A session of the server's, and what it said at its login beside passwords. */
    private record Server(
            Socket socket, DataInputStream in, DataOutputStream out, List<Message> greeting) {}

    private static final class Message {
        private final int type;
        private final byte[] body;

        private Message(int type, byte[] body) {
            this.type = type;
            this.body = body;
        }

        private static Message read(DataInputStream in) throws IOException {
            int type = in.readUnsignedByte();
            byte[] body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            return new Message(type, body);
        }

        private void write(DataOutputStream out) throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + Integer.BYTES);
            out.write(body);
        }
    }

    private PoolerProxy(int serverPort, Mode mode) {
        this.serverPort = serverPort;
        this.mode = mode;
        try {
            this.listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        Thread.ofVirtual().name("pooler of " + serverPort).start(this::accept);
    }

    /** In front of a port of 127.0.0.1. */
    public static PoolerProxy to(int serverPort, Mode mode) {
        return new PoolerProxy(serverPort, mode);
    }

    /** Where clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (listener.isClosed()) {
                    client.close(); // Whoever closed the others may not have seen this one.
                }
                Thread.ofVirtual().name("pooler's client").start(() -> serve(client));
            } catch (IOException closed) {
                // Closed by close(), or the client has gone already.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = input(socket);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] startup = startup(in, out);
            if (new String(startup, StandardCharsets.UTF_8).contains("\0replication\0")) {
                refuse(out, "08P01", "unsupported startup parameter: replication");
                return;
            }
            serve(socket, startup, in, out);
        } catch (IOException gone) {
            // As a pooler, it has other clients.
        } finally {
            sockets.remove(socket);
        }
    }

    private void serve(Socket socket, byte[] startup, DataInputStream in, DataOutputStream out)
            throws IOException {
        switch (mode) {
            case SESSION -> passOn(socket, in, out, session(startup, in, out));
            case ONE_SESSION -> {
                if (!only.tryAcquire()) {
                    refuse(out, "53300", "no more connections allowed");
                    return;
                }
                try {
                    passOn(socket, in, out, session(startup, in, out));
                } finally {
                    only.release();
                }
            }
            case TRANSACTION -> takeTurns(in, out, session(startup, in, out));
        }
    }

    private static DataInputStream input(Socket socket) throws IOException {
        return new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    private static byte[] startup(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            byte[] body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            int code = ByteBuffer.wrap(body).getInt();
            if (code == TLS_REQUEST) {
                out.writeByte('N');
            } else if (code >= PROTOCOL_3) {
                return body;
            }
        }
    }

    private static void refuse(DataOutputStream out, String sqlState, String why)
            throws IOException {
        String fields = "SFATAL\0C%s\0M%s\0\0".formatted(sqlState, why);
        new Message('E', fields.getBytes(StandardCharsets.UTF_8)).write(out);
    }

    /** Logs in to the server, or says to the client what the server said to another. */
    private Server session(byte[] startup, DataInputStream in, DataOutputStream out)
            throws IOException {
        logins.lock();
        try {
            if (mode != Mode.TRANSACTION) {
                return login(startup, in, out);
            }
            Server server = shared;
            if (server == null) {
                server = login(startup, in, out);
                shared = server;
            } else {
                new Message('R', new byte[Integer.BYTES]).write(out);
                for (Message said : server.greeting()) {
                    said.write(out);
                }
                greet(out);
            }
            return server;
        } finally {
            logins.unlock();
        }
    }

    private Server login(byte[] startup, DataInputStream in, DataOutputStream out)
            throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        DataInputStream fromServer = input(socket);
        DataOutputStream toServer = new DataOutputStream(socket.getOutputStream());
        toServer.writeInt(startup.length + Integer.BYTES);
        toServer.write(startup);
        List<Message> greeting = new ArrayList<>();
        while (true) {
            Message said = Message.read(fromServer);
            switch (said.type) {
                case 'K' -> {}
                case 'Z' -> {
                    greet(out);
                    return new Server(socket, fromServer, toServer, greeting);
                }
                case 'S' -> {
                    greeting.add(said);
                    said.write(out);
                }
                default -> {
                    said.write(out);
                    if (asksForAnswer(said)) {
                        Message.read(in).write(toServer);
                    }
                }
            }
        }
    }

    /** All requests of authentication do, but for "ok" (0) and the last word of SCRAM (12). */
    private static boolean asksForAnswer(Message said) {
        int kind = said.body.length < 4 ? 0 : said.body[3];
        return said.type == 'R' && kind != 0 && kind != 12;
    }

    private void greet(DataOutputStream out) throws IOException {
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        DataOutputStream content = new DataOutputStream(key);
        content.writeInt(announced.incrementAndGet());
        content.writeInt(1);
        new Message('K', key.toByteArray()).write(out);
        new Message('Z', new byte[] {'I'}).write(out);
    }

    /** Whatever either says, until one of them goes. */
    private void passOn(Socket client, DataInputStream in, DataOutputStream out, Server server)
            throws IOException {
        Thread.ofVirtual()
                .name("pooler's server")
                .start(() -> {
                    try (client) {
                        server.in().transferTo(out);
                    } catch (IOException gone) {
                        // The other direction ends with it.
                    }
                });
        try (Socket _ = server.socket()) {
            in.transferTo(server.out());
        } finally {
            sockets.remove(server.socket());
        }
    }

    /** One transaction after the other, the session being this client's for each of them. */
    private void takeTurns(DataInputStream in, DataOutputStream out, Server server)
            throws IOException {
        while (true) {
            Message first = Message.read(in);
            if (first.type == 'X') {
                return;
            }
            turns.lock();
            try {
                Message next = first;
                while (!exchange(next, in, out, server)) {
                    next = Message.read(in);
                }
            } finally {
                turns.unlock();
            }
        }
    }

    /** Up to where the server is ready again; tells whether no transaction is open then. */
    private static boolean exchange(
            Message first, DataInputStream in, DataOutputStream out, Server server)
            throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        Message next = first;
        next.write(new DataOutputStream(request));
        while (next.type != 'Q' && next.type != 'S') {
            next = Message.read(in);
            next.write(new DataOutputStream(request));
        }
        server.out().write(request.toByteArray());
        while (true) {
            Message said = Message.read(server.in());
            said.write(out);
            if (said.type == 'Z') {
                return said.body[0] == 'I';
            }
        }
    }

    /** Ends every session and accepts no more. */
    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
