package warp.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Tuple;
import warp.testing.Seed;

/**
 * Valid messages come back as they were written; broken ones give an event or MALFORMED, and
 * nothing else.
 *
 * <p>Each test ends after so many cases, or after its share of wall-clock time on a slow machine.
 */
class DecoderProperty {

    private static final int CASES = 200_000;

    /** How many ways each valid message is broken. */
    private static final int VARIANTS = 8;

    private static final int CASES_MIN = 1_000;
    private static final long NANOS_MAX = 1_250_000_000L;
    private static final int PADDING_BEFORE = 3;
    private static final Lsn POSITION = Lsn.parse("0/16B3748");

    private final long seed = Seed.of(DecoderProperty.class);
    private final Random random = new Random(seed);
    private final RandomEvents events = new RandomEvents(random);

    /** A case; {@code number} counts from 0. */
    private interface Case {
        void run(int number);
    }

    private void repeat(Case check) {
        long start = System.nanoTime();
        for (int i = 0; i < CASES; i++) {
            if (i >= CASES_MIN && System.nanoTime() - start > NANOS_MAX) {
                return;
            }
            check.run(i);
        }
    }

    @Test
    void pgoutputMessage_isReadAsItWasWritten() {
        PgOutputDecoder decoder = new PgOutputDecoder();
        repeat(number -> {
            Relation relation = events.relation(random.nextInt(20));
            ChangeEvent none = decode(decoder, PgOutputWriter.relation(relation));
            ChangeEvent event = events.event(relation);
            ChangeEvent read = decode(decoder, PgOutputWriter.event(event));
            if (none != null || !event.equals(read)) {
                fail("seed %d, case %d: %s read as %s", seed, number, event, read);
            }
        });
    }

    @Test
    void testDecodingMessage_isReadAsItWasPrinted() {
        TestDecodingDecoder decoder = new TestDecodingDecoder();
        repeat(number -> {
            ChangeEvent event = events.event(events.relation(0));
            String printed = TestDecodingWriter.event(event);
            ChangeEvent read = decode(decoder, printed.getBytes(StandardCharsets.UTF_8));
            if (read == null
                    || read.getClass() != event.getClass()
                    || !told(read).equals(told(event))) {
                fail("seed %d, case %d: %s read as %s", seed, number, printed, read);
            }
        });
    }

    @Test
    void brokenPgoutput_givesAnEventOrMalformed() {
        repeat(number -> {
            PgOutputDecoder decoder = new PgOutputDecoder();
            Relation relation = events.relation(16384);
            byte[] described = PgOutputWriter.relation(relation);
            byte[] changed = PgOutputWriter.event(events.event(relation));
            for (int i = 0; i < VARIANTS; i++) {
                survive(decoder, broken(described), number);
                decode(decoder, described);
                survive(decoder, broken(changed), number);
                survive(decoder, noise("BCOIUDTMRYS"), number);
            }
        });
    }

