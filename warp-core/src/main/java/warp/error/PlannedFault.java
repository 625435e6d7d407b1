package warp.error;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import warp.error.FaultPoint.Edge;

/**
 * What a test wants to go wrong, once: {@code chunk_copied:after:2:halt} ends the process when the
 * second chunk has been committed. Given to a process by the property {@value #PROPERTY}, several
 * with commas between them.
 *
 * @param time 1 for the first time that the point is reached
 */
public record PlannedFault(FaultPoint point, Edge edge, int time, Action action) {

    /** The system property that tells a process. */
    public static final String PROPERTY = "warp.fault";

    /** What a process ends with that was halted. */
    public static final int HALTED = 99;

    /** How it goes wrong. */
    public enum Action {
        /** As if the connection had just broken. */
        CONNECTION,
        /** A programmer's mistake. */
        DEFECT,
        /** The process is gone at once, as by SIGKILL. */
        HALT
    }

    public PlannedFault {
        if (time < 1) {
            throw new IllegalArgumentException("not a time: " + time);
        }
    }

    /** Reads what {@link #toString} prints. */
    static PlannedFault parse(String text) {
        List<String> parts = List.of(text.toUpperCase(Locale.ROOT).split(":", -1));
        if (parts.size() != 4) {
            throw new IllegalArgumentException("not a fault: " + text);
        }
        return new PlannedFault(
                FaultPoint.valueOf(parts.get(0)),
                Edge.valueOf(parts.get(1)),
                Integer.parseInt(parts.get(2)),
                Action.valueOf(parts.get(3)));
    }

    /** The plan that a text stands for; null for an empty one. */
    static FaultPoint.@Nullable Plan plan(String text) {
        if (text.isBlank()) {
            return null;
        }
        List<Counted> faults =
                Arrays.stream(text.split(","))
                        .map(PlannedFault::parse)
                        .map(fault -> new Counted(fault, new AtomicInteger()))
                        .toList();
        return (point, edge) -> faults.forEach(fault -> fault.reached(point, edge));
    }

    private record Counted(PlannedFault fault, AtomicInteger times) {
        void reached(FaultPoint point, Edge edge) {
            if (point == fault.point
                    && edge == fault.edge
                    && times.incrementAndGet() == fault.time) {
                fault.happen();
            }
        }
    }

    private void happen() {
        switch (action) {
            case CONNECTION ->
                    throw new WarpException(ErrorCode.CONNECTION, "a planned fault: " + this);
            case DEFECT -> throw new IllegalStateException("a planned fault: " + this);
            case HALT -> Runtime.getRuntime().halt(HALTED);
        }
    }

    @Override
    public String toString() {
        return "%s:%s:%d:%s".formatted(point, edge, time, action).toLowerCase(Locale.ROOT);
    }
}
