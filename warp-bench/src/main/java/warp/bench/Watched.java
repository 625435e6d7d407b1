package warp.bench;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * A run of Warp that was watched.
 *
 * @param peakBytes the most memory that it had resident
 * @param lines those of its log that bear a time
 */
record Watched(double seconds, long peakBytes, List<Line> lines) {

    private static final String TIME = "uuuu-MM-dd HH:mm:ss.SSS";
    private static final String ZONE = " UTC: ";

    /** A line of the log. */
    record Line(LocalDateTime at, String message) {}

    static List<Line> timed(List<String> log) {
        DateTimeFormatter form = DateTimeFormatter.ofPattern(TIME, Locale.ROOT);
        return log.stream()
                .filter(line ->
                        line.length() > TIME.length() && line.startsWith(ZONE, TIME.length()))
                .map(line ->
                        new Line(
                                LocalDateTime.parse(line.substring(0, TIME.length()), form),
                                line.substring(TIME.length() + ZONE.length())))
                .toList();
    }
}
