package warp.console;

import java.util.List;
import warp.progress.EventLog;

/** An {@link EventLog} that can also say why a migration ended. */
public interface MigrationLog extends EventLog, AutoCloseable {

    /** The migration ended with this; each hint becomes a {@code HINT:} line. */
    void error(String line, List<String> hints);

    /** Whatever is written is safe on its way; nothing may be logged afterwards. */
    @Override
    void close();
}
