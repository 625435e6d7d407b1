package warp.postgres;

import java.util.List;
import java.util.Locale;

/** libpq's {@code target_session_attrs}: which of several hosts is good enough. */
enum TargetSession {
    ANY,
    READ_WRITE,
    READ_ONLY,
    PRIMARY,
    STANDBY,
    PREFER_STANDBY;

    static TargetSession of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** What to look for, one after the other, among all hosts. */
    List<TargetSession> passes() {
        return this == PREFER_STANDBY ? List.of(STANDBY, ANY) : List.of(this);
    }

    boolean accepts(boolean readOnly, boolean standby) {
        return switch (this) {
            case ANY, PREFER_STANDBY -> true;
            case READ_WRITE -> !readOnly && !standby;
            case READ_ONLY -> readOnly || standby;
            case PRIMARY -> !standby;
            case STANDBY -> standby;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
