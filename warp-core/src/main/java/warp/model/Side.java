package warp.model;

import java.util.Locale;

/** Which of the two servers a fact or an error belongs to. */
public enum Side {
    SOURCE,
    DESTINATION;

    /** {@code source} or {@code destination}, as in every message. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
