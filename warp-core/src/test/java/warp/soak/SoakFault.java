package warp.soak;

import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import warp.process.WarpChild;
import warp.sandbox.NetworkProxy.Direction;
import warp.soak.SoakPair.End;

/** What can befall a network, a server, its sessions or Warp, from outside. */
enum SoakFault {
    NETWORK_CUT,
    NETWORK_RESET,
    /** In the middle of whatever is sent just then. */
    RESET_AFTER_BYTES,
    NETWORK_REFUSING,
    NETWORK_SILENT,
    NETWORK_HALVED,
    NETWORK_SLOW,
    NETWORK_THROTTLED,
    SLOW_ACCEPT,
    SERVER_KILLED,
    SERVER_STOPPED_FAST,
    SERVER_STOPPED_IMMEDIATELY,
    SERVER_FROZEN,
    SESSIONS_TERMINATED,
    WALSENDER_TERMINATED,
    WARP_FROZEN;

    private static final int BYTES_MAX = 300_000;
    private static final int SHORT_MILLIS_MAX = 1_500;
    private static final int LONG_MILLIS_MAX = 13_000;

    /**
     * Lets it happen to a running Warp, for a while where it is something that lasts; may leave the
     * network bad.
     */
    void strike(SoakPair pair, WarpChild warp, SplittableRandom random)
            throws SQLException, InterruptedException {
        End end = random.nextBoolean() ? pair.source() : pair.destination();
        Direction way = random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT;
        switch (this) {
            case NETWORK_CUT -> end.network().cut();
            case NETWORK_RESET -> end.network().reset();
            case RESET_AFTER_BYTES -> end.network().resetAfter(way, random.nextInt(1, BYTES_MAX));
            case NETWORK_REFUSING -> {
                end.network().refuseConnections();
                end.network().reset();
                last(random);
            }
            case NETWORK_SILENT -> {
                end.network().fallSilent();
                last(random);
            }
            case NETWORK_HALVED -> {
                end.network().fallSilent(way);
                last(random);
            }
            case NETWORK_SLOW -> end.network().delay(Duration.ofMillis(random.nextInt(1, 60)));
            case NETWORK_THROTTLED -> end.network().throttle(random.nextInt(50_000, 3_000_000));
            case SLOW_ACCEPT ->
                    end.network().delayAccepting(Duration.ofMillis(random.nextInt(100, 2_000)));
            case SERVER_KILLED -> {
                end.server().killHard();
                down(end, random);
            }
            case SERVER_STOPPED_FAST -> {
                end.server().stop();
                down(end, random);
            }
            case SERVER_STOPPED_IMMEDIATELY -> {
                end.server().stopImmediately();
                down(end, random);
            }
            case SERVER_FROZEN -> {
                end.server().freeze();
                last(random);
                end.server().thaw();
            }
            case SESSIONS_TERMINATED -> terminate(end, "TRUE");
            case WALSENDER_TERMINATED ->
                    terminate(
                            pair.source(), "pid IN (SELECT active_pid FROM pg_replication_slots)");
            case WARP_FROZEN -> {
                warp.signal("STOP");
                last(random);
                warp.signal("CONT");
            }
        }
    }

    private static void terminate(End end, String which) throws SQLException {
        end.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE"
                        + " 'warp%' AND application_name <> 'warp-sandbox' AND "
                        + which);
    }

    private static void down(End end, SplittableRandom random) throws InterruptedException {
        Thread.sleep(random.nextInt(SHORT_MILLIS_MAX));
        end.server().start();
    }

    /** Mostly short, sometimes longer than either side waits for a word of the other. */
    private static void last(SplittableRandom random) throws InterruptedException {
        int most = random.nextInt(12) == 0 ? LONG_MILLIS_MAX : SHORT_MILLIS_MAX;
        Thread.sleep(random.nextInt(most));
    }
}
