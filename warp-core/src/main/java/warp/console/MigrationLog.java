package warp.console;

import warp.progress.EventLog;

/** An {@link EventLog} that ends with its migration. */
public interface MigrationLog extends EventLog, AutoCloseable {

    /** Whatever is written is safe on its way; nothing may be logged afterwards. */
    @Override
    void close();
}
