package warp.error;

import java.util.Objects;

/** Lets the Warps of this JVM fail as planned, until closed. */
public final class Faults implements AutoCloseable {

    private volatile boolean happened;

    private Faults(PlannedFault fault) {
        FaultPoint.Plan plan = Objects.requireNonNull(PlannedFault.plan(fault.toString()));
        FaultPoint.follow((point, edge) -> {
            try {
                plan.reached(point, edge);
            } catch (RuntimeException planned) {
                happened = true;
                throw planned;
            }
        });
    }

    public static Faults plan(PlannedFault fault) {
        return new Faults(fault);
    }

    /** Whether it has thrown. */
    public boolean happened() {
        return happened;
    }

    @Override
    public void close() {
        FaultPoint.follow(null);
    }
}
