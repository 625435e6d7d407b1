package warp.config;

/** TCP port numbers. */
final class Ports {

    static final int DEFAULT = 5432;

    private Ports() {}

    static boolean isValid(int port) {
        return port >= 1 && port <= 65535;
    }
}
