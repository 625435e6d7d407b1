package warp.preflight;

import java.util.List;
import warp.config.MigrationOptions;
import warp.error.WarpException;
import warp.model.Side;
import warp.plan.TablePatterns;
import warp.postgres.CatalogQuery;
import warp.postgres.DumpScope;
import warp.postgres.PgDump;
import warp.postgres.Row;

/** Checks whether the source's schema can be made at the destination, for --sync-schema. */
final class SchemaChecks {

    private static final CatalogQuery ROLES = CatalogQuery.of(SchemaChecks.class, "schema_roles");
    private static final CatalogQuery LEFT_OUT = CatalogQuery.of(SchemaChecks.class, "left_out");

    private final ServerFacts source;
    private final ServerFacts destination;
    private final MigrationOptions options;
    private final Findings findings;

    SchemaChecks(
            ServerFacts source,
            ServerFacts destination,
            MigrationOptions options,
            Findings findings) {
        this.source = source;
        this.destination = destination;
        this.options = options;
        this.findings = findings;
    }

    void run(TablePatterns patterns) {
        checkProgram();
        new ExtensionChecks(source, destination, findings).run(true);
        CollationChecks collations = new CollationChecks(source, destination, findings);
        collations.run();
        collations.checkMissing();
        checkRoles(DumpScope.of(source.session(), patterns));
        noteLeftOut();
    }

    private void checkProgram() {
        try {
            PgDump program = PgDump.find(source.version(), destination.version());
            if (!program.isUnderstoodBy(destination.version())) {
                findings.warning(
                        Side.DESTINATION,
                        "pg_dump %s is newer than this server: it may write statements that the"
                                        .formatted(program.version())
                                + " server does not know, which are then reported one by one",
                        "apt-get install postgresql-client-" + destination.version().major());
            }
        } catch (WarpException missing) {
            findings.error(
                    String.valueOf(missing.getMessage()), missing.hints().toArray(String[]::new));
        }
    }

    private void checkRoles(DumpScope leftOut) {
        List<String> relations =
                leftOut.relations().stream()
                        .map(relation -> Integer.toUnsignedString(relation.oid()))
                        .toList();
        new RoleChecks(destination, options, findings)
                .run(
                        "the schema",
                        ROLES.rows(source.session(), leftOut.schemas(), relations, relations));
    }

    private void noteLeftOut() {
        Row row = LEFT_OUT.onlyRow(source.session());
        if (row.number("event_triggers") > 0 && !destination.role().flag("superuser")) {
            findings.warning(
                    Side.DESTINATION,
                    Findings.count(row.integer("event_triggers"), "event trigger")
                            + " may be refused: role \"%s\" is no superuser"
                                    .formatted(destination.roleName()),
                    "what is refused is listed at the end, with its statement");
        }
        note(
                row.integer("publications"),
                "publication",
                "is not made: nobody subscribes to the destination yet",
                "CREATE PUBLICATION … at the destination, when you cut over");
        note(
                row.integer("subscriptions"),
                "subscription",
                "is not made: it would apply the same changes as the source's",
                "when you cut over: ALTER SUBSCRIPTION … DISABLE at the source, CREATE SUBSCRIPTION"
                        + " … at the destination");
        if (row.number("foreign_tables") > 0) {
            findings.note(
                    Side.SOURCE,
                    Findings.count(row.integer("foreign_tables"), "foreign table")
                            + ": the definitions come along, the rows stay where they are",
                    "see that the destination reaches those servers, and has their passwords");
        }
        if (row.number("user_mappings") > 0) {
            findings.warning(
                    Side.SOURCE,
                    Findings.count(row.integer("user_mappings"), "user mapping")
                            + " of foreign servers: options that the role may not see do not come"
                            + " along (%s)".formatted(row.number("hidden_options")),
                    "check them when all is done: ALTER USER MAPPING … OPTIONS (SET password …)");
        }
        if (row.number("elsewhere") > 0) {
            findings.note(
                    Side.SOURCE,
                    "tablespaces are ignored: everything is made in the destination database's own",
                    "ALTER TABLE … SET TABLESPACE … moves it afterwards");
        }
    }

    private void note(int count, String noun, String why, String hint) {
        if (count > 0) {
            findings.note(Side.SOURCE, Findings.count(count, noun) + ": it " + why, hint);
        }
    }
}
