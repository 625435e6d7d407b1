package warp.migration;

import warp.copy.CopyThrottle;
import warp.progress.Throttle;

/** Lets the throttle of a migration hold up the workers of one copy. */
final class Braking implements CopyThrottle {

    private final Throttle.Gate gate;

    private Braking(Throttle.Gate gate) {
        this.gate = gate;
    }

    static CopyThrottle by(Throttle throttle) {
        return new Braking(throttle.gate());
    }

    @Override
    public void passed(int bytes) {
        gate.passed(bytes);
    }

    @Override
    public void end() {
        gate.end();
    }
}
