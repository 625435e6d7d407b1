package warp.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import warp.testing.SchemaLines;

/**
 * Compares the destination's schema with what it should be: by pg_dump of both sides where one
 * program gets the same words from both servers; else by the catalogs of the destination and of a
 * database beside it that pg_dump and psql have made from the source. For one thread.
 */
final class Schemas {

    private static final int CATALOG_VERSION_MIN = 16;

    private final Scene scene;
    private final Path folder;

    /**
     * @param folder for files that are gone afterwards
     */
    Schemas(Scene scene, Path folder) {
        this.scene = scene;
        this.folder = folder;
    }

    /**
     * The differences between what {@code pg_dump} of the source makes and what the destination
     * has.
     *
     * @param role who pg_dump's text is run as at the destination; empty for the superuser
     */
    List<String> differences(List<String> dumpSwitches, String role)
            throws IOException, InterruptedException, SQLException {
        Optional<Dump> ofBoth =
                Dump.ofBoth(scene.source().version(), scene.destination().version());
        if (ofBoth.isPresent() && dumpSwitches.isEmpty() && role.isEmpty()) {
            List<String> wanted = ofBoth.get().statements(scene.sourceUri(), folder);
            return Dump.difference(wanted, ofBoth.get().statements(scene.destinationUri(), folder));
        }
        Dump dump =
                Dump.between(scene.source().version(), scene.destination().version())
                        .orElseThrow(() -> new AssertionError("no pg_dump reads the source"));
        String model = scene.createModel(role);
        Path script = Files.createTempFile(folder, "model", ".sql");
        dump.write(scene.sourceUri(), dumpSwitches, script);
        Psql.runAll(
                role.isEmpty()
                        ? scene.destination().uri(model)
                        : scene.destination().uri(model, role, role),
                script);
        Files.delete(script);
        try (Connection wanted = scene.destination().connect(model);
                Connection got = scene.connectToDestination()) {
            return Dump.difference(SchemaLines.complete(wanted), SchemaLines.complete(got));
        }
    }

    /** Everything about the destination's schema as it is now. */
    List<String> ofDestination() throws IOException, InterruptedException, SQLException {
        if (Double.parseDouble(scene.destination().version()) >= CATALOG_VERSION_MIN) {
            try (Connection destination = scene.connectToDestination()) {
                return SchemaLines.complete(destination);
            }
        }
        return Dump.ofBoth(scene.destination().version(), scene.destination().version())
                .orElseThrow(() -> new AssertionError("no pg_dump reads the destination"))
                .statements(scene.destinationUri(), folder);
    }
}
