package warp.testing;

/**
 * The seed of a random test: printed, and given again by {@code -Dwarp.seed=…} or {@code
 * WARP_SEED=…} to repeat a run.
 */
public final class Seed {

    private Seed() {}

    /** A seed for one run of {@code test}. */
    public static long of(Class<?> test) {
        String given = System.getProperty("warp.seed", System.getenv("WARP_SEED"));
        long seed = given == null ? System.nanoTime() : Long.parseLong(given);
        System.out.println(test.getSimpleName() + ": replay with WARP_SEED=" + seed);
        return seed;
    }
}
