package warp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a benchmark found. */
sealed interface Outcome permits Report, AimReport, FigureReport, CatalogReport, Outcomes {

    /** A table in Markdown, with what it was measured on above it. */
    String table();

    /** Writes everything as JSON and returns the files. */
    List<Path> write(Path folder) throws IOException;

    /** Whether every contestant did its whole job in every run. */
    boolean complete();
}
