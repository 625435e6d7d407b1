package warp.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Managed services, and the marks by which each is known: roles, schemas, settings and functions
 * that it makes in every database and nobody else does. The only place that has such names.
 *
 * <p>The order counts: the first whose mark is there is it, since some are built upon others.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
public enum Cloud {
    AURORA("Amazon Aurora", new Marks(List.of(), List.of(), List.of(), List.of("aurora_version"))),
    RDS(
            "Amazon RDS",
            new Marks(
                    List.of("rds_superuser", "rdsadmin"),
                    List.of(),
                    List.of("rds.logical_replication", "rds.extensions"),
                    List.of())),
    AZURE_SINGLE(
            "Azure Database for PostgreSQL, Single Server",
            new Marks(
                    List.of("azure_superuser"),
                    List.of(),
                    List.of("azure.replication_support"),
                    List.of())),
    AZURE_FLEXIBLE(
            "Azure Database for PostgreSQL",
            new Marks(
                    List.of("azure_pg_admin", "azuresu"),
                    List.of(),
                    List.of("azure.extensions"),
                    List.of())),
    ALLOYDB(
            "Google AlloyDB",
            new Marks(
                    List.of("alloydbsuperuser"),
                    List.of(),
                    List.of("alloydb.logical_decoding"),
                    List.of())),
    CLOUD_SQL(
            "Google Cloud SQL",
            new Marks(
                    List.of("cloudsqlsuperuser"),
                    List.of(),
                    List.of("cloudsql.logical_decoding"),
                    List.of())),
    HEROKU(
            "Heroku Postgres",
            new Marks(List.of("heroku_admin"), List.of("_heroku"), List.of(), List.of()),
            "_heroku"),
    NEON(
            "Neon",
            new Marks(
                    List.of("neon_superuser"), List.of(), List.of("neon.timeline_id"), List.of())),
    SUPABASE(
            "Supabase",
            new Marks(List.of("supabase_admin"), List.of(), List.of(), List.of()),
            "_analytics",
            "_realtime",
            "_supavisor",
            "auth",
            "graphql",
            "graphql_public",
            "pgbouncer",
            "pgsodium",
            "pgsodium_masks",
            "realtime",
            "storage",
            "supabase_functions",
            "supabase_migrations",
            "vault"),
    DIGITALOCEAN(
            "DigitalOcean",
            new Marks(List.of("_dodb", "_doadmin_managed"), List.of(), List.of(), List.of())),
    AIVEN("Aiven", new Marks(List.of("avnadmin"), List.of(), List.of(), List.of()));

    private final String title;
    private final Marks marks;
    private final List<String> ownSchemas;

    Cloud(String title, Marks marks, String... ownSchemas) {
        this.title = title;
        this.marks = marks;
        this.ownSchemas = List.of(ownSchemas);
    }

    /** What tells one service; any one of it will do. */
    public record Marks(
            List<String> roles,
            List<String> schemas,
            List<String> settings,
            List<String> functions) {

        private boolean anyOf(Found found) {
            return roles.stream().anyMatch(found.roles()::contains)
                    || schemas.stream().anyMatch(found.schemas()::contains)
                    || settings.stream().anyMatch(found.settings()::contains)
                    || functions.stream().anyMatch(found.functions()::contains);
        }
    }

    /** Which of the marks a server has. */
    public record Found(
            Set<String> roles, Set<String> schemas, Set<String> settings, Set<String> functions) {

        public Found {
            roles = Set.copyOf(roles);
            schemas = Set.copyOf(schemas);
            settings = Set.copyOf(settings);
            functions = Set.copyOf(functions);
        }
    }

    /** For people: {@code Amazon RDS}. */
    public String title() {
        return title;
    }

    public Marks marks() {
        return marks;
    }

    /** Schemas that the service keeps for itself in every database; what it makes there anew. */
    public List<String> ownSchemas() {
        return ownSchemas;
    }

    /** Extensions that only this service has, and uses itself or for its other products. */
    public List<String> ownExtensions() {
        return switch (this) {
            case AURORA, RDS ->
                    List.of(
                            "apg_plan_mgmt",
                            "aws_commons",
                            "aws_lambda",
                            "aws_ml",
                            "aws_s3",
                            "rds_activity_stream",
                            "rds_tools");
            case AZURE_SINGLE, AZURE_FLEXIBLE -> List.of("azure", "pgaadauth");
            case ALLOYDB ->
                    List.of("google_columnar_engine", "google_db_advisor", "google_ml_integration");
            case CLOUD_SQL -> List.of("google_vacuum_mgmt");
            case HEROKU -> List.of();
            case NEON -> List.of("neon", "neon_utils");
            case SUPABASE -> List.of("pg_graphql", "pgsodium", "supabase_vault");
            case DIGITALOCEAN, AIVEN -> List.of("aiven_extras", "aiven_gatekeeper");
        };
    }

    /** The service that these marks tell; empty for a server of one's own. */
    public static Optional<Cloud> of(Found found) {
        return Arrays.stream(values()).filter(cloud -> cloud.marks.anyOf(found)).findFirst();
    }
}
