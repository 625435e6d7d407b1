package warp.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table at one side.
 *
 * @param name as in the catalog
 * @param number {@code pg_attribute.attnum}, from 1, with holes where columns were dropped
 * @param typeOid {@code atttypid}; the same type has another OID at the other side unless it is
 *     built in
 * @param typeName {@code format_type(atttypid, atttypmod)} under an empty search path: qualified
 *     unless built in
 * @param binarySafe whether the binary form of this type means the same on every server (built-in
 *     scalar, array, range or domain over one, enum; never a {@code reg*} alias or a composite)
 * @param notNull {@code attnotnull}
 * @param generated computed from other columns ({@code attgenerated}, stored or virtual): never
 *     copied nor applied
 * @param identityAlways {@code GENERATED ALWAYS AS IDENTITY}: an INSERT needs OVERRIDING SYSTEM
 *     VALUE
 * @param equality the schema of the type's default equality operator {@code =}, null where the type
 *     has none
 */
public record Column(
        String name,
        int number,
        int typeOid,
        String typeName,
        boolean binarySafe,
        boolean notNull,
        boolean generated,
        boolean identityAlways,
        @Nullable String equality) {

    /**
     * The schema of the operator {@code =} by which the type's default b-tree or hash class
     * compares.
     */
    public Optional<String> equalitySchema() {
        return Optional.ofNullable(equality);
    }
}
