package warp.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * Reads {@code postgresql://user:password@host:port,host:port/database?name=value&…} as libpq does
 * ("Connection URIs" in the manual).
 *
 * <p>No error repeats what stands before the path: a password whose {@code /}, {@code @} or {@code
 * :} was not percent-encoded would be taken for host, port or database, and shown.
 */
final class ConnectionUri {

    private static final Pattern SCHEME = Pattern.compile("(?i)postgres(ql)?://.*", Pattern.DOTALL);
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final String ORIGIN = "in the URI";
    private static final String ENCODE =
            "inside user, password, host and database write / as %2F, @ as %40, : as %3A, ? as"
                    + " %3F, # as %23 and % as %25";

    private final String text;
    private final ConnectionParameters parameters = new ConnectionParameters();
    private int position;

    private ConnectionUri(String text) {
        this.text = text;
        this.position = text.indexOf("://") + 3;
    }

    /** Whether the text starts as a PostgreSQL URI does. */
    static boolean looksLikeOne(String text) {
        return SCHEME.matcher(text).matches();
    }

    static ConnectionParameters parse(String text) {
        ConnectionUri uri = new ConnectionUri(text);
        boolean loginGiven = uri.login();
        uri.hosts();
        uri.database(loginGiven);
        uri.query();
        return uri.parameters;
    }

    private boolean login() {
        int end = next("@/", position);
        if (end == text.length() || text.charAt(end) != '@') {
            return false;
        }
        String login = text.substring(position, end);
        int colon = login.indexOf(':');
        String user = colon < 0 ? login : login.substring(0, colon);
        if (!user.isEmpty()) {
            parameters.setUnquotable(Keyword.USER, PercentCoding.decode(user, "user"), ORIGIN);
        }
        if (colon >= 0) {
            String password = PercentCoding.decode(login.substring(colon + 1), "password");
            parameters.setUnquotable(Keyword.PASSWORD, password, ORIGIN);
        }
        position = end + 1;
        return true;
    }

    private void hosts() {
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        while (true) {
            hosts.add(host());
            ports.add(at(':') ? port() : "");
            if (!at(',')) {
                break;
            }
            position++;
        }
        if (hosts.stream().anyMatch(host -> !host.isEmpty())) {
            parameters.setUnquotable(Keyword.HOST, String.join(",", hosts), ORIGIN);
        }
        if (ports.stream().anyMatch(port -> !port.isEmpty())) {
            parameters.setUnquotable(Keyword.PORT, String.join(",", ports), ORIGIN);
        }
    }

    private String host() {
        if (!at('[')) {
            int end = next(":/?,", position);
            String host = text.substring(position, end);
            if (host.indexOf('@') >= 0) {
                throw malformed("the URI has more than one @ before its path").hint(ENCODE);
            }
            position = end;
            return PercentCoding.decode(host, "host");
        }
        int end = text.indexOf(']', position);
        if (end < 0) {
            throw malformed("the URI's IPv6 address has no closing bracket");
        }
        String address = PercentCoding.decode(text.substring(position + 1, end), "host");
        position = end + 1;
        if (address.isEmpty()) {
            throw malformed("the URI's IPv6 address is empty");
        }
        if (position < text.length() && ":/?,".indexOf(text.charAt(position)) < 0) {
            throw malformed("the URI's IPv6 address is not followed by a port or a path")
                    .hint("write [::1]:5432/database");
        }
        return address;
    }

    /** The port after a colon, checked here, where it can be named without being quoted. */
    private String port() {
        int end = next("/?,", position + 1);
        String port = PercentCoding.decode(text.substring(position + 1, end), "port");
        position = end;
        boolean number = PORT.matcher(port).matches();
        if (!port.isEmpty() && !(number && Ports.isValid(Integer.parseInt(port)))) {
            throw malformed("the URI's port is not a number from 1 to 65535").hint(ENCODE);
        }
        return port;
    }

    private void database(boolean loginGiven) {
        if (!at('/')) {
            return;
        }
        int end = next("?", position);
        String database = text.substring(position + 1, end);
        if (!loginGiven && database.indexOf('@') >= 0) {
            throw malformed("the URI has an @ after its first / and none before it").hint(ENCODE);
        }
        position = end;
        if (!database.isEmpty()) {
            parameters.set(Keyword.DBNAME, PercentCoding.decode(database, "database"), ORIGIN);
        }
    }

    private void query() {
        if (position == text.length()) {
            return;
        }
        for (String pair : text.substring(position + 1).split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 0 || pair.indexOf('=', equals + 1) >= 0) {
                throw malformed("a parameter after the URI's ? is not of the form name=value")
                        .hint("inside a value write = as %3D and & as %26");
            }
            parameter(
                    PercentCoding.decode(pair.substring(0, equals), "parameter name"),
                    pair.substring(equals + 1));
        }
    }

    private void parameter(String name, String encoded) {
        String value = PercentCoding.decode(encoded, "parameter \"" + name + "\"");
        // As libpq does, for the sake of JDBC's URLs.
        if (name.equals("ssl") && value.equals("true")) {
            parameters.set(Keyword.SSLMODE, "require", ORIGIN);
            return;
        }
        Optional<Keyword> keyword = Keyword.named(name);
        if (keyword.isEmpty()) {
            WarpException unknown = malformed("the URI has an unknown parameter \"" + name + "\"");
            throw Keyword.suggestion(name).map(unknown::hint).orElse(unknown);
        }
        parameters.set(keyword.get(), value, ORIGIN);
    }

    private boolean at(char expected) {
        return position < text.length() && text.charAt(position) == expected;
    }

    /** Where the first of the characters stands, or the end. */
    private int next(String characters, int from) {
        int index = from;
        while (index < text.length() && characters.indexOf(text.charAt(index)) < 0) {
            index++;
        }
        return index;
    }

    private static WarpException malformed(String what) {
        return new WarpException(ErrorCode.CONFIG, what);
    }
}
