package warp.migration;

import java.util.List;
import java.util.stream.Collectors;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.roles.RoleCreation;
import warp.roles.RoleCreation.Made;
import warp.roles.RoleCreation.Refused;

/** Makes the source's roles at the destination for {@code --roles}, and says what came of it. */
final class RoleStep {

    private RoleStep() {}

    /** Makes those that the destination lacks; a second run finds nothing to do. */
    static void run(Session source, Session destination, EventLog log) {
        Made made = RoleCreation.run(source, destination);
        if (made.made().isEmpty()) {
            log.info("The destination has every role of the source.");
        } else {
            log.info("Made %d roles: %s".formatted(made.made().size(), names(made.made())));
        }
        if (!made.made().isEmpty() && !made.passwords()) {
            log.warn(
                    "The source's passwords may not be read: the new roles have none",
                    List.of("ALTER ROLE … PASSWORD …; or \\password ROLE in psql, for each"));
        }
        if (!made.weaker().isEmpty()) {
            log.warn(
                    "Made without SUPERUSER, REPLICATION and BYPASSRLS, which only a superuser may"
                            + " give: "
                            + names(made.weaker()),
                    List.of("ALTER ROLE … as the destination's administrator, where it matters"));
        }
        for (Refused refused : made.refused()) {
            log.warn(
                    "The destination refused the %s: %s"
                            .formatted(refused.what(), refused.reason()));
        }
    }

    private static String names(List<String> roles) {
        return roles.stream().map(role -> "\"" + role + "\"").collect(Collectors.joining(", "));
    }
}
