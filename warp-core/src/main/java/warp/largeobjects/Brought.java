package warp.largeobjects;

import java.util.List;

/**
 * What a pass over the large objects did.
 *
 * @param made objects that were made or made anew
 * @param dropped objects that the source has no more
 * @param bytes content of those made
 * @param unreadable OIDs of objects that the role may not read at the source: a sample
 * @param unreadableAll how many there are
 * @param occupied OIDs of objects of somebody else at the destination: a sample
 * @param occupiedAll how many there are
 */
public record Brought(
        long made,
        long dropped,
        long bytes,
        List<Long> unreadable,
        long unreadableAll,
        List<Long> occupied,
        long occupiedAll) {

    public Brought {
        unreadable = List.copyOf(unreadable);
        occupied = List.copyOf(occupied);
    }

    /** Whether anything was different. */
    public boolean changed() {
        return made + dropped > 0;
    }
}
