package warp.config;

import java.net.InetAddress;
import java.util.stream.Stream;
import warp.config.ConnectionSettings.HostPort;

/**
 * How many sessions work side by side where nobody has said it. Who copies keeps a core of either
 * server busy; those that outnumber the cores are in each other's way, and the same rows cost both
 * servers up to a half more. How many cores a server has it does not tell, but of one that runs on
 * this machine it is known, and two that do share them.
 */
public final class Jobs {

    /** Few enough for a small server, enough for most networks. */
    public static final int USUAL = 4;

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
        long here = Stream.of(source, destination).filter(Jobs::isHere).count();
        return here == 0 ? USUAL : Math.clamp(cores / here, 1, USUAL);
    }

    private static boolean isHere(ConnectionSettings side) {
        return side.hosts().stream().map(HostPort::host).anyMatch(Jobs::isLoopback);
    }

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }
}
