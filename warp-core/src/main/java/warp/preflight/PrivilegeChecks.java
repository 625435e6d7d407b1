package warp.preflight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.CopyStatements;
import warp.sql.Hints;

/** Checks of what the roles may do, on servers, databases, schemas and tables. */
final class PrivilegeChecks {

    private static final CatalogQuery PRIVILEGES =
            CatalogQuery.of(PrivilegeChecks.class, "table_privileges");

    private final ServerFacts source;
    private final ServerFacts destination;
    private final MigrationSettings settings;
    private final Findings findings;

    PrivilegeChecks(
            ServerFacts source,
            ServerFacts destination,
            MigrationSettings settings,
            Findings findings) {
        this.source = source;
        this.destination = destination;
        this.settings = settings;
        this.findings = findings;
    }

    void run(List<Table> sourceTables, List<Table> destinationTables) {
        checkSource(sourceTables);
        checkStateSchema();
        checkReplicationRole();
        checkDestination(destinationTables);
    }

    private void checkSource(List<Table> tables) {
        Map<Integer, Row> privileges = privileges(source, tables);
        checkSchemas(source, privileges);
        lacking(
                tables,
                privileges,
                row -> row.flag("may_select"),
                lacking ->
                        findings.error(
                                Side.SOURCE,
                                "role \"%s\" may not read %s"
                                        .formatted(
                                                source.roleName(), Findings.names(names(lacking))),
                                Hints.grantOnTables("SELECT", names(lacking), source.roleName())));
        checkRowSecurity(source, tables, privileges);
        if (source.version().atLeast(10)) {
            checkPublication(tables, privileges);
        }
    }

    private void checkPublication(List<Table> tables, Map<Integer, Row> privileges) {
        String role = source.roleName();
        if (!source.role().flag("may_create")) {
            String database = source.server().text("database");
            findings.error(
                    Side.SOURCE,
                    "role \"%s\" may not make a publication in database \"%s\""
                            .formatted(role, database),
                    Hints.grantOnDatabase("CREATE", database, role));
        }
        lacking(
                tables,
                privileges,
                row -> row.flag("owner"),
                lacking ->
                        findings.error(
                                Side.SOURCE,
                                "role \"%s\" may not publish %s: only the owner may"
                                        .formatted(role, Findings.names(names(lacking))),
                                "make the role a member of the owner: GRANT owner TO role;",
                                "or: " + Hints.owner(lacking.getFirst().name(), role)));
    }

    /** Checks whether the role may declare replica identities; who may publish a table may. */
    void checkAlterable(List<Table> tables) {
        lacking(
                tables,
                privileges(source, tables),
                row -> row.flag("owner"),
                lacking ->
                        findings.error(
                                Side.SOURCE,
                                "role \"%s\" may not alter %s: only the owner may"
                                        .formatted(
                                                source.roleName(), Findings.names(names(lacking))),
                                "make the role a member of the owner: GRANT owner TO role;",
                                "or choose another way for it: "
                                        + Hints.keylessRule(
                                                lacking.getFirst().name(), "inserts-only")));
    }

    private void checkStateSchema() {
        Row role = destination.role();
        if (role.flag("warp_exists")) {
            if (!role.flag("may_use_warp")) {
                findings.error(
                        Side.DESTINATION,
                        "role \"%s\" may not use schema warp, where Warp keeps its state"
                                .formatted(destination.roleName()),
                        Hints.grantOnSchemas(
                                "USAGE, CREATE", List.of("warp"), destination.roleName()),
                        "or use the role that began the migration");
            }
        } else if (!role.flag("may_create")) {
            String database = destination.server().text("database");
            findings.error(
                    Side.DESTINATION,
                    "role \"%s\" may not create schema warp in database \"%s\""
                            .formatted(destination.roleName(), database),
                    Hints.grantOnDatabase("CREATE", database, destination.roleName()));
        }
    }

    /** Tries it: no catalog tells it for every managed service. */
    private void checkReplicationRole() {
        if (settings.options().withoutReplicaRole()) {
            findings.note(
                    Side.DESTINATION,
                    "triggers and rules of the tables are switched off, and foreign keys from or to"
                            + " them taken away, until --clean",
                    "run --clean before applications count on them");
            return;
        }
        Session session = destination.session();
        try {
            session.run(CopyStatements.trySetReplicaRole());
        } catch (WarpException refused) {
            if (refused.code() != ErrorCode.PRIVILEGE) {
                throw refused;
            }
            String role = destination.roleName();
            findings.error(
                    Side.DESTINATION,
                    "role \"%s\" may not set session_replication_role, so triggers and foreign keys"
                                    .formatted(role)
                            + " would act on rows that are copied",
                    destination
                            .remedies()
                            .replicaRole(role, session.version().atLeast(15))
                            .toArray(String[]::new));
        }
    }

