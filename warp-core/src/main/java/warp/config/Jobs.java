package warp.config;

import java.net.InetAddress;
import java.util.stream.Stream;
import warp.config.ConnectionSettings.HostPort;

/**
 * How many sessions work side by side where nobody has said it. One session keeps a core of either
 * server busy; those that outnumber the cores are in each other's way, and the same rows cost both
 * servers a tenth more. How many cores a server has it does not tell, but of one that runs on this
 * machine it is known.
 */
public final class Jobs {

    /** Few enough for a small server, enough for most networks. */
    public static final int USUAL = 4;

    /** So that something is sent while something else is committed. */
    private static final int MIN = 2;

    private Jobs() {}

    static int usual(ConnectionSettings source, ConnectionSettings destination) {
        return usual(source, destination, Runtime.getRuntime().availableProcessors());
    }

    /**
     * For a migration between these.
     *
     * @param cores of this machine
     */
    static int usual(ConnectionSettings source, ConnectionSettings destination, int cores) {
        boolean here =
                Stream.of(source, destination)
                        .flatMap(side -> side.hosts().stream())
                        .anyMatch(Jobs::isHere);
        return here ? Math.clamp(cores, MIN, USUAL) : USUAL;
    }

    private static boolean isHere(HostPort place) {
        if (place.host().equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(place.host()).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }
}
