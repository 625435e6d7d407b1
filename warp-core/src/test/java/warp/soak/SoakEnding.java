package warp.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;
import warp.testing.SchemaLines;

/**
 * What must be true in the end, however much has failed.
 *
 * @param source indexes, constraints, triggers and replica identities before the first run
 * @param destination the same of the destination
 */
record SoakEnding(SoakPair pair, SoakPlan plan, List<String> source, List<String> destination) {

    private static final String SEQUENCES =
            "SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class c JOIN"
                    + " pg_namespace n ON n.oid = relnamespace WHERE relkind = 'S' AND nspname IN"
                    + " ('load', 'made')";

    /** To be asked before Warp is run. */
    static SoakEnding expecting(SoakPair pair, SoakPlan plan) throws SQLException {
        return new SoakEnding(pair, plan, schema(pair.source()), schema(pair.destination()));
    }

    /** Every row and every sequence; tells how many rows. */
    long requireEqual() throws SQLException {
        try (Connection source = pair.source().connect();
                Connection destination = pair.destination().connect()) {
            Comparison comparison = DatabaseContent.compare(source, destination);
            assertThat(comparison.differences()).isEmpty();
            assertThat(comparison.tables()).isPositive();
            for (String sequence : pair.source().rows(SEQUENCES)) {
                String value = "SELECT (last_value, is_called)::text FROM " + sequence;
                assertThat(pair.destination().rows(value))
                        .as(sequence)
                        .isEqualTo(pair.source().rows(value));
            }
            return comparison.rows();
        }
    }

    /** After {@code --clean}: both sides as they were before, but for the rows. */
    void requireNothingLeft() throws Exception {
        assertThat(pair.source().rows("SELECT slot_name::text FROM pg_replication_slots"))
                .isEmpty();
        if (SoakPlan.number(plan.source()) >= 10) {
            assertThat(pair.source().rows("SELECT pubname::text FROM pg_publication")).isEmpty();
        }
        assertThat(
                        pair.destination()
                                .rows(
                                        "SELECT nspname::text FROM pg_namespace WHERE nspname ="
                                                + " 'warp'"))
                .isEmpty();
        try (Stream<Path> files = Files.list(pair.folder())) {
            assertThat(files.map(file -> file.getFileName().toString()).toList())
                    .as("files but for the log of planned defects")
                    .isSubsetOf(".warp.log", "files", "spool");
        }
        for (String name : List.of("files", "spool")) {
            if (Files.isDirectory(pair.folder().resolve(name))) {
                assertThat(pair.folder().resolve(name)).isEmptyDirectory();
            }
        }
        assertThat(ProcessHandle.allProcesses().filter(this::isDump).toList()).isEmpty();
        assertThat(schema(pair.source())).isEqualTo(source);
        if (!plan.makesSchema()) {
            assertThat(schema(pair.destination())).isEqualTo(destination);
        }
    }

    /** A pg_dump of our source outlives no Warp. */
    private boolean isDump(ProcessHandle process) {
        String line = process.info().commandLine().orElse("");
        return line.contains("pg_dump") && line.contains(pair.source().network().port() + "");
    }

    private static List<String> schema(SoakPair.End end) throws SQLException {
        try (Connection connection = end.connect()) {
            return SchemaLines.all(connection);
        }
    }
}
