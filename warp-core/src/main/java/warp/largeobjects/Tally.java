package warp.largeobjects;

import java.util.ArrayList;
import java.util.List;

/** Counts what the workers of a pass do. For any thread. */
final class Tally {

    private static final int SAMPLE_MAX = 10;

    private long made;
    private long dropped;
    private long bytes;
    private long unreadableAll;
    private long occupiedAll;
    private final List<Long> unreadable = new ArrayList<>();
    private final List<Long> occupied = new ArrayList<>();

    synchronized void made(int objects, long content) {
        made += objects;
        bytes += content;
    }

    synchronized void dropped(int objects) {
        dropped += objects;
    }

    synchronized void unreadable(long oid) {
        unreadableAll++;
        if (unreadable.size() < SAMPLE_MAX) {
            unreadable.add(oid);
        }
    }

    synchronized void occupied(long oid) {
        occupiedAll++;
        if (occupied.size() < SAMPLE_MAX) {
            occupied.add(oid);
        }
    }

    synchronized Brought sum() {
        return new Brought(made, dropped, bytes, unreadable, unreadableAll, occupied, occupiedAll);
    }
}
