package warp.migration;

import java.util.List;
import java.util.function.Consumer;
import warp.config.MigrationSettings;
import warp.config.Warning;
import warp.postgres.Connector;
import warp.progress.EventLog;

/**
 * The two databases of a migration, ready to be connected to.
 *
 * @param turn for what is said of two logins at once
 */
record Ends(Connector source, Connector destination, SourceFirst turn) {

    /** Both say in the log what they warn of, the source first. */
    static Ends of(MigrationSettings settings, EventLog log) {
        String name = applicationName(settings.slot());
        SourceFirst turn = new SourceFirst();
        Consumer<Warning> warnings = warning -> log.warn(warning.line(), List.of(warning.hint()));
        return new Ends(
                new Connector(settings.source(), name, warnings),
                new Connector(
                        settings.destination(),
                        name,
                        warning -> {
                            turn.await();
                            warnings.accept(warning);
                        }),
                turn);
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
