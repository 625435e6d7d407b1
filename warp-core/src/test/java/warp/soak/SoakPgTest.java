package warp.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.testing.Seed;

/**
 * Everything fails at random, and nothing is lost. As it is, one short round; {@code
 * -Dwarp.soak=MINUTES} goes on with whole rounds for so long, one of them at least. A round is made
 * from its own seed, which it prints: {@code ./check --soak 0 --seed SEED} repeats it alone.
 */
class SoakPgTest {

    private static final String MINUTES = System.getProperty("warp.soak", "");

    @TempDir Path folder;

    @Test
    void whateverFails_bothSidesAreEqualInTheEnd() throws Exception {
        long seed = Seed.of(SoakPgTest.class);
        boolean brief = MINUTES.isEmpty();
        long until = System.nanoTime() + minutes().toNanos();
        SplittableRandom seeds = new SplittableRandom(seed);
        SoakTally tally = new SoakTally();
        int round = 1;
        do {
            Path place = Files.createDirectory(folder.resolve("round-" + round++));
            SoakRound.run(seed, brief, place, tally);
            System.out.println("Soak: " + tally);
            seed = seeds.nextLong(Long.MAX_VALUE);
        } while (System.nanoTime() < until);
        assertThat(tally.faults()).isPositive();
    }

    private static Duration minutes() {
        return Duration.ofMinutes(MINUTES.isEmpty() ? 0 : Long.parseLong(MINUTES));
    }
}
