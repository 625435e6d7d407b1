package warp.preflight;

import java.time.Duration;
import java.util.Optional;
import warp.config.ByteSize;

/**
 * How much log a slot will hold back until the copy is done, as far as that can be told beforehand:
 * the rate at which the source writes it, times how long the copy is likely to take.
 *
 * @param bytesPerSecond of log
 * @param time of the copy, indexes included
 */
record WalForecast(long bytesPerSecond, Duration time) {

    /** What a copy moves in a second on modest servers, indexes included: rather less than more. */
    private static final long COPY_BYTES_PER_SECOND = 40L << 20;

    /** Nothing is done in no time. */
    private static final Duration TIME_LEAST = Duration.ofMinutes(1);

    /** Over less than this a rate says nothing. */
    private static final double SECONDS_LEAST = 5;

    /**
     * Forecasts.
     *
     * @param recent log since the last checkpoint
     * @param usual log since the statistics began, where the server counts it
     * @param copyBytes what is to be copied
     * @param rateMax {@code --throttle}
     */
    static WalForecast of(
            Written recent, Written usual, long copyBytes, Optional<ByteSize> rateMax) {
        long rate =
                Math.min(
                        COPY_BYTES_PER_SECOND, rateMax.map(ByteSize::bytes).orElse(Long.MAX_VALUE));
        Duration time = Duration.ofSeconds(copyBytes / rate);
        return new WalForecast(
                Math.max(recent.perSecond(), usual.perSecond()),
                time.compareTo(TIME_LEAST) < 0 ? TIME_LEAST : time);
    }

    /** Log of a time. */
    record Written(long bytes, double seconds) {
        long perSecond() {
            return seconds < SECONDS_LEAST ? 0 : (long) (bytes / seconds);
        }
    }

    ByteSize need() {
        return new ByteSize(bytesPerSecond * time.toSeconds());
    }
}
