package warp.config;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import warp.config.ConnectionSettings.HostPort;
import warp.error.WarpException;

/**
 * Pairs {@code host}, {@code hostaddr} and {@code port}, each a list with commas, as libpq does
 * ("Specifying Multiple Hosts" in the manual). Names outside ASCII become what the DNS holds.
 */
final class HostList {

    /**
     * One host to try.
     *
     * @param given the name as the user wrote it, which is what {@code .pgpass} is searched for
     */
    record Host(String given, HostPort address) {}

    private static final String DEFAULT = "localhost";

    private final ConnectionParameters parameters;

    HostList(ConnectionParameters parameters) {
        this.parameters = parameters;
    }

    List<Host> read() {
        List<String> names = split(Keyword.HOST);
        List<String> addresses = split(Keyword.HOSTADDR);
        List<String> ports = split(Keyword.PORT);
        int count = Math.max(1, Math.max(names.size(), addresses.size()));
        if (!names.isEmpty() && !addresses.isEmpty() && names.size() != addresses.size()) {
            throw parameters.bad(
                    Keyword.HOSTADDR, "has not as many entries as host: " + names.size());
        }
        if (ports.size() > 1 && ports.size() != count) {
            throw parameters.bad(
                    Keyword.PORT, "has " + ports.size() + " entries for " + count + " hosts");
        }
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String address = entry(addresses, i).orElse("");
            String name = entry(names, i).orElse(address.isEmpty() ? DEFAULT : address);
            Optional<String> port = ports.size() == 1 ? entry(ports, 0) : entry(ports, i);
            String reached = address.isEmpty() ? name : address;
            hosts.add(new Host(name, new HostPort(ascii(reached), port(port))));
        }
        return hosts;
    }

    private List<String> split(Keyword keyword) {
        return parameters
                .value(keyword)
                .map(text -> List.of(text.split(",", -1)))
                .orElse(List.of());
    }

    private static Optional<String> entry(List<String> entries, int index) {
        return index < entries.size()
                ? Optional.of(entries.get(index).strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private int port(Optional<String> text) {
        try {
            int port = text.map(Integer::parseInt).orElse(Ports.DEFAULT);
            if (Ports.isValid(port)) {
                return port;
            }
        } catch (NumberFormatException notNumber) {
            throw badPort();
        }
        throw badPort();
    }

    private WarpException badPort() {
        return parameters.bad(Keyword.PORT, "is not a number from 1 to 65535");
    }

    private String ascii(String host) {
        if (host.startsWith("/") || host.startsWith("@")) {
            throw parameters
                    .bad(Keyword.HOST, "is a Unix-domain socket; Warp connects by TCP only")
                    .hint("use host=localhost; the server needs listen_addresses = 'localhost'");
        }
        if (host.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw parameters.bad(Keyword.HOST, "has a blank or control character in it");
        }
        if (host.chars().allMatch(c -> c < 0x80)) {
            return host;
        }
        try {
            return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException notName) {
            throw parameters.bad(Keyword.HOST, "is not a host name that the DNS can hold");
        }
    }
}
