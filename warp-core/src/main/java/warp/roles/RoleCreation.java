package warp.roles;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.plan.ManagedRoles;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.RoleStatements;
import warp.sql.RoleStatements.Attributes;

/**
 * Makes the roles of the source that the destination lacks, with their attributes, memberships,
 * settings and, where they can be read, passwords. Roles that are there are left alone; so are
 * those that a server or a cloud looks after itself.
 *
 * <p>All of it is one transaction, in which each statement that is refused is taken back alone: a
 * run that is killed has made no role, so that the next one does not take half a role for one that
 * was there. For one thread.
 */
public final class RoleCreation {

    private static final CatalogQuery ROLES = CatalogQuery.of(RoleCreation.class, "roles");
    private static final CatalogQuery MEMBERSHIPS =
            CatalogQuery.of(RoleCreation.class, "memberships");

    private static final String SAVE = "SAVEPOINT role_creation";
    private static final String TAKE_BACK = "ROLLBACK TO SAVEPOINT role_creation";
    private static final String KEEP = "RELEASE SAVEPOINT role_creation";

    private final Session source;
    private final Session destination;
    private final List<String> made = new ArrayList<>();
    private final List<String> weaker = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();

    private RoleCreation(Session source, Session destination) {
        this.source = source;
        this.destination = destination;
    }

    /**
     * What came of it.
     *
     * @param made the new roles
     * @param weaker those of them that only a superuser could make as they are at the source
     * @param passwords whether the passwords could be read, and came along
     * @param refused what the destination refused
     */
    public record Made(
            List<String> made, List<String> weaker, boolean passwords, List<Refused> refused) {

        public Made {
            made = List.copyOf(made);
            weaker = List.copyOf(weaker);
            refused = List.copyOf(refused);
        }
    }

    /**
     * A statement that was refused.
     *
     * @param what for people; holds no password
     * @param reason what the server said
     */
    public record Refused(String what, String reason) {}

    /**
     * Makes them.
     *
     * @param source not in a transaction
     * @param destination not in a transaction
     * @throws WarpException where a connection is lost; nothing is made then
     */
    public static Made run(Session source, Session destination) {
        return new RoleCreation(source, destination).run();
    }

    private Made run() {
        List<Row> missing = missing();
        boolean passwords = mayReadPasswords();
        if (!missing.isEmpty()) {
            destination.transaction(() -> makeAll(missing, passwords));
        }
        return new Made(made, weaker, passwords, refused);
    }

    private List<Row> missing() {
        Set<String> there = new HashSet<>();
        destination
                .query("SELECT rolname AS name FROM pg_catalog.pg_roles")
                .forEach(row -> there.add(row.text("name")));
        return ROLES.rows(source).stream()
                .filter(row -> !there.contains(row.text("role_name")))
                .filter(row -> !ManagedRoles.contains(row.text("role_name")))
                .toList();
    }

    private boolean mayReadPasswords() {
        return source.queryOne(
                        "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS"
                                + " may")
                .flag("may");
    }

    private void makeAll(List<Row> roles, boolean passwords) {
        Row me =
                destination.queryOne(
                        "SELECT rolname AS name, rolsuper AS superuser FROM pg_catalog.pg_roles"
                                + " WHERE rolname = current_user");
        boolean superuser = me.flag("superuser");
        for (Row role : roles) {
            String name = role.text("role_name");
            Attributes wanted = attributes(role);
            Attributes possible = superuser ? wanted : wanted.ordinary();
            if (tried("role \"%s\"".formatted(name), RoleStatements.create(name, possible))) {
                made.add(name);
                if (!possible.equals(wanted)) {
                    weaker.add(name);
                }
                complete(role, name);
                if (!superuser) {
                    // To make objects for it.
                    tried(
                            "membership of Warp's role in \"%s\"".formatted(name),
                            RoleStatements.grant(name, me.text("name"), false));
                }
            }
        }
        if (passwords) {
            setPasswords();
        }
        grantMemberships(new HashSet<>(made));
    }

    private static Attributes attributes(Row role) {
        return new Attributes(
                role.flag("superuser"),
                role.flag("inherits"),
                role.flag("creates_roles"),
                role.flag("creates_databases"),
                role.flag("logs_in"),
                role.flag("replicates"),
                role.flag("bypasses_row_security"),
                role.integer("connections_max"),
                role.optionalText("valid_until").orElse(null));
    }

    private void complete(Row role, String name) {
        role.optionalText("remark")
                .ifPresent(remark ->
                        tried(
                                "comment on role \"%s\"".formatted(name),
                                RoleStatements.comment(name, remark)));
        for (String setting : role.texts("settings")) {
            tried(
                    "setting %s of role \"%s\"".formatted(RoleStatements.nameOf(setting), name),
                    RoleStatements.set(name, setting));
        }
    }

    private void setPasswords() {
        for (Row row :
                source.query(
                        "SELECT rolname AS name, rolpassword AS hash FROM pg_catalog.pg_authid"
                                + " WHERE rolpassword IS NOT NULL AND rolname = ANY (?::text[])",
                        made)) {
            String statement = RoleStatements.password(row.text("name"), row.text("hash"));
            tried(
                    "password of role \"%s\"".formatted(row.text("name")),
                    () -> destination.runConcealed(statement));
        }
    }

    /** Between roles that were there before, nothing is changed. */
    private void grantMemberships(Set<String> roles) {
        Set<String> there = new HashSet<>(roles);
        destination
                .query("SELECT rolname AS name FROM pg_catalog.pg_roles")
                .forEach(row -> there.add(row.text("name")));
        boolean exact = destination.version().atLeast(16) && source.version().atLeast(16);
        for (Row row : MEMBERSHIPS.rows(source)) {
            String role = row.text("role_name");
            String member = row.text("member_name");
            boolean concerned = roles.contains(role) || roles.contains(member);
            boolean theCloudsOwn = ManagedRoles.contains(role) && !role.startsWith("pg_");
            if (!concerned || theCloudsOwn || !there.contains(role) || !there.contains(member)) {
                continue;
            }
            tried(
                    "membership of \"%s\" in \"%s\"".formatted(member, role),
                    exact
                            ? RoleStatements.grant(
                                    role,
                                    member,
                                    row.flag("admin"),
                                    row.flag("inherits"),
                                    row.flag("sets"))
                            : RoleStatements.grant(role, member, row.flag("admin")));
        }
    }

    private boolean tried(String what, String statement) {
        return tried(what, () -> destination.run(statement));
    }

    private boolean tried(String what, Runnable statement) {
        destination.run(SAVE);
        try {
            statement.run();
            destination.run(KEEP);
            return true;
        } catch (WarpException problem) {
            if (problem.code().retry() == ErrorCode.Retry.LATER) {
                throw problem;
            }
            destination.run(TAKE_BACK);
            refused.add(new Refused(what, String.valueOf(problem.getMessage())));
            return false;
        }
    }
}
