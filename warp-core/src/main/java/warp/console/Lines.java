package warp.console;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The form of an event's line: {@code 2021-07-23 21:33:06.146 UTC: Started replication}. */
final class Lines {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS 'UTC: '", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private final String prefix;

    /**
     * @param migration stands before every line; empty where only one migration runs
     */
    Lines(Clock clock, String migration) {
        this.clock = clock;
        this.prefix = migration.isEmpty() ? "" : "[" + Escapes.visible(migration) + "] ";
    }

    /** A line with the time. */
    String timed(String text) {
        return TIME.format(clock.instant()) + plain(text);
    }

    /** A line without the time: errors, warnings and hints. */
    String plain(String text) {
        return prefix + Escapes.visible(text);
    }
}
