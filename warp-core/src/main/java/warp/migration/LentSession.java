package warp.migration;

import org.jspecify.annotations.Nullable;
import warp.postgres.Connector;
import warp.postgres.Session;

/**
 * Somebody else's session, for who looks at a server now and then: a login costs the server more
 * than the look. Once it is lost, another is opened at the next use, as who only looks must not end
 * with it. For one thread at a time, while others use what is lent ({@link Session}).
 */
final class LentSession implements AutoCloseable {

    private final Connector origin;
    private @Nullable Session current;
    private boolean lent = true;

    /**
     * @param session open at least as long as this is used; never closed here
     * @param origin of the same server
     */
    LentSession(Session session, Connector origin) {
        this.current = session;
        this.origin = origin;
    }

    /**
     * The session, until {@link #close}.
     *
     * @throws warp.error.WarpException where none is to be had
     */
    Session get() {
        Session session = current;
        if (session == null) {
            session = origin.open();
            current = session;
            lent = false;
        }
        return session;
    }

    /** Lets go of it, as it is lost or not needed any more; the next use opens another. */
    @Override
    public void close() {
        if (current != null && !lent) {
            current.close();
        }
        current = null;
    }
}
