package warp.state;

import java.util.Optional;
import warp.error.FaultPoint;
import warp.postgres.Session;

/**
 * The table {@code warp.spool} for one migration: where the changes wait that the source was told
 * of before they were applied. For the session's thread.
 */
public final class SpoolStore {

    private final Session destination;
    private final String slot;

    public SpoolStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /**
     * Where the spool is.
     *
     * @param id which one it is
     * @param host the machine, for people
     * @param folder on that machine
     */
    public record Place(String id, String host, String folder) {}

    /** What is noted down; empty where there is no spool, or no schema. */
    public Optional<Place> find() {
        return destination.hasLasting("warp.spool")
                ? destination
                        .queryFirst("SELECT id, host, folder FROM warp.spool WHERE slot = ?", slot)
                        .map(row -> new Place(row.text("id"), row.text("host"), row.text("folder")))
                : Optional.empty();
    }

    /** Notes it down, durably: when this returns, the source may be told of what is in it. */
    public void put(Place place) {
        FaultPoint.SPOOL_NOTED.before();
        destination.transaction(() -> {
            destination.run("SET LOCAL synchronous_commit = on");
            forget();
            destination.execute(
                    "INSERT INTO warp.spool (slot, id, host, folder) VALUES (?, ?, ?, ?)",
                    slot,
                    place.id(),
                    place.host(),
                    place.folder());
        });
        FaultPoint.SPOOL_NOTED.after();
    }

    /** It is needed no longer. */
    public void forget() {
        destination.execute("DELETE FROM warp.spool WHERE slot = ?", slot);
    }
}
