package warp.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * A time as people write it: {@code 500ms}, {@code 30s}, {@code 5min} or {@code 5m}, {@code 2h},
 * {@code 1d}. The unit is never left out.
 */
public record TimeSpan(Duration duration) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})\\s*(ms|s|min|m|h|d)");

    /**
     * Reads it.
     *
     * @param name what to call the setting in the error: {@code --max-replica-lag}
     * @throws WarpException of the given code where it is no time, or shorter than {@code least}
     */
    public static TimeSpan parse(String text, String name, TimeSpan least, ErrorCode code) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            Duration duration = of(Long.parseLong(matcher.group(1)), matcher.group(2));
            if (duration.compareTo(least.duration) >= 0) {
                return new TimeSpan(duration);
            }
        }
        throw new WarpException(
                code, name + " needs a time of at least " + least + ", such as 30s or 5min");
    }

    /**
     * As {@link #parse}, where nothing but 0 needs no unit and means never.
     *
     * @throws WarpException of the given code where it is no time
     */
    public static Duration orZero(String text, String name, ErrorCode code) {
        if (text.strip().equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new WarpException(
                    code, name + " needs a time such as 90s, 5min or 2h; 0 for never");
        }
        return of(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    private static Duration of(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "min", "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> throw new IllegalArgumentException(unit);
        };
    }

    public static TimeSpan seconds(long number) {
        return new TimeSpan(Duration.ofSeconds(number));
    }

    /** As it is written, in the largest unit that fits. */
    @Override
    public String toString() {
        long millis = duration.toMillis();
        long seconds = millis / 1000;
        if (millis % 1000 != 0) {
            return millis + "ms";
        } else if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        } else if (seconds % 3600 != 0) {
            return seconds / 60 + "min";
        }
        return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds / 3600 + "h";
    }

    /**
     * For a person to read, rounded to what counts: {@code 35 s}, {@code 12 min}, {@code 2 h 10
     * min}.
     */
    public String rounded() {
        return rounded(duration);
    }

    /** As {@link #rounded()}, of any duration. */
    public static String rounded(Duration of) {
        long seconds = Math.max(Math.round(of.toMillis() / 1000.0), 0);
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = Math.round(seconds / 60.0);
        if (minutes < 120) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        if (hours < 48) {
            return minutes % 60 == 0 ? hours + " h" : hours + " h " + minutes % 60 + " min";
        }
        return Math.round(minutes / 1440.0) + " days";
    }
}
