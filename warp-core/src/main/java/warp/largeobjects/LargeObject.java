package warp.largeobjects;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warp.postgres.PgDump.Access;
import warp.postgres.Row;
import warp.sql.LargeObjectStatements;

/**
 * A large object of the source, without its content.
 *
 * @param oid its name, unsigned
 * @param grants null where nothing was ever granted: the owner has everything then
 * @param identity changes with owner, grants and comment
 * @param mayRead whether the role may read the content
 */
record LargeObject(
        long oid,
        String owner,
        @Nullable List<Grant> grants,
        @Nullable String comment,
        String identity,
        boolean mayRead) {

    /** One privilege of one role; an empty name is PUBLIC. */
    record Grant(String role, String privilege, boolean grantable) {}

    static LargeObject read(Row row) {
        List<String> roles = row.texts("grantees");
        List<String> privileges = row.texts("privileges");
        List<String> grantable = row.texts("grantable");
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < roles.size(); i++) {
            grants.add(
                    new Grant(
                            roles.get(i),
                            privileges.get(i),
                            Boolean.parseBoolean(grantable.get(i))));
        }
        return new LargeObject(
                row.number("oid"),
                row.text("owner"),
                row.flag("has_acl") ? List.copyOf(grants) : null,
                row.optionalText("remark").orElse(null),
                row.text("identity"),
                row.flag("may_read"));
    }

    /**
     * What gives a new object of the session's role its owner, grants and comment. Grants are given
     * in the owner's name, whoever gave them at the source.
     */
    List<String> statements(Access access, String role) {
        List<String> statements = new ArrayList<>();
        String ownerThere = access.owners() ? owner : role;
        if (comment != null) {
            statements.add(LargeObjectStatements.comment(oid, comment));
        }
        if (!ownerThere.equals(role)) {
            statements.add(LargeObjectStatements.alterOwner(oid, owner));
        }
        if (access.privileges() && grants != null) {
            statements.add(LargeObjectStatements.revokeAll(oid, ownerThere));
            for (Grant grant : grants) {
                boolean own = grant.role().equals(owner);
                statements.add(
                        LargeObjectStatements.grant(
                                oid,
                                grant.privilege(),
                                own ? ownerThere : grant.role(),
                                grant.grantable() && !own));
            }
        }
        return statements;
    }
}
