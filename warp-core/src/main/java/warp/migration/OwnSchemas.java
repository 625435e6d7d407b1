package warp.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import warp.config.MigrationOptions;
import warp.config.MigrationSettings;
import warp.config.SchemaOptions;
import warp.model.Cloud;
import warp.postgres.CloudCatalog;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.sql.Identifiers;

/**
 * Leaves out the schemas that a managed service keeps for itself in the source: the destination has
 * its own, or no use for them. Who names what to move, by {@code -t} or {@code -n}, gets that and
 * nothing else.
 */
final class OwnSchemas {

    private OwnSchemas() {}

    /**
     * The settings of the migration, its own schemas excluded; says so. The session that was asked
     * stays open, for what comes next.
     */
    static MigrationSettings leftOut(MigrationSettings settings, Logins logins, EventLog log) {
        MigrationOptions options = settings.options();
        if (!options.tables().isEmpty() || !options.schema().included().isEmpty()) {
            return settings;
        }
        Session source = logins.source();
        Optional<Cloud> cloud = CloudCatalog.of(source);
        List<String> own =
                cloud.map(service -> CloudCatalog.ownSchemas(source, service)).orElse(List.of());
        if (own.isEmpty()) {
            return settings;
        }
        log.info(
                "Schemas that %s keeps for itself are left out: %s. To move one of them, name with -n every schema that is to be moved."
                        .formatted(cloud.orElseThrow().title(), String.join(", ", own)));
        SchemaOptions schema = options.schema();
        List<String> excluded = new ArrayList<>(schema.excluded());
        own.forEach(name -> excluded.add(Identifiers.quote(name)));
        return settings.with(
                options.withSchema(
                        new SchemaOptions(
                                schema.sync(),
                                schema.included(),
                                excluded,
                                schema.noOwner(),
                                schema.noAcl())));
    }
}
