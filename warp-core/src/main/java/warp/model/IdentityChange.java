package warp.model;

/**
 * What has to be altered at the source so that the updates and deletes of a table can be
 * replicated.
 *
 * @param from what is declared now, to be put back in the end
 */
public record IdentityChange(TableName table, DeclaredIdentity from, DeclaredIdentity to) {}
