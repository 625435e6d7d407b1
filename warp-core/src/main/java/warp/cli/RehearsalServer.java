package warp.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whom the {@link Rehearsal} logs in to: speaks as much of PostgreSQL's protocol as a login by
 * SCRAM and a query take, and answers every query with the same row. It has a column for each that
 * {@code warp status} asks for, with what a migration that replicates would tell. It lets everybody
 * in, so it listens on loopback only, and keeps nothing.
 */
final class RehearsalServer implements AutoCloseable {

    static final String PASSWORD = "rehearsal";

    private static final int TLS_REQUEST = 80877103;
    private static final int ITERATIONS = 4096; // as servers have it by default
    private static final byte[] SALT = "rehearsal's salt".getBytes(StandardCharsets.US_ASCII);

    private static final int BOOL = 16;
    private static final int INT8 = 20;
    private static final int INT4 = 23;
    private static final int TEXT = 25;
    private static final int TEXTS = 1009;

    /** A column of the row. */
    private record Column(String name, int type, @Nullable String value) {}

    private static final List<Column> ROW =
            List.of(
                    new Column("pid", INT4, "1"),
                    new Column("version", INT4, "180000"),
                    new Column("trusted", BOOL, "t"),
                    new Column("found", BOOL, "t"),
                    new Column("object_name", TEXT, "migration"),
                    // migration_status.sql
                    new Column("known", BOOL, "t"),
                    new Column("others", TEXTS, "{other}"),
                    new Column("source_address", TEXT, "127.0.0.1:1"),
                    new Column("source_database", TEXT, "a"),
                    new Column("plugin", TEXT, "pgoutput"),
                    new Column("phase", TEXT, "REPLICATE"),
                    new Column("warp_version", TEXT, "0"),
                    new Column("started_at", TEXT, "2000-01-01T00:00:00Z"),
                    new Column("started_ago", INT8, "100"),
                    new Column("phase_since", TEXT, "2000-01-01T00:00:00Z"),
                    new Column("phase_ago", INT8, "100"),
                    new Column("worker", TEXT, "1"),
                    new Column("worker_address", TEXT, "127.0.0.1"),
                    new Column("worker_since", TEXT, "2000-01-01T00:00:00Z"),
                    new Column("worker_ago", INT8, "100"),
                    new Column("tables", INT8, "2"),
                    new Column("copied", INT8, "2"),
                    new Column("suspect", INT8, "0"),
                    new Column("chunks", INT8, "2"),
                    new Column("chunks_copied", INT8, "2"),
                    new Column("rows", INT8, "2"),
                    new Column("bytes", INT8, "100000"),
                    new Column("bytes_left", INT8, "0"),
                    new Column("lsn", TEXT, "0/1000"),
                    new Column("transactions", INT8, "1"),
                    new Column("moved_at", TEXT, "2000-01-01T00:00:00Z"),
                    new Column("moved_ago", INT8, "1"),
                    new Column("held", INT8, "0"),
                    new Column("owed", INT8, "0"),
                    new Column("refused", INT8, "0"),
                    new Column("identities", INT8, "0"),
                    new Column("spool_host", TEXT, null),
                    new Column("spool_folder", TEXT, null),
                    // source_state.sql
                    new Column("position", TEXT, "0/2000"),
                    new Column("slot_there", BOOL, "t"),
                    new Column("restart", TEXT, "0/1000"),
                    new Column("confirmed", TEXT, "0/1000"),
                    new Column("active", BOOL, "t"),
                    new Column("wal_status", TEXT, "reserved"),
                    new Column("safe_bytes", TEXT, null),
                    new Column("invalidation", TEXT, null),
                    new Column("catalog_age", INT4, "1"),
                    new Column("keep_bytes", TEXT, "-1"),
                    new Column("snapshot_age", INT4, "0"),
                    new Column("freeze_max_age", INT8, "200000000"),
                    new Column("connections_max", INT4, "100"),
                    new Column("connections_used", INT8, "1"),
                    new Column("senders_max", INT4, "10"),
                    new Column("senders_used", INT8, "1"));

    private static final List<String> PARAMETERS =
            List.of(
                    "server_version", "18.0",
                    "server_encoding", "UTF8",
                    "client_encoding", "UTF8",
                    "DateStyle", "ISO, MDY",
                    "TimeZone", "UTC",
                    "integer_datetimes", "on",
                    "standard_conforming_strings", "on");

    private final ServerSocket listening;

    private RehearsalServer(ServerSocket listening) {
        this.listening = listening;
    }

