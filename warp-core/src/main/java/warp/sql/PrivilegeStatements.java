package warp.sql;

import warp.model.TableName;

/** Takes privileges back. */
public final class PrivilegeStatements {

    private PrivilegeStatements() {}

    /**
     * Takes every privilege on a schema.
     *
     * @param role empty for PUBLIC
     */
    public static String revokeOnSchema(String schema, String role) {
        return "REVOKE ALL ON SCHEMA " + Identifiers.quote(schema) + " FROM " + grantee(role);
    }

    /**
     * Takes every privilege on a table.
     *
     * @param role empty for PUBLIC
     */
    public static String revokeOnTable(TableName table, String role) {
        return "REVOKE ALL ON TABLE " + Identifiers.qualified(table) + " FROM " + grantee(role);
    }

    private static String grantee(String role) {
        return role.isEmpty() ? "PUBLIC" : Identifiers.quote(role);
    }
}
