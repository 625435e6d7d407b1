package warp.copy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import warp.progress.EventLog;

/** Keeps every line. */
final class RecordingLog implements EventLog {

    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void info(String line) {
        lines.add(line);
    }

    @Override
    public void warn(String line, List<String> hints) {
        lines.add("warning: " + line + " " + hints);
    }

    @Override
    public void error(String line, List<String> hints) {
        lines.add("error: " + line + " " + hints);
    }

    @Override
    public void detail(String line) {
        lines.add(line);
    }

    @Override
    public void trace(String line, Throwable problem) {
        lines.add(line);
    }
}
