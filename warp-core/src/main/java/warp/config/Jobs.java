package warp.config;

import java.net.InetAddress;
import java.util.stream.Stream;
import warp.config.ConnectionSettings.HostPort;

/**
 * How many sessions work side by side. Where nobody has said it, what pays: who copies many rows in
 * one go keeps a core of either server busy; those that outnumber the cores are in each other's
 * way, and the same rows cost both servers up to a half more. Who copies small tables also waits
 * for answers and the disk, and who builds an index keeps the destination alone busy: of these as
 * many pay as there are cores. How many cores a server has it does not tell, but of one that runs
 * on this machine it is known, and two that do share them.
 *
 * @param workers how many there are, from 1
 * @param largeAtOnce how many of them may copy large chunks at once, from 1 to all; also what pays
 *     for any other work that keeps both servers busy
 */
public record Jobs(int workers, int largeAtOnce) {

    public Jobs {
        if (largeAtOnce < 1 || largeAtOnce > workers) {
            throw new IllegalArgumentException(
                    "%d of %d workers for what is large".formatted(largeAtOnce, workers));
        }
    }

    /** Few enough for a small server, enough for most networks. */
    public static final int USUAL = 4;

    /** So many, whatever each of them does: a person wants it so, or a server is far. */
    public static Jobs of(int workers) {
        return new Jobs(workers, workers);
    }

    static Jobs usual(ConnectionSettings source, ConnectionSettings destination) {
        return usual(source, destination, Runtime.getRuntime().availableProcessors());
    }

    /**
     * For a migration between these.
     *
     * @param cores of this machine
     */
    static Jobs usual(ConnectionSettings source, ConnectionSettings destination, int cores) {
        int here = (int) Stream.of(source, destination).filter(Jobs::isHere).count();
        return here == 0
                ? of(USUAL)
                : new Jobs(Math.clamp(cores, 1, USUAL), Math.clamp(cores / here, 1, USUAL));
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
