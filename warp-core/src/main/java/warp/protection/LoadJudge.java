package warp.protection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import warp.config.SourceOptions;
import warp.config.TimeSpan;
import warp.postgres.ThrottleQuery;

/**
 * Whether the source is too busy for Warp to go on. One look beyond a limit is enough to pause; to
 * go on it takes several looks in a row that are clearly below, so that it does not flap at the
 * limit. Pure. For one thread.
 */
final class LoadJudge {

    /** Looks in a row that must be calm. */
    static final int CALM_LOOKS = 3;

    /** What is clearly below a limit, as a share of it. */
    private static final double CLEARLY = 0.9;

    private final SourceOptions options;
    private boolean holding;
    private int calmLooks;
    private String last = "";

    LoadJudge(SourceOptions options) {
        this.options = options;
    }

    /** Why to pause now; empty to go on. */
    Optional<String> after(LoadState state) {
        List<String> over = reasons(state, 1);
        List<String> near = reasons(state, CLEARLY);
        if (!over.isEmpty()) {
            holding = true;
            calmLooks = 0;
            last = String.join("; ", over);
        } else if (holding && !near.isEmpty()) {
            calmLooks = 0;
            last = String.join("; ", near);
        } else if (holding && ++calmLooks >= CALM_LOOKS) {
            holding = false;
        }
        return holding ? Optional.of(last) : Optional.empty();
    }

    private List<String> reasons(LoadState state, double share) {
        List<String> reasons = new ArrayList<>();
        options.sessionsMax()
                .ifPresent(most ->
                        state.sessions()
                                .filter(active -> active > Math.floor(most * share))
                                .ifPresent(active -> reasons.add(sessions(active, most))));
        options.replicaLagMax()
                .ifPresent(most ->
                        state.replica()
                                .filter(it ->
                                        it.lag().toMillis() > most.duration().toMillis() * share)
                                .ifPresent(it -> reasons.add(replica(it, most))));
        state.query()
                .filter(ThrottleQuery.Answer::holds)
                .ifPresent(answer -> reasons.add("--throttle-query gives " + answer.text()));
        return reasons;
    }

    private static String sessions(int active, int most) {
        return "%d %s active at the source (--max-load=%d)"
                .formatted(active, active == 1 ? "session is" : "sessions are", most);
    }

    private static String replica(LoadState.Replica replica, TimeSpan most) {
        return "replica %s is %s behind (--max-replica-lag=%s)"
                .formatted(replica.name(), TimeSpan.rounded(replica.lag()), most);
    }
}
