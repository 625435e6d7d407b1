package warp.console;

import java.util.List;

/** Says everything to two logs, the terminal's and the file's. */
public record TeeLog(MigrationLog first, MigrationLog second) implements MigrationLog {

    @Override
    public void info(String line) {
        first.info(line);
        second.info(line);
    }

    @Override
    public void warn(String line, List<String> hints) {
        first.warn(line, hints);
        second.warn(line, hints);
    }

    @Override
    public void error(String line, List<String> hints) {
        first.error(line, hints);
        second.error(line, hints);
    }

    @Override
    public void detail(String line) {
        first.detail(line);
        second.detail(line);
    }

    @Override
    public void trace(String line, Throwable problem) {
        first.trace(line, problem);
        second.trace(line, problem);
    }

    @Override
    public void close() {
        try (first) {
            second.close();
        }
    }
}