    @Test
    void brokenTestDecoding_givesAnEventOrMalformed() {
        TestDecodingDecoder decoder = new TestDecodingDecoder();
        repeat(number -> {
            String printed = TestDecodingWriter.event(events.event(events.relation(0)));
            byte[] message = printed.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < VARIANTS; i++) {
                survive(decoder, broken(message), number);
            }
            survive(decoder, noise("BCtm"), number);
        });
    }

    private static @Nullable ChangeEvent decode(LogicalDecoder decoder, byte[] message) {
        return decoder.decode(POSITION, message, 0, message.length);
    }

    private void survive(LogicalDecoder decoder, byte[] message, int number) {
        try {
            // Bytes before the message show whether a decoder leaves it.
            byte[] padded = new byte[PADDING_BEFORE + message.length];
            System.arraycopy(message, 0, padded, PADDING_BEFORE, message.length);
            readAll(decoder.decode(POSITION, padded, PADDING_BEFORE, message.length));
        } catch (WarpException e) {
            if (e.code() != ErrorCode.MALFORMED) {
                fail("seed " + seed + ", case " + number, e);
            }
        } catch (RuntimeException | Error e) {
            fail("seed " + seed + ", case " + number + ": " + Arrays.toString(message), e);
        }
    }

    /** Touches every value, so that an offset beyond the message shows. */
    private static void readAll(@Nullable ChangeEvent event) {
        switch (event) {
            case null -> {}
            case ChangeEvent.Insert e -> readAll(e.relation(), e.row());
            case ChangeEvent.Update e -> {
                readAll(e.relation(), e.row());
                if (e.old() != null) {
                    readAll(e.relation(), e.old());
                }
            }
            case ChangeEvent.Delete e -> readAll(e.relation(), e.old());
            case ChangeEvent.Begin ignored -> {}
            case ChangeEvent.Commit ignored -> {}
            case ChangeEvent.Truncate e -> assertThat(e.relations()).isNotEmpty();
            case ChangeEvent.Message ignored -> {}
            case ChangeEvent.KeepAlive ignored -> fail("not from a plugin");
        }
    }

    private static void readAll(Relation relation, Tuple tuple) {
        if (tuple.size() != relation.columns().size()) {
            fail("a tuple of " + tuple.size() + " columns for " + relation);
        }
        for (int i = 0; i < tuple.size(); i++) {
            if (tuple.hasValue(i)) {
                Objects.checkFromIndexSize(tuple.offset(i), tuple.length(i), tuple.data().length);
            }
        }
    }

    private byte[] broken(byte[] message) {
        byte[] copy = message.clone();
        switch (random.nextInt(4)) {
            case 0 -> copy = Arrays.copyOf(copy, random.nextInt(copy.length + 1));
            case 1 -> copy = Arrays.copyOf(copy, copy.length + 1 + random.nextInt(4));
            case 2 -> {
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> copy[random.nextInt(copy.length)] = (byte) random.nextInt();
        }
        return copy;
    }

    /** Random bytes behind a letter that a decoder knows. */
    private byte[] noise(String letters) {
        byte[] bytes = new byte[1 + random.nextInt(64)];
        random.nextBytes(bytes);
        bytes[0] = (byte) letters.charAt(random.nextInt(letters.length()));
        return bytes;
    }

    /** What test_decoding tells of an event: no keys, no OIDs, no NULLs of an old row. */
    private static List<@Nullable Object> told(ChangeEvent event) {
        List<@Nullable Object> told = new ArrayList<>();
        switch (event) {
            case ChangeEvent.Begin e -> told.add(e);
            case ChangeEvent.Commit e -> told.add(e.commitMicros());
            case ChangeEvent.Insert e -> {
                told.add(e.relation().name());
                told.addAll(columns(e.relation(), e.row(), false));
            }
            case ChangeEvent.Update e -> {
                told.add(e.relation().name());
                told.addAll(columns(e.relation(), e.row(), false));
                told.add(e.old() == null ? "no old row" : e.old());
            }
            case ChangeEvent.Delete e -> {
                told.add(e.relation().name());
                told.addAll(columns(e.relation(), e.old(), true));
            }
            case ChangeEvent.Truncate e -> {
                e.relations().forEach(relation -> told.add(relation.name()));
                told.add(e.cascade());
                told.add(e.restartIdentity());
            }
            case ChangeEvent.Message e -> {
                told.add(e.transactional());
                told.add(e.prefix());
                told.add(e.content());
            }
            case ChangeEvent.KeepAlive e -> told.add(e);
        }
        return told;
    }

    private static List<String> columns(Relation relation, Tuple tuple, boolean skipNulls) {
        return IntStream.range(0, tuple.size())
                .filter(i -> !(skipNulls && tuple.isNull(i)))
                .mapToObj(i ->
                        relation.columns().get(i).name()
                                + (tuple.isUnchanged(i) ? " unchanged" : "=")
                                + tuple.text(i))
                .toList();
    }
}
