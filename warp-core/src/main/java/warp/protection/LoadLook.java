package warp.protection;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.config.SourceOptions;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.postgres.ThrottleQuery;
import warp.postgres.ThrottleQuery.Answer;
import warp.progress.EventLog;
import warp.protection.LoadState.Replica;

/**
 * Looks how busy the source is. A query of the user's that fails says nothing about the load: that
 * is reported, and nothing is held up by it. For one thread.
 */
final class LoadLook {

    private static final CatalogQuery SESSIONS = CatalogQuery.of(LoadLook.class, "active_sessions");
    private static final CatalogQuery REPLICAS = CatalogQuery.of(LoadLook.class, "replicas");

    /** How often a query that goes on failing is reported. */
    private static final long AGAIN_NANOS = Duration.ofMinutes(5).toNanos();

    private final SourceOptions options;
    private final String applicationName;
    private final EventLog log;
    private final Trend positions = new Trend();
    private @Nullable String failure;
    private long failureNanos;

    LoadLook(SourceOptions options, String applicationName, EventLog log) {
        this.options = options;
        this.applicationName = applicationName;
        this.log = log;
    }

    /**
     * Looks.
     *
     * @param position where the source's log is written now
     * @throws WarpException where the connection is lost
     */
    LoadState read(Session source, Lsn position, long nowNanos) {
        positions.add(nowNanos, position.value());
        return new LoadState(
                options.sessionsMax()
                        .map(_ -> SESSIONS.onlyRow(source, applicationName).integer("active")),
                options.replicaLagMax().flatMap(_ -> furthestBehind(source)),
                options.pauseQuery().flatMap(query -> ask(source, query, nowNanos)));
    }

    private Optional<Replica> furthestBehind(Session source) {
        return REPLICAS.rows(source).stream()
                .map(row -> new Replica(row.text("name"), lag(row)))
                .max(Comparator.comparing(Replica::lag));
    }

    /**
     * The server's own figure stands still while a replica replays nothing at all; so it is also
     * looked how long ago the source has written what was replayed last.
     */
    private Duration lag(Row row) {
        Duration own = positions.above(row.lsn("replayed").value());
        Duration told = Duration.ofMillis(row.number("lag_millis"));
        boolean level = own.isZero();
        return level || own.compareTo(told) > 0 ? own : told;
    }

    private Optional<Answer> ask(Session source, String query, long nowNanos) {
        try {
            Answer answer = ThrottleQuery.ask(source, query);
            failure = null;
            return Optional.of(answer);
        } catch (WarpException problem) {
            if (problem.code() == ErrorCode.CONNECTION) {
                throw problem;
            }
            String said = problem.summary();
            if (!said.equals(failure) || nowNanos - failureNanos > AGAIN_NANOS) {
                log.warn(
                        "--throttle-query fails, so nothing is paused because of it: " + said,
                        problem.hints());
                failure = said;
                failureNanos = nowNanos;
            }
            return Optional.empty();
        }
    }
}
