package warp.migration;

import org.jspecify.annotations.Nullable;
import warp.config.ConnectionSettings;
import warp.config.Secret;
import warp.postgres.Opening;
import warp.postgres.Session;

/**
 * The session to either side that a migration works with, from its checks to its end. Both are
 * logged in at the same time, as a login waits most of its time; what a person reads of it is as if
 * the source's had come first: of two that fail, the source's is told, and a warning of the
 * destination's waits (see {@link Ends}). Where both passwords come from programs, these are not
 * run side by side: each may ask a person.
 *
 * <p>For one thread. After {@link #close} the next use logs in anew.
 */
final class Logins implements AutoCloseable {

    private final Ends ends;
    private @Nullable Opening<Session> openingSource;
    private @Nullable Opening<Session> openingDestination;
    private @Nullable Session source;
    private @Nullable Session destination;

    Logins(Ends ends) {
        this.ends = ends;
    }

    /**
     * The source's.
     *
     * @throws warp.error.WarpException of its login
     */
    Session source() {
        Session open = source;
        if (open == null) {
            Opening<Session> opening = begin();
            try {
                open = opening.take();
                source = open;
            } finally {
                ends.turn().over();
            }
        }
        return open;
    }

    /**
     * The destination's.
     *
     * @throws warp.error.WarpException of its login, or the source's
     */
    Session destination() {
        source();
        Session open = destination;
        if (open == null) {
            Opening<Session> opening = openingDestination;
            if (opening == null) {
                opening = Opening.begin(ends.destination()::open);
                openingDestination = opening;
            }
            open = opening.take();
            destination = open;
        }
        return open;
    }

    private Opening<Session> begin() {
        close();
        ends.turn().begins();
        Opening<Session> opening = Opening.begin(ends.source()::open);
        openingSource = opening;
        if (!(asks(ends.source().settings()) && asks(ends.destination().settings()))) {
            openingDestination = Opening.begin(ends.destination()::open);
        }
        return opening;
    }

    private static boolean asks(ConnectionSettings side) {
        return side.secret().filter(Secret::isAskedFor).isPresent();
    }

    /** Closes both, and ends what is under way. */
    @Override
    public void close() {
        close(source, openingSource);
        close(destination, openingDestination);
        source = null;
        destination = null;
        openingSource = null;
        openingDestination = null;
    }

    private static void close(@Nullable Session session, @Nullable Opening<Session> opening) {
        if (session != null) {
            session.close();
        } else if (opening != null) {
            opening.close();
        }
    }
}
