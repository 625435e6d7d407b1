package warp.largeobjects;

import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.postgres.CatalogQuery;
import warp.postgres.Session;

/**
 * Deals out the source's large objects in the order of their OIDs, so that millions of them need no
 * memory here. The runs cover every OID there can be. For any thread.
 */
final class Runs {

    /** Each takes a lock at the destination until its transaction ends. */
    private static final int OBJECTS_MAX = 200;

    private static final long OID_MAX = 0xFFFF_FFFFL;
    private static final CatalogQuery PAGE = CatalogQuery.of(Runs.class, "page");

    private final Session source;
    private long dealt;
    private boolean ended;

    /**
     * @param source in a transaction of one snapshot; used by this alone from now on
     */
    Runs(Session source) {
        this.source = source;
    }

    /**
     * All objects of the source whose OIDs lie between two bounds.
     *
     * @param after the OIDs are greater
     * @param upTo and not greater than this
     */
    record Run(long after, long upTo, List<LargeObject> objects) {

        Run {
            objects = List.copyOf(objects);
        }
    }

    /** The next one; null after the last. */
    synchronized @Nullable Run next() {
        if (ended) {
            return null;
        }
        List<LargeObject> objects = PAGE.each(source, LargeObject::read, dealt, OBJECTS_MAX);
        ended = objects.size() < OBJECTS_MAX;
        long after = dealt;
        dealt = ended ? OID_MAX : objects.getLast().oid();
        return new Run(after, dealt, objects);
    }
}
