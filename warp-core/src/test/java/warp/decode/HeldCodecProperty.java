package warp.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.testing.Seed;

/** What is held comes back as it was; broken bytes give MALFORMED and nothing else. */
class HeldCodecProperty {

    private static final int CASES = 20_000;

    private final long seed = Seed.of(HeldCodecProperty.class);
    private final Random random = new Random(seed);
    private final RandomEvents events = new RandomEvents(random);

    @Test
    void heldChange_isReadAsItWasWritten() {
        for (int i = 0; i < CASES; i++) {
            Relation relation = events.relation(random.nextInt());
            assertThat(HeldCodec.relation(HeldCodec.encode(relation)))
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(relation);
            ChangeEvent change = change(relation);
            assertThat(HeldCodec.change(HeldCodec.encode(change), relation))
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(change);
        }
    }

    @Test
    void brokenBytes_areMalformedOrSomethingElse() {
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            Relation relation = events.relation(random.nextInt());
            byte[] bytes = HeldCodec.encode(random.nextBoolean() ? change(relation) : insert());
            int at = random.nextInt(bytes.length);
            if (random.nextBoolean()) {
                bytes = Arrays.copyOf(bytes, at);
            } else {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                HeldCodec.change(bytes, relation);
                HeldCodec.relation(bytes);
            } catch (WarpException expected) {
                assertThat(expected.code()).isEqualTo(ErrorCode.MALFORMED);
                refused++;
            } catch (RuntimeException other) {
                fail("seed %d, case %d: %s".formatted(seed, i, other));
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void whatIsNoChangeOfOneTable_isNotHeld() {
        Relation relation = events.relation(1);
        for (ChangeEvent event :
                List.of(
                        new ChangeEvent.Begin(1),
                        new ChangeEvent.KeepAlive(Lsn.NONE),
                        new ChangeEvent.Truncate(List.of(relation, relation), false, false))) {
            assertThatThrownBy(() -> HeldCodec.encode(event))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private ChangeEvent insert() {
        Relation other = events.relation(2);
        return new ChangeEvent.Insert(other, events.tuple(other.columns().size(), false));
    }

    private ChangeEvent change(Relation relation) {
        while (true) {
            ChangeEvent event = events.event(relation);
            if (event instanceof ChangeEvent.Truncate truncate) {
                return new ChangeEvent.Truncate(
                        List.of(relation), truncate.cascade(), truncate.restartIdentity());
            } else if (!(event instanceof ChangeEvent.Begin
                    || event instanceof ChangeEvent.Commit
                    || event instanceof ChangeEvent.Message)) {
                return event;
            }
        }
    }
}
