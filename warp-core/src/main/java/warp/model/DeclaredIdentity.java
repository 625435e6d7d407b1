package warp.model;

import org.jspecify.annotations.Nullable;

/**
 * A table's replica identity as ALTER TABLE says it.
 *
 * @param index the index of {@link ReplicaIdentity#INDEX}, in the table's schema; null for the
 *     others, and where the index was dropped, which then is as good as NOTHING
 */
public record DeclaredIdentity(ReplicaIdentity kind, @Nullable String index) {}
