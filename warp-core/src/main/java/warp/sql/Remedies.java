package warp.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Cloud;

/**
 * What a person can do about a server, in the words of whoever runs it: statements where the server
 * is one's own, else what the managed service calls the same. Words in capital letters are for the
 * person to replace.
 */
public final class Remedies {

    private static final String HEROKU_CANNOT =
            "Heroku Postgres has no logical replication: move the database with pg_dump while the"
                    + " application is in maintenance mode, or ask Heroku for a copy of its log";

    private static final String WITHOUT_ROLE =
            "let Warp switch off triggers and rules and take foreign keys away until --clean:"
                    + " --without-replica-role";

    private static final String RESTART = "; then restart the server";

    private final @Nullable Cloud cloud;

    private Remedies(@Nullable Cloud cloud) {
        this.cloud = cloud;
    }

    public static Remedies of(Optional<Cloud> cloud) {
        return new Remedies(cloud.orElse(null));
    }

    /** A setting of the server that needs a restart. */
    public String setting(String name, Object value) {
        return setting(name, value, true);
    }

    /** A setting of the server that a reload brings into force. */
    public String reloadedSetting(String name, Object value) {
        return cloud == null
                ? Hints.alterSystemAndReload(name, value)
                : setting(name, value, false);
    }

    private String setting(String name, Object value, boolean restart) {
        boolean level = name.equals("wal_level");
        return switch (cloud) {
            case null -> Hints.alterSystem(name, value);
            case AURORA ->
                    level
                            ? "set rds.logical_replication = 1 in the DB cluster parameter group,"
                                    + " then reboot the writer"
                            : "set %s = %s in the DB cluster parameter group%s"
                                    .formatted(
                                            name, value, restart ? ", then reboot the writer" : "");
            case RDS ->
                    level
                            ? "set rds.logical_replication = 1 in the parameter group, then reboot"
                            : "set %s = %s in the parameter group%s"
                                    .formatted(name, value, restart ? ", then reboot" : "");
            case AZURE_SINGLE ->
                    "az postgres server configuration set -g GROUP -s SERVER --name %s --value %s%s"
                            .formatted(
                                    level ? "azure.replication_support" : name,
                                    value,
                                    restart ? RESTART : "");
            case AZURE_FLEXIBLE ->
                    "az postgres flexible-server parameter set -g GROUP -s SERVER --name %s --value %s%s"
                            .formatted(name, value, restart ? RESTART : "");
            case ALLOYDB ->
                    "gcloud alloydb instances update INSTANCE --cluster=CLUSTER --region=REGION --database-flags=%s (name the flags that are set already as well%s)"
                            .formatted(
                                    level ? "alloydb.logical_decoding=on" : name + "=" + value,
                                    restart ? "; it restarts" : "");
            case CLOUD_SQL ->
                    "gcloud sql instances patch INSTANCE --database-flags=%s (name the flags that are set already as well%s)"
                            .formatted(
                                    level ? "cloudsql.logical_decoding=on" : name + "=" + value,
                                    restart ? "; it restarts" : "");
            case HEROKU -> HEROKU_CANNOT;
            case NEON ->
                    level
                            ? "enable logical replication in the project's settings in Neon's"
                                    + " console; it cannot be disabled again"
                            : "Neon sets " + name + " itself: ask its support";
            case SUPABASE ->
                    "supabase --experimental --project-ref PROJECT postgres-config update --config %s=%s"
                            .formatted(name, value);
            case DIGITALOCEAN ->
                    "doctl databases configuration update DATABASE --engine pg --config-json '{\"%s\": %s}'"
                            .formatted(name, value);
            case AIVEN -> "avn service update SERVICE -c pg.%s=%s".formatted(name, value);
        };
    }

    /** What lets a role use replication slots. */
    public String replication(String role) {
        return switch (cloud) {
            case null -> Hints.alterRole(role, "REPLICATION");
            case AURORA, RDS -> Hints.grantRole("rds_replication", role);
            case AZURE_SINGLE, AZURE_FLEXIBLE ->
                    "as the server's administrator: " + Hints.alterRole(role, "WITH REPLICATION");
            case ALLOYDB ->
                    "as a member of alloydbsuperuser: " + Hints.alterRole(role, "WITH REPLICATION");
            case CLOUD_SQL ->
                    "as a member of cloudsqlsuperuser: "
                            + Hints.alterRole(role, "WITH REPLICATION");
            case HEROKU -> HEROKU_CANNOT;
            case NEON ->
                    "make the role in Neon's console or by its API: only such roles may replicate";
            case SUPABASE -> "use the role postgres, by the direct connection and not the pooler's";
            case DIGITALOCEAN ->
                    "use doadmin, or as doadmin: " + Hints.alterRole(role, "REPLICATION");
            case AIVEN -> "use avnadmin, or as avnadmin: " + Hints.alterRole(role, "REPLICATION");
        };
    }

    /**
     * What lets a role set {@code session_replication_role}, or does without it.
     *
     * @param grantable whether the server has privileges on parameters, as from 15 on
     */
    public List<String> replicaRole(String role, boolean grantable) {
        List<String> remedies = new ArrayList<>();
        switch (cloud) {
            case null ->
                    remedies.add(
                            grantable
                                    ? Hints.grantParameter("session_replication_role", role)
                                    : Hints.alterRole(role, "SUPERUSER"));
            case AURORA, RDS -> remedies.add(Hints.grantRole("rds_superuser", role));
            case AZURE_FLEXIBLE -> remedies.add(Hints.grantRole("azure_pg_admin", role));
            case SUPABASE -> remedies.add("use the role postgres, which may");
            case AZURE_SINGLE, ALLOYDB, CLOUD_SQL, HEROKU, NEON, DIGITALOCEAN, AIVEN -> {
                // Whom these let do it has changed over time.
            }
        }
        remedies.add(remedies.isEmpty() ? WITHOUT_ROLE : "or " + WITHOUT_ROLE);
        return List.copyOf(remedies);
    }

    /** What makes an extension available that the server does not offer. */
    public String extension(List<String> names) {
        return switch (cloud) {
            case null -> "install there the package that holds it, such as postgresql-contrib";
            case AZURE_FLEXIBLE ->
                    "az postgres flexible-server parameter set -g GROUP -s SERVER --name azure.extensions --value %s (name those that are allowed already as well)"
                            .formatted(String.join(",", names));
            case AURORA,
                    RDS,
                    AZURE_SINGLE,
                    ALLOYDB,
                    CLOUD_SQL,
                    HEROKU,
                    NEON,
                    SUPABASE,
                    DIGITALOCEAN,
                    AIVEN ->
                    cloud.title()
                            + " does not offer it in this version: choose a newer one, or do"
                            + " without";
        };
    }
}
