package warp.stream;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import warp.model.Lsn;
import warp.postgres.Connector;
import warp.postgres.wire.FrameSource;

/**
 * A slot of {@code pgoutput} that is to be read.
 *
 * @param publications whose changes are wanted
 * @param live opens its live stream at a position
 * @param folder where transactions wait, in files without a name, that are sent before they commit
 * @param detail told why something is not done, for those who want to know
 */
public record SlotReading(
        Connector source,
        String slot,
        List<String> publications,
        Function<Lsn, FrameSource> live,
        Path folder,
        Consumer<String> detail) {

    public SlotReading {
        publications = List.copyOf(publications);
    }

    /** With files where this machine has temporary ones. */
    public SlotReading(
            Connector source,
            String slot,
            List<String> publications,
            Function<Lsn, FrameSource> live,
            Consumer<String> detail) {
        this(
                source,
                slot,
                publications,
                live,
                Path.of(System.getProperty("java.io.tmpdir")),
                detail);
    }
}
