package warp.preflight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import warp.config.MigrationOptions;
import warp.model.Side;
import warp.plan.ManagedRoles;
import warp.postgres.Row;
import warp.sql.Hints;

/** Checks whether the destination has the roles that objects to be made there belong to or name. */
final class RoleChecks {

    private final ServerFacts destination;
    private final MigrationOptions options;
    private final Findings findings;

    /** Whether Warp's role is a member, by role; empty before it is asked for. */
    private final Map<String, Boolean> there = new HashMap<>();

    RoleChecks(ServerFacts destination, MigrationOptions options, Findings findings) {
        this.destination = destination;
        this.options = options;
        this.findings = findings;
    }

    /**
     * Checks the roles.
     *
     * @param what names them, such as {@code the schema}
     * @param roles rows with {@code role_name} and, as flags, where it is named: {@code owner},
     *     {@code acl}, {@code policy}
     */
    void run(String what, List<Row> roles) {
        askOnce();
        List<String> missing = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (Row row : roles) {
            String role = row.text("role_name");
            boolean owns = row.flag("owner") && !options.schema().noOwner();
            boolean granted = row.flag("acl") && !options.schema().noAcl();
            Boolean member = there.get(role);
            boolean comes = options.objects().roles() && !ManagedRoles.contains(role);
            if (member == null && !comes && (owns || granted || row.flag("policy"))) {
                missing.add(role);
            } else if (member != null && owns && !member) {
                foreign.add(role);
            }
        }
        report(what, missing, foreign);
    }

    private void askOnce() {
        if (there.isEmpty()) {
            destination
                    .session()
                    .query(
                            "SELECT rolname AS name, pg_catalog.pg_has_role(oid, 'MEMBER') AS"
                                    + " member FROM pg_catalog.pg_roles")
                    .forEach(row -> there.put(row.text("name"), row.flag("member")));
        }
    }

    private void report(String what, List<String> missing, List<String> foreign) {
        if (!missing.isEmpty()) {
            findings.error(
                    Side.DESTINATION,
                    (missing.size() == 1 ? "a role that %s names is" : "roles that %s names are")
                                    .formatted(what)
                            + " missing: "
                            + Findings.names(missing),
                    missing.stream().map(Hints::createRole).collect(Collectors.joining(" ")),
                    "or let Warp make them: --roles",
                    "or leave owners and grants out: --no-owner --no-acl");
        }
        if (!foreign.isEmpty()) {
            findings.error(
                    Side.DESTINATION,
                    "role \"%s\" may not make objects for their owners: %s"
                            .formatted(destination.roleName(), Findings.names(foreign)),
                    foreign.stream()
                            .map(owner -> Hints.grantRole(owner, destination.roleName()))
                            .collect(Collectors.joining(" ")),
                    "or let everything belong to that role: --no-owner");
        }
    }
}
