package warp.postgres.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Something that listens on 127.0.0.1 and plays a script to everybody who connects, for what real
 * servers do not do on demand. Closing it closes all its sockets, which ends the scripts.
 */
public final class FakeServer implements AutoCloseable {

    private final ServerSocket listener;
    private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Script script;

    /** What is said to one client; the socket is closed at the end. */
    @FunctionalInterface
    public interface Script {
        void play(Peer client) throws IOException;
    }

    private FakeServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("fake server").start(this::serve);
    }

    /** Plays the script from the first byte on. */
    public static FakeServer raw(Script script) throws IOException {
        return new FakeServer(script);
    }

    /** Lets everybody in as version 18, answers Warp's settings, then plays the script. */
    public static FakeServer loggedIn(Script script) throws IOException {
        return new FakeServer(client -> {
            client.acceptLogin();
            client.acceptQuery();
            script.play(client);
        });
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().name("fake backend").start(() -> play(socket));
            }
        } catch (IOException ended) {
            // The listener was closed.
        }
    }

    private void play(Socket socket) {
        try (socket) {
            script.play(new Peer(socket));
        } catch (IOException ended) {
            // The client or the test has hung up.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The client as the script sees it. */
    public static final class Peer {
        private final DataInputStream in;
        private final OutputStream out;

        Peer(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            this.in = new DataInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        /** Reads a startup packet; what it says does not matter. */
        public void readStartup() throws IOException {
            in.skipNBytes(in.readInt() - 4);
        }

        void acceptLogin() throws IOException {
            readStartup();
            send(message('R', ints(0)));
            send(parameter("server_version", "18.0"));
            send(parameter("client_encoding", "UTF8"));
            send(parameter("DateStyle", "ISO, MDY"));
            send(parameter("integer_datetimes", "on"));
            send(parameter("standard_conforming_strings", "on"));
            send(message('K', ints(1, 2)));
            ready();
        }

        /** With one row: how a session's settings are answered. */
        void acceptQuery() throws IOException {
            expect('Q');
            send(message('D', new byte[] {0, 1, 0, 0, 0, 1, '7'}));
            send(message('C', string("SELECT 1")));
            ready();
        }

        /** Reads messages until one of the type has come. */
        public byte[] expect(char type) throws IOException {
            while (true) {
                int found = in.readUnsignedByte();
                byte[] body = new byte[in.readInt() - 4];
                in.readFully(body);
                if (found == type) {
                    return body;
                }
            }
        }

        /** All messages as they came, up to one of the type, which is left out. */
        public byte[] until(char type) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (true) {
                int found = in.readUnsignedByte();
                byte[] body = new byte[in.readInt() - 4];
                in.readFully(body);
                if (found == type) {
                    return all.toByteArray();
                }
                all.writeBytes(message((char) found, body));
            }
        }

        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        public void ready() throws IOException {
            send(message('Z', new byte[] {'I'}));
        }

        /** Reads and drops until the client hangs up. */
        public void drain() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    public static byte[] message(char type, byte[]... body) {
        byte[] whole = join(body);
        return join(new byte[] {(byte) type}, ints(whole.length + 4), whole);
    }

    /** What CopyData messages carry, in whichever way it is cut into them. */
    static byte[] data(byte[] messages) {
        ByteBuffer left = ByteBuffer.wrap(messages);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (left.hasRemaining()) {
            if (left.get() != 'd') {
                throw new AssertionError("no CopyData at " + (left.position() - 1));
            }
            byte[] body = new byte[left.getInt() - 4];
            left.get(body);
            data.writeBytes(body);
        }
        return data.toByteArray();
    }

    public static byte[] error(String sqlState, String message) {
        return message(
                'E', string("SERROR"), string("C" + sqlState), string("M" + message), new byte[1]);
    }

    public static byte[] notice() {
        return message('N', string("SNOTICE"), string("C00000"), string("Mhello"), new byte[1]);
    }

    public static byte[] parameter(String name, String value) {
        return message('S', string(name), string(value));
    }

    public static byte[] string(String text) {
        return join(text.getBytes(StandardCharsets.UTF_8), new byte[1]);
    }

    public static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    public static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
