package warp.model;

/**
 * A server's {@code server_version_num}: 90624 for 9.6.24, 180006 for 18.6.
 *
 * @param number as the server reports it, at least 90000
 */
public record ServerVersion(int number) implements Comparable<ServerVersion> {

    public ServerVersion {
        if (number < 90000) {
            throw new IllegalArgumentException("not a server_version_num: " + number);
        }
    }

    /**
     * Whether this is {@code major} or newer; for versions before 10 see {@link #atLeast(int,
     * int)}.
     */
    public boolean atLeast(int major) {
        return number >= major * 10000;
    }

    /**
     * Whether this is {@code major.minor} or newer, for the versions with two-part majors: 9.4 to
     * 9.6.
     */
    public boolean atLeast(int major, int minor) {
        return number >= major * 10000 + minor * 100;
    }

    /** {@code 9.6} or {@code 18}: the part that decides about features. */
    public String major() {
        return number >= 100000
                ? Integer.toString(number / 10000)
                : number / 10000 + "." + number / 100 % 100;
    }

    @Override
    public int compareTo(ServerVersion other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return major() + "." + number % (number >= 100000 ? 10000 : 100);
    }
}
