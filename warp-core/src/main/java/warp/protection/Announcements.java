package warp.protection;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import warp.progress.EventLog;

/**
 * Says each concern once, again when it becomes worse, and every few minutes while it lasts; when
 * it is over, that too. For one thread.
 */
final class Announcements {

    private static final long AGAIN_NANOS = Duration.ofMinutes(5).toNanos();

    /** What comes and goes is not said each time. */
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private record Said(int level, long nanos) {}

    private final EventLog log;
    private final Map<Concern.Kind, Said> said = new EnumMap<>(Concern.Kind.class);

    Announcements(EventLog log) {
        this.log = log;
    }

    void heard(Concern concern, long nowNanos) {
        Said before = said.get(concern.kind());
        if (concern.level() == 0) {
            if (before != null && before.level() > 0 && nowNanos - before.nanos() > PAUSE_NANOS) {
                log.info(concern.line());
                said.put(concern.kind(), new Said(0, nowNanos));
            }
            return;
        }
        boolean worse = before == null || concern.level() > before.level();
        boolean again = before != null && nowNanos - before.nanos() > AGAIN_NANOS;
        boolean returned =
                before != null && before.level() == 0 && nowNanos - before.nanos() < PAUSE_NANOS;
        if ((worse && !returned) || again) {
            log.warn(concern.line(), worse ? concern.hints() : java.util.List.of());
            said.put(concern.kind(), new Said(concern.level(), nowNanos));
        }
    }
}
