package warp.migration;

import warp.config.MigrationSettings;
import warp.postgres.Connector;

/** The two databases of a migration, ready to be connected to. */
record Ends(Connector source, Connector destination) {

    static Ends of(MigrationSettings settings) {
        String name = "warp " + settings.slot();
        return new Ends(
                new Connector(settings.source(), name),
                new Connector(settings.destination(), name));
    }
}
