package warp.plan;

import java.util.List;

/** Roles that a server or a cloud makes and looks after itself: none of them is moved. */
public final class ManagedRoles {

    /** How their names begin. */
    private static final List<String> PREFIXES =
            List.of("pg_", "rds", "azure", "cloudsql", "alloydb", "supabase_", "neon_");

    private static final List<String> NAMES =
            List.of(
                    "anon",
                    "authenticated",
                    "authenticator",
                    "cloud_admin",
                    "dashboard_user",
                    "pgbouncer",
                    "service_role");

    private ManagedRoles() {}

    /** Whether this is such a role. */
    public static boolean contains(String role) {
        return NAMES.contains(role) || PREFIXES.stream().anyMatch(role::startsWith);
    }
}
