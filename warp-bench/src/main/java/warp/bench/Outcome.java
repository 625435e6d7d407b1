package warp.bench;

import java.io.IOException;
import java.nio.file.Path;

/** What a benchmark found. */
sealed interface Outcome permits Report, CatalogReport {

    /** A table in Markdown, with what it was measured on above it. */
    String table();

    /** Writes everything as JSON and returns the file. */
    Path write(Path folder) throws IOException;

    /** Whether every contestant did its whole job in every run. */
    boolean complete();
}
