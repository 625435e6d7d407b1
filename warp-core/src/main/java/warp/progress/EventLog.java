package warp.progress;

import java.util.List;

/**
 * Where one migration says what happens, a line an event. Implementations print it, write it to its
 * log file, or keep it for a test. May be called from any thread. Lines carry names, LSNs and
 * counts; never row values or secrets.
 */
public interface EventLog {

    /** A step that a user wants to see: {@code Creating replication slot on source...}. */
    void info(String line);

    /** Something that went on but should be known; each hint becomes a {@code HINT:} line. */
    void warn(String line, List<String> hints);

    /** Details that only {@code -v} shows. */
    void detail(String line);

    /**
     * A stack trace or other long matter: to the log file with {@code -v}, never to the terminal.
     */
    void trace(String line, Throwable problem);

    /** Something that stands in the way, or why a migration ended; hints as with {@link #warn}. */
    void error(String line, List<String> hints);

    default void warn(String line) {
        warn(line, List.of());
    }
}
