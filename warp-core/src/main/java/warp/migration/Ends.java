package warp.migration;

import warp.config.MigrationSettings;
import warp.postgres.Connector;

/** The two databases of a migration, ready to be connected to. */
record Ends(Connector source, Connector destination) {

    static Ends of(MigrationSettings settings) {
        String name = applicationName(settings.slot());
        return new Ends(
                new Connector(settings.source(), name),
                new Connector(settings.destination(), name));
    }

    /**
     * What {@code pg_stat_activity} shows for every session of the migration; the server keeps 63
     * bytes of it.
     */
    static String applicationName(String slot) {
        String name = "warp " + slot;
        return name.length() > 63 ? name.substring(0, 63) : name;
    }
}