    /** Serves on a free port until closed. */
    static RehearsalServer start() throws IOException {
        RehearsalServer server =
                new RehearsalServer(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        Thread.ofPlatform().daemon().name("rehearsal-server").start(server::accept);
        return server;
    }

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Thread.ofPlatform().daemon().name("rehearsal").start(() -> serve(client));
            }
        } catch (IOException closed) {
            // Nobody is to come any more.
        }
    }

    private static void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            new Conversation(
                            new DataInputStream(client.getInputStream()),
                            new DataOutputStream(client.getOutputStream()))
                    .hold();
        } catch (IOException gone) {
            // Whoever leaves in the middle is rehearsed too.
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException("this Java has no SCRAM-SHA-256", problem);
        }
    }

    /** With one client; what is said is collected and sent when it waits. */
    private static final class Conversation {

        private final DataInputStream in;
        private final DataOutputStream out;
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();

        Conversation(DataInputStream in, DataOutputStream out) {
            this.in = in;
            this.out = out;
        }

        void hold() throws IOException, GeneralSecurityException {
            if (startup() == TLS_REQUEST) {
                out.write('N');
                startup();
            }
            authenticate();
            for (int i = 0; i < PARAMETERS.size(); i += 2) {
                say('S', bytes(text(PARAMETERS.get(i)), text(PARAMETERS.get(i + 1))));
            }
            say('K', bytes(number(1), number(1)));
            ready();
            while (true) {
                int type = in.read();
                if (type < 0 || type == 'X') {
                    return;
                }
                in.readNBytes(in.readInt() - 4);
                answer(type);
            }
        }

        private void answer(int type) throws IOException {
            switch (type) {
                case 'P' -> say('1');
                case 'B' -> say('2');
                case 'C' -> say('3');
                case 'D' -> describe();
                case 'E' -> row();
                case 'S' -> ready();
                case 'Q' -> {
                    describe();
                    row();
                    ready();
                }
                default -> {
                    // Flush and the like want no answer.
                }
            }
        }

        private int startup() throws IOException {
            int length = in.readInt();
            int code = in.readInt();
            in.readNBytes(length - 8);
            return code;
        }

        /** SCRAM-SHA-256 (RFC 5802), but that the client need prove nothing. */
        private void authenticate() throws IOException, GeneralSecurityException {
            say('R', bytes(number(10), text("SCRAM-SHA-256"), new byte[1]));
            flush();
            String hello = response();
            String bare = hello.substring(hello.indexOf("n="));
            String first =
                    "%sx,s=%s,i=%d"
                            .formatted(
                                    bare.substring(bare.indexOf("r=")), base64(SALT), ITERATIONS);
            say('R', bytes(number(11), first.getBytes(StandardCharsets.UTF_8)));
            flush();
            String proven = response();
            String exchanged =
                    bare + "," + first + "," + proven.substring(0, proven.lastIndexOf(",p="));
            byte[] salted =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(
                                    new PBEKeySpec(PASSWORD.toCharArray(), SALT, ITERATIONS, 256))
                            .getEncoded();
            String signature = "v=" + base64(hmac(hmac(salted, "Server Key"), exchanged));
            say('R', bytes(number(12), signature.getBytes(StandardCharsets.UTF_8)));
            say('R', number(0));
        }

        private String response() throws IOException {
            if (in.read() != 'p') {
                throw new IOException("no answer to the challenge");
            }
            return new String(in.readNBytes(in.readInt() - 4), StandardCharsets.UTF_8);
        }

        private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        }

        private static String base64(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        private void describe() {
            ByteArrayOutputStream columns = new ByteArrayOutputStream();
            columns.writeBytes(half(ROW.size()));
            for (Column each : ROW) {
                columns.writeBytes(text(each.name()));
                columns.writeBytes(bytes(number(0), half(0), number(each.type()), half(-1)));
                columns.writeBytes(bytes(number(-1), half(0)));
            }
            say('T', columns.toByteArray());
        }

        private void row() {
            ByteArrayOutputStream values = new ByteArrayOutputStream();
            values.writeBytes(half(ROW.size()));
            for (Column each : ROW) {
                if (each.value() == null) {
                    values.writeBytes(number(-1));
                } else {
                    byte[] value = each.value().getBytes(StandardCharsets.UTF_8);
                    values.writeBytes(bytes(number(value.length), value));
                }
            }
            say('D', values.toByteArray());
            say('C', text("SELECT 1"));
        }

        private void ready() throws IOException {
            say('Z', new byte[] {'I'});
            flush();
        }

        private void flush() throws IOException {
            said.writeTo(out);
            out.flush();
            said.reset();
        }

        private void say(char type, byte... content) {
            said.write(type);
            said.writeBytes(bytes(number(content.length + 4), content));
        }

        private static byte[] text(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8), new byte[1]);
        }

        private static byte[] number(int number) {
            return bytes(half(number >> 16), half(number));
        }

        private static byte[] half(int number) {
            return new byte[] {(byte) (number >> 8), (byte) number};
        }

        private static byte[] bytes(byte[]... parts) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                all.writeBytes(part);
            }
            return all.toByteArray();
        }
    }
}
