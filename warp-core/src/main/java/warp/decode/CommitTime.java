package warp.decode;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;

/**
 * The time of a commit as test_decoding prints it: ISO style whatever {@code DateStyle} says, in
 * the session's time zone, {@code 2021-07-23 21:33:06.146+05:30}.
 */
final class CommitTime {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int FRACTION_DIGITS = 6;

    private CommitTime() {}

    /** Reads it; microseconds since 1970-01-01 UTC. */
    static long read(MessageReader in) {
        long days = date(in);
        in.expect(" ");
        long seconds = clock(in);
        long micros = in.accept(".") ? fraction(in) : 0;
        long zone = zoneSeconds(in);
        return (days * 86_400 + seconds - zone) * MICROS_PER_SECOND + micros;
    }

    private static long date(MessageReader in) {
        int year = (int) in.digits(4, 6);
        in.expect("-");
        int month = (int) in.digits(2, 2);
        in.expect("-");
        int day = (int) in.digits(2, 2);
        try {
            return LocalDate.of(year, month, day).toEpochDay();
        } catch (DateTimeException e) {
            throw in.malformed("not a date", e);
        }
    }

    private static long clock(MessageReader in) {
        int hour = (int) in.digits(2, 2);
        in.expect(":");
        int minute = (int) in.digits(2, 2);
        in.expect(":");
        int second = (int) in.digits(2, 2);
        try {
            return LocalTime.of(hour, minute, second).toSecondOfDay();
        } catch (DateTimeException e) {
            throw in.malformed("not a time of day", e);
        }
    }

    private static long fraction(MessageReader in) {
        int from = in.position();
        long fraction = in.digits(1, FRACTION_DIGITS);
        for (int digits = in.position() - from; digits < FRACTION_DIGITS; digits++) {
            fraction *= 10;
        }
        return fraction;
    }

    private static long zoneSeconds(MessageReader in) {
        boolean west = in.accept("-");
        if (!west) {
            in.expect("+");
        }
        long seconds = in.digits(2, 2) * 3600;
        if (in.accept(":")) {
            seconds += in.digits(2, 2) * 60;
            if (in.accept(":")) {
                seconds += in.digits(2, 2);
            }
        }
        return west ? -seconds : seconds;
    }
}
