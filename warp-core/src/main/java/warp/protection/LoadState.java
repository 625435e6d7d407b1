package warp.protection;

import java.time.Duration;
import java.util.Optional;
import warp.postgres.ThrottleQuery;

/**
 * How busy the source is, as far as it was asked for.
 *
 * @param sessions active ones of others
 * @param replica the one that is furthest behind
 * @param query what the query of the user gave
 */
record LoadState(
        Optional<Integer> sessions,
        Optional<Replica> replica,
        Optional<ThrottleQuery.Answer> query) {

    /** A replica of the source. */
    record Replica(String name, Duration lag) {}
}
