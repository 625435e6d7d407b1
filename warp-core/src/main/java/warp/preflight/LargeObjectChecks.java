package warp.preflight;

import warp.config.MigrationOptions;
import warp.model.Side;
import warp.postgres.CatalogQuery;

/** Checks whether the destination can take the source's large objects. */
final class LargeObjectChecks {

    private static final CatalogQuery ROLES =
            CatalogQuery.of(LargeObjectChecks.class, "large_object_roles");

    private static final CatalogQuery ANY =
            CatalogQuery.of(LargeObjectChecks.class, "any_large_object");

    private LargeObjectChecks() {}

    /** What may not be read is said when it is copied: each object has privileges of its own. */
    static void run(
            ServerFacts source,
            ServerFacts destination,
            MigrationOptions options,
            Findings findings) {
        boolean asked = options.objects().largeObjectsAsked().isPresent();
        if (!options.largeObjects()
                && !(asked && !options.skipInitialSync())
                && ANY.onlyRow(source.session()).flag("large_objects")) {
            findings.warning(
                    Side.SOURCE,
                    "there are large objects, which are left out: -t and -n choose none of them,"
                            + " and --skip-initial-sync copies nothing",
                    "--large-objects takes them along; --no-large-objects says that you know");
        }
        if (options.largeObjects()) {
            new RoleChecks(destination, options, findings)
                    .run("a large object", ROLES.rows(source.session()));
        }
    }
}
