package warp.bench;

import org.jspecify.annotations.Nullable;

/**
 * One contestant in one run.
 *
 * @param what the contestant
 * @param run from 1 on
 * @param seconds on the clock
 * @param cpu processor time meanwhile
 * @param load of the machine before it began: programs running or waiting to
 * @param failure why it does not count; null when the whole job was done
 */
record Measurement(
        String what,
        int run,
        double seconds,
        CpuSeconds cpu,
        double load,
        @Nullable String failure) {

    boolean counts() {
        return failure == null;
    }
}
