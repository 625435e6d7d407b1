package warp.migration;

import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.postgres.Connector;
import warp.postgres.Opening;
import warp.postgres.wire.WireSession;

/**
 * A session with a walsender of the source, which tells what the source is and then makes a slot:
 * the login begins before either is asked of it, as others have something to do meanwhile. For one
 * thread.
 */
final class Walsender implements AutoCloseable {

    private final Connector source;
    private @Nullable Opening<WireSession> opening;
    private @Nullable WireSession session;
    private @Nullable Cluster cluster;

    /** What IDENTIFY_SYSTEM tells ("Streaming Replication Protocol"). */
    record Cluster(String system, int timeline) {

        static Cluster of(WireSession walsender) {
            List<@Nullable String> row = walsender.queryRow("IDENTIFY_SYSTEM");
            return new Cluster(
                    String.valueOf(row.get(0)), Integer.parseInt(String.valueOf(row.get(1))));
        }
    }

    private Walsender(Connector source) {
        this.source = source;
    }

    /** Begins to log in. */
    static Walsender begin(Connector source) {
        Walsender walsender = new Walsender(source);
        walsender.opening = Opening.begin(source::openReplication);
        return walsender;
    }

    /**
     * What the source is; asked once a session.
     *
     * @throws warp.error.WarpException of the login
     */
    Cluster cluster() {
        Cluster known = cluster;
        if (known == null) {
            known = Cluster.of(open());
            cluster = known;
        }
        return known;
    }

    /** Gives the session away; the next use logs in anew. */
    WireSession take() {
        WireSession open = open();
        session = null;
        cluster = null;
        return open;
    }

    private WireSession open() {
        WireSession open = session;
        if (open == null) {
            Opening<WireSession> begun = opening;
            opening = null;
            open = begun == null ? source.openReplication() : begun.take();
            session = open;
        }
        return open;
    }

    /** Ends what is under way, and what nobody took; the next use logs in anew. */
    @Override
    public void close() {
        if (opening != null) {
            opening.close();
            opening = null;
        }
        if (session != null) {
            session.close();
            session = null;
        }
        cluster = null;
    }
}
