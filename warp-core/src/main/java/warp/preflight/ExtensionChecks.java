package warp.preflight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import warp.model.Cloud;
import warp.model.Side;
import warp.postgres.CloudCatalog;
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
        List<Row> used =
                source.session()
                        .query(
                                "SELECT extname AS name, extversion AS version FROM"
                                        + " pg_catalog.pg_extension WHERE extname <> 'plpgsql'"
                                        + " ORDER BY 1");
        if (used.isEmpty()) {
            return; // what a server offers stands in a hundred files that it would have to read
        }
        Map<String, String> offered = offered(making);
        Set<String> own =
                making
                        ? CloudCatalog.ownExtensions(source.session(), destination.session())
                        : Set.of();
        if (!own.isEmpty()) {
            findings.note(
                    Side.SOURCE,
                    "extensions that only this service has are left out: " + Findings.names(own),
                    "what needs them is reported when it is made");
        }
        List<String> lacking = new ArrayList<>();
        List<String> differing = new ArrayList<>();
        for (Row row : used) {
            String version = offered.get(row.text("name"));
            if (own.contains(row.text("name"))) {
                continue;
            }
            if (version == null || isForbidden(row.text("name"))) {
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

    /** The versions of those that the destination has, or can have. */
    private Map<String, String> offered(boolean making) {
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
        return offered;
    }

    /** Azure offers extensions in the catalog that it makes only where they are on its list. */
    private boolean isForbidden(String extension) {
        return destination.cloud() == Cloud.AZURE_FLEXIBLE
                && !Arrays.asList(allowedByAzure().split("\\s*,\\s*"))
                        .contains(extension.toLowerCase(Locale.ROOT));
    }

    private String allowedByAzure() {
        return destination
                .session()
                .queryOne(
                        "SELECT"
                            + " pg_catalog.lower(coalesce(pg_catalog.current_setting('azure.extensions',"
                            + " true), '')) AS allowed")
                .text("allowed");
    }

    private void missing(List<String> lacking) {
        findings.error(
                Side.DESTINATION,
                "the server does not offer "
                        + (lacking.size() == 1 ? "the extension " : "the extensions ")
                        + Findings.names(lacking),
                destination.remedies().extension(lacking),
                "or drop it at the source if nothing uses it: DROP EXTENSION …;");
    }
}
