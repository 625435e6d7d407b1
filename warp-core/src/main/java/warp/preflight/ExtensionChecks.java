package warp.preflight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warp.model.Side;
import warp.postgres.Row;

/** Compares the extensions of both sides. */
final class ExtensionChecks {

    private final ServerFacts source;
    private final ServerFacts destination;
    private final Findings findings;

    ExtensionChecks(ServerFacts source, ServerFacts destination, Findings findings) {
        this.source = source;
        this.destination = destination;
        this.findings = findings;
    }

    /**
     * Checks them.
     *
     * @param making whether the destination's are made with the schema; else those that are not
     *     there are not missed
     */
    void run(boolean making) {
        Map<String, String> offered = new HashMap<>();
        for (Row row :
                destination
                        .session()
                        .query(
                                "SELECT name, coalesce(installed_version, CASE WHEN ?::boolean THEN"
                                        + " default_version END) AS version FROM"
                                        + " pg_catalog.pg_available_extensions",
                                making)) {
            offered.put(row.text("name"), row.optionalText("version").orElse(""));
        }
        List<String> lacking = new ArrayList<>();
        List<String> differing = new ArrayList<>();
        for (Row row :
                source.session()
                        .query(
                                "SELECT extname AS name, extversion AS version FROM"
                                        + " pg_catalog.pg_extension WHERE extname <> 'plpgsql'"
                                        + " ORDER BY 1")) {
            String version = offered.get(row.text("name"));
            if (version == null) {
                lacking.add(row.text("name"));
            } else if (!version.isEmpty() && !version.equals(row.text("version"))) {
                differing.add(
                        "%s %s and %s".formatted(row.text("name"), row.text("version"), version));
            }
        }
        if (making && !lacking.isEmpty()) {
            missing(lacking);
        }
        if (!differing.isEmpty()) {
            findings.note(
                    Side.DESTINATION,
                    "versions of extensions at the source and here: " + Findings.names(differing),
                    "where it matters: ALTER EXTENSION … UPDATE at the older side, or CREATE"
                            + " EXTENSION … VERSION … here before");
        }
    }

    private void missing(List<String> lacking) {
        findings.error(
                Side.DESTINATION,
                "the server does not offer "
                        + (lacking.size() == 1 ? "the extension " : "the extensions ")
                        + Findings.names(lacking),
                "install there the package that holds it, such as postgresql-contrib; a managed"
                        + " service has a list of allowed extensions",
                "or drop it at the source if nothing uses it: DROP EXTENSION …;");
    }
}