    /** Checks what the role may do with the destination's tables. */
    void checkDestination(List<Table> tables) {
        Map<Integer, Row> privileges = privileges(destination, tables);
        String role = destination.roleName();
        checkSchemas(destination, privileges);
        lacking(
                tables,
                privileges,
                row -> row.flag("may_select") && row.flag("may_write"),
                lacking ->
                        findings.error(
                                Side.DESTINATION,
                                "role \"%s\" may not write %s"
                                        .formatted(role, Findings.names(names(lacking))),
                                Hints.grantOnTables(
                                        "SELECT, INSERT, UPDATE, DELETE, TRUNCATE",
                                        names(lacking),
                                        role)));
        checkRowSecurity(destination, tables, privileges);
        boolean rebuilds =
                !settings.options().keepIndexes() && !settings.options().skipInitialSync();
        boolean quietens = settings.options().withoutReplicaRole();
        if (rebuilds || quietens) {
            lacking(
                    tables,
                    privileges,
                    row -> row.flag("owner"),
                    lacking ->
                            findings.error(
                                    Side.DESTINATION,
                                    (quietens
                                                    ? "role \"%s\" may not switch off the triggers"
                                                            + " of %s: only the owner may"
                                                    : "role \"%s\" may not drop and build the"
                                                            + " indexes of %s: only the owner may")
                                            .formatted(role, Findings.names(names(lacking))),
                                    "make the role a member of the owner: GRANT owner TO role;",
                                    "or: " + Hints.owner(lacking.getFirst().name(), role),
                                    quietens
                                            ? "or let the role set session_replication_role, and"
                                                    + " leave --without-replica-role out"
                                            : "or leave the indexes in place, which is slower:"
                                                    + " --keep-indexes"));
        }
    }

    private void checkSchemas(ServerFacts side, Map<Integer, Row> privileges) {
        TreeSet<String> closed = new TreeSet<>();
        for (Row row : privileges.values()) {
            if (!row.flag("usage")) {
                closed.add(row.text("schema_name"));
            }
        }
        if (!closed.isEmpty()) {
            findings.error(
                    side.side(),
                    "role \"%s\" may not look into schema %s"
                            .formatted(side.roleName(), Findings.names(closed)),
                    Hints.grantOnSchemas("USAGE", List.copyOf(closed), side.roleName()));
        }
    }

    /**
     * Warp's sessions have {@code row_security = off}, so hidden rows would be an error, never
     * missing silently; and COPY FROM refuses such a table.
     */
    private void checkRowSecurity(
            ServerFacts side, List<Table> tables, Map<Integer, Row> privileges) {
        if (side.role().flag("bypasses_row_security")) {
            return;
        }
        List<Table> hidden =
                tables.stream()
                        .filter(Table::rowSecurity)
                        .filter(table -> {
                            Row row = privileges.get(table.oid());
                            boolean owner = row != null && row.flag("owner");
                            return table.rowSecurityForced() || !owner;
                        })
                        .toList();
        if (!hidden.isEmpty()) {
            findings.error(
                    side.side(),
                    "row-level security hides rows of %s from role \"%s\""
                            .formatted(Findings.names(names(hidden)), side.roleName()),
                    Hints.alterRole(side.roleName(), "BYPASSRLS"),
                    "or use a superuser, or the owner where it is not forced");
        }
    }

    private static Map<Integer, Row> privileges(ServerFacts side, List<Table> tables) {
        Map<Integer, Row> privileges = new HashMap<>();
        for (Row row : PRIVILEGES.rows(side.session(), Oids.of(tables))) {
            privileges.put(row.oid("oid"), row);
        }
        return privileges;
    }

    private static void lacking(
            List<Table> tables,
            Map<Integer, Row> privileges,
            Predicate<Row> enough,
            java.util.function.Consumer<List<Table>> report) {
        List<Table> lacking = new ArrayList<>();
        for (Table table : tables) {
            Row row = privileges.get(table.oid());
            if (row != null && !enough.test(row)) {
                lacking.add(table);
            }
        }
        if (!lacking.isEmpty()) {
            report.accept(lacking);
        }
    }

    private static List<TableName> names(List<Table> tables) {
        return tables.stream().map(Table::name).toList();
    }
}
