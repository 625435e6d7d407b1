package warp.postgres;

/** What the destination's settings tell about its machine. For the session's thread. */
public final class DestinationCatalog {

    private final Session destination;

    public DestinationCatalog(Session destination) {
        this.destination = destination;
    }

    public long sharedBuffersBytes() {
        return setting("shared_buffers") * 8192;
    }

    public long maintenanceMemoryBytes() {
        return setting("maintenance_work_mem") * 1024;
    }

    /** In the setting's own unit, which is part of its definition. */
    private long setting(String name) {
        return destination
                .queryOne(
                        "SELECT setting::bigint AS value FROM pg_catalog.pg_settings WHERE name ="
                                + " ?",
                        name)
                .number("value");
    }
}
