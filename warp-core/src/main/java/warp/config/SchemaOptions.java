package warp.config;

import java.util.List;

/**
 * What is asked for about schemas: whether to make the schema at the destination, and which of the
 * source's schemas take part at all.
 *
 * @param sync {@code --sync-schema}: make the schema, then copy
 * @param included pg_dump's patterns of schemas to include; empty for all
 * @param excluded pg_dump's patterns of schemas to leave out
 * @param noOwner make everything as the destination's role, instead of as who owns it at the source
 * @param noAcl leave privileges out
 */
public record SchemaOptions(
        boolean sync,
        List<String> included,
        List<String> excluded,
        boolean noOwner,
        boolean noAcl) {

    /** Nothing asked for. */
    public static final SchemaOptions NONE =
            new SchemaOptions(false, List.of(), List.of(), false, false);

    public SchemaOptions {
        included = List.copyOf(included);
        excluded = List.copyOf(excluded);
    }

    /** This, and where it says nothing the other: the command line over the file. */
    public SchemaOptions over(SchemaOptions other) {
        return new SchemaOptions(
                sync || other.sync,
                included.isEmpty() ? other.included : included,
                excluded.isEmpty() ? other.excluded : excluded,
                noOwner || other.noOwner,
                noAcl || other.noAcl);
    }
}
