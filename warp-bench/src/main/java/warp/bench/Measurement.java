package warp.bench;

import org.jspecify.annotations.Nullable;

/**
 * One contestant in one run.
 *
 * @param what the contestant
 * @param run from 1 on
 * @param seconds on the clock
 * @param cpu processor time meanwhile
 * @param peakBytes the most memory that the program had resident, its children left out; 0 where
 *     none was run
 * @param load of the machine before it began: programs running or waiting to
 * @param failure why it does not count; null when the whole job was done
 */
record Measurement(
        String what,
        int run,
        double seconds,
        CpuSeconds cpu,
        long peakBytes,
        double load,
        @Nullable String failure) {

    boolean counts() {
        return failure == null;
    }
}
