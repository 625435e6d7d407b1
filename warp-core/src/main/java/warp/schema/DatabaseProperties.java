package warp.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import warp.error.WarpException;
import warp.plan.ManagedRoles;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.RoleStatements;
import warp.state.Failure;
import warp.state.FailureStore;

/**
 * Brings what belongs to the database itself: its settings and those of roles in it, its comment,
 * its security labels, its privileges. Doing it again does no harm.
 *
 * <p>The owner stays who made the destination. Settings that could keep every session out of the
 * destination, or mean something else there, are left out and named.
 */
public final class DatabaseProperties {

    /**
     * Libraries that need not be there end every login; tablespaces are not moved; roles differ.
     */
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "session_preload_libraries",
                    "local_preload_libraries",
                    "default_tablespace",
                    "temp_tablespaces",
                    "role",
                    "session_replication_role");

    private static final CatalogQuery PROPERTIES =
            CatalogQuery.of(DatabaseProperties.class, "database_properties");

    private DatabaseProperties() {}

    /**
     * What came of it.
     *
     * @param set how many statements were run
     * @param leftOut names of settings that were left out
     * @param failures what was refused; it stands in {@code warp.failure} now
     */
    public record Result(int set, List<String> leftOut, List<Failure> failures) {

        public Result {
            leftOut = List.copyOf(leftOut);
            failures = List.copyOf(failures);
        }
    }

    /** A statement with what it does, for people. */
    private record Step(String what, String statement) {}

    /**
     * Brings them, each in a transaction of its own.
     *
     * @param privileges whether privileges are brought along
     * @throws WarpException where the connection is lost
     */
    public static Result bring(
            Session source, Session destination, String slot, boolean privileges) {
        Row here =
                destination.queryOne(
                        "SELECT d.datname AS name, pg_catalog.pg_has_role(d.datdba, 'USAGE') AS"
                                + " owned FROM pg_catalog.pg_database d WHERE d.datname ="
                                + " pg_catalog.current_database()");
        List<String> leftOut = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (Row row : PROPERTIES.rows(source)) {
            String role = row.text("role_name");
            if (ManagedRoles.contains(role)) {
                continue;
            }
            switch (row.text("kind")) {
                case "setting" -> addSetting(here.text("name"), row, steps, leftOut);
                case "grant", "revoke" -> {
                    // Who is not the owner might lock itself out.
                    if (privileges && here.flag("owned")) {
                        steps.add(access(here.text("name"), row));
                    }
                }
                default -> steps.add(remark(here.text("name"), row));
            }
        }
        List<Failure> failures = run(destination, slot, steps);
        return new Result(steps.size() - failures.size(), leftOut, failures);
    }

    private static void addSetting(
            String database, Row row, List<Step> steps, List<String> leftOut) {
        String setting = row.text("value");
        String role = row.text("role_name");
        String name = RoleStatements.nameOf(setting);
        if (LEFT_OUT.contains(name)) {
            leftOut.add(name);
        } else if (role.isEmpty()) {
            steps.add(
                    new Step(
                            "DATABASE setting " + name,
                            RoleStatements.setInDatabase(database, setting)));
        } else {
            steps.add(
                    new Step(
                            "ROLE \"%s\" IN DATABASE setting %s".formatted(role, name),
                            RoleStatements.setInDatabase(database, role, setting)));
        }
    }

    private static Step access(String database, Row row) {
        String privilege = row.text("value");
        return row.text("kind").equals("revoke")
                ? new Step(
                        "DATABASE privilege " + privilege,
                        RoleStatements.revokeFromPublic(database, privilege))
                : new Step(
                        "DATABASE privilege %s of \"%s\""
                                .formatted(privilege, row.text("role_name")),
                        RoleStatements.grantOnDatabase(
                                database, privilege, row.text("role_name"), row.flag("grantable")));
    }

    private static Step remark(String database, Row row) {
        return row.text("kind").equals("comment")
                ? new Step(
                        "DATABASE comment",
                        RoleStatements.commentOnDatabase(database, row.text("value")))
                : new Step(
                        "DATABASE security label",
                        RoleStatements.labelDatabase(
                                database, row.text("role_name"), row.text("value")));
    }

    private static List<Failure> run(Session destination, String slot, List<Step> steps) {
        FailureStore store = new FailureStore(destination, slot);
        List<String> known = store.all().stream().map(Failure::object).toList();
        List<Failure> failures = new ArrayList<>();
        for (Step step : steps) {
            try {
                destination.run(step.statement());
            } catch (WarpException refused) {
                if (SchemaCreation.isFatal(refused)) {
                    throw refused;
                }
                Failure failure =
                        SchemaCreation.failure(0, step.what(), List.of(step.statement()), refused);
                failures.add(failure);
                if (!known.contains(failure.object())) {
                    store.add(failure);
                }
            }
        }
        return failures;
    }
}
