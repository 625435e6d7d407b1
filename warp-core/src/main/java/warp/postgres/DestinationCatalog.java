package warp.postgres;

/** What the destination's settings tell about its machine. For the session's thread. */
public final class DestinationCatalog {

    private final Session destination;

    public DestinationCatalog(Session destination) {
        this.destination = destination;
    }

    /**
     * What the server's owner gave it.
     *
     * @param sharedBuffersBytes {@code shared_buffers}
     * @param maintenanceBytes {@code maintenance_work_mem}
     */
    public record Memory(long sharedBuffersBytes, long maintenanceBytes) {}

    public Memory memory() {
        // Each in its own unit, which is part of its definition.
        Row row =
                destination.queryOne(
                        "SELECT (SELECT setting::bigint * 8192 FROM pg_catalog.pg_settings WHERE"
                                + " name = 'shared_buffers') AS shared, (SELECT setting::bigint *"
                                + " 1024 FROM pg_catalog.pg_settings WHERE name ="
                                + " 'maintenance_work_mem') AS maintenance");
        return new Memory(row.number("shared"), row.number("maintenance"));
    }
}
