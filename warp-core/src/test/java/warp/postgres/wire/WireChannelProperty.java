package warp.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static warp.postgres.wire.FakeServer.data;
import static warp.postgres.wire.FakeServer.join;
import static warp.postgres.wire.FakeServer.message;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames of COPY arrive in pieces cut anywhere; what goes on carries the same bytes. */
@Timeout(120)
class WireChannelProperty {

    private static final int ROUNDS = 400;

    private final long seed =
            Optional.ofNullable(System.getProperty("WARP_SEED"))
                    .or(() -> Optional.ofNullable(System.getenv("WARP_SEED")))
                    .map(Long::parseLong)
                    .orElseGet(System::nanoTime);

    /** A socket whose input comes in the pieces that the test cuts. */
    private static final class Pieces extends Socket {
        private final InputStream input;

        Pieces(byte[] bytes, Random random, int pieceBytesMax) {
            this.input =
                    new ByteArrayInputStream(bytes) {
                        @Override
                        public synchronized int read(byte[] target, int offset, int length) {
                            int piece = 1 + random.nextInt(pieceBytesMax);
                            return super.read(target, offset, Math.min(length, piece));
                        }
                    };
        }

        @Override
        public InputStream getInputStream() {
            return input;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }
    }

    private static byte[] frames(Random random) {
        byte[] all = new byte[0];
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            int length =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(4);
                        case 1 -> random.nextInt(300);
                        case 2 -> random.nextInt(20_000);
                        default -> random.nextInt(600_000);
                    };
            byte[] body = new byte[length];
            random.nextBytes(body);
            all = join(all, message('d', body));
        }
        return all;
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by its bytes.
    private record Passed(byte[] bytes, long metered, char next) {}

    private static Passed pass(WireChannel channel) throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        long[] metered = {0};
        channel.passCopyData(sink::write, bytes -> metered[0] += bytes);
        return new Passed(sink.toByteArray(), metered[0], channel.readMessage());
    }

    @Test
    void framesInAnyPieces_passAsTheSameBytesOfData() throws Exception {
        System.out.println("WARP_SEED=" + seed);
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            byte[] first = frames(random);
            byte[] second = frames(random);
            byte[] stream =
                    join(first, message('N', new byte[random.nextInt(9)]), second, message('c'));
            int pieceBytesMax = random.nextBoolean() ? 1 + random.nextInt(9) : 300_000;
            if (stream.length > 100_000) {
                pieceBytesMax = Math.max(pieceBytesMax, 1000);
            }
            try (Pieces socket = new Pieces(stream, random, pieceBytesMax)) {
                WireChannel channel = new WireChannel(socket, socket);

                Passed one = pass(channel);
                Passed two = pass(channel);

                assertThat(data(one.bytes()))
                        .as("seed %d round %d", seed, round)
                        .isEqualTo(data(first));
                assertThat(one.metered()).isEqualTo(one.bytes().length);
                assertThat(one.next()).isEqualTo('N');
                assertThat(data(two.bytes()))
                        .as("seed %d round %d", seed, round)
                        .isEqualTo(data(second));
                assertThat(two.next()).isEqualTo('c');
            }
        }
    }

    @Test
    void rowsThatComeTogether_goOnInOneMessage() throws Exception {
        byte[] stream = new byte[0];
        for (int i = 0; i < 1000; i++) {
            stream = join(stream, message('d', new byte[] {(byte) i, '|'}));
        }
        stream = join(stream, message('c'));
        try (Pieces socket = new Pieces(stream, new Random(seed), 300_000)) {
            Passed passed = pass(new WireChannel(socket, socket));

            assertThat(data(passed.bytes())).hasSize(2000);
            assertThat(passed.metered()).as("seed %d", seed).isLessThan(2500);
        }
    }

    @Test
    void everyBoundary_endsInEof() throws Exception {
        byte[] stream =
                join(
                        message('d', new byte[5]),
                        message('d'),
                        message('d', new byte[40]),
                        message('c'));
        for (int length = 0; length < stream.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(stream, length);
            try (Pieces socket = new Pieces(cut, new Random(length), 3)) {
                WireChannel channel = new WireChannel(socket, socket);
                ByteArrayOutputStream sink = new ByteArrayOutputStream();

                boolean ended = false;
                try {
                    channel.passCopyData(sink::write, bytes -> {});
                    channel.readMessage();
                } catch (EOFException problem) {
                    ended = true;
                }

                assertThat(ended).as("cut at %d", length).isTrue();
                // Nothing is begun that is not whole.
                assertThat(data(sink.toByteArray()))
                        .hasSize(length < 10 ? 0 : length < 60 ? 5 : 45);
            }
        }
    }
}
