package warp.config;

import java.util.Arrays;
import java.util.List;
import warp.config.ConnectionSettings.Handshake;
import warp.error.WarpException;

/**
 * Reads what must hold before a server is trusted ("Parameter Key Words" in the manual). What Warp
 * cannot do is an error here, and never passed over: a connection weaker than what was asked for is
 * worse than none.
 */
final class HandshakeReader {

    private static final List<String> CHANNEL_BINDING = List.of("disable", "prefer", "require");
    private static final List<String> NEGOTIATION = List.of("postgres", "direct");
    private static final List<String> PROTOCOLS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final List<String> METHODS =
            List.of("password", "md5", "gss", "sspi", "scram-sha-256", "none");
    private static final List<String> CERTIFICATE = List.of("disable", "allow", "require");
    private static final List<String> GSS = List.of("disable", "prefer", "require");

    private final ConnectionParameters all;

    HandshakeReader(ConnectionParameters all) {
        this.all = all;
    }

    Handshake read(SslMode mode) {
        if (all.oneOf(Keyword.GSSENCMODE, GSS, "prefer").equals("require")) {
            throw all.bad(Keyword.GSSENCMODE, "cannot be met: Warp encrypts by TLS only")
                    .hint("use gssencmode=disable with sslmode=verify-full");
        }
        String certificate = all.oneOf(Keyword.SSLCERTMODE, CERTIFICATE, "allow");
        if (certificate.equals("require")) {
            throw all.bad(Keyword.SSLCERTMODE, "cannot be met: Warp does not see that it is asked")
                    .hint("use sslcertmode=allow, and let pg_hba.conf say cert or clientcert");
        }
        boolean direct =
                all.oneOf(Keyword.SSLNEGOTIATION, NEGOTIATION, "postgres").equals("direct");
        if (direct && mode.compareTo(SslMode.REQUIRE) < 0) {
            throw all.bad(Keyword.SSLNEGOTIATION, "is too strong for sslmode=" + mode)
                    .hint("use sslmode=require or stronger");
        }
        return new Handshake(
                all.oneOf(Keyword.CHANNEL_BINDING, CHANNEL_BINDING, "prefer"),
                requireAuth(),
                direct,
                protocol(Keyword.SSL_MIN_PROTOCOL_VERSION),
                protocol(Keyword.SSL_MAX_PROTOCOL_VERSION),
                !certificate.equals("disable"));
    }

    private String protocol(Keyword keyword) {
        String version = all.oneOf(keyword, PROTOCOLS, "");
        if (keyword == Keyword.SSL_MAX_PROTOCOL_VERSION
                && !version.isEmpty()
                && version.compareTo("TLSv1.2") < 0) {
            throw all.bad(keyword, "cannot be met: Warp speaks TLSv1.2 and TLSv1.3");
        }
        boolean twisted =
                all.value(Keyword.SSL_MIN_PROTOCOL_VERSION).orElse("").equals("TLSv1.3")
                        && all.value(Keyword.SSL_MAX_PROTOCOL_VERSION).orElse("").equals("TLSv1.2");
        if (twisted) {
            throw all.bad(keyword, "leaves no version of TLS between least and greatest");
        }
        return version;
    }

    private String requireAuth() {
        String given = all.value(Keyword.REQUIRE_AUTH).orElse("");
        if (given.isEmpty()) {
            return "";
        }
        List<String> words = Arrays.stream(given.split(",", -1)).map(String::strip).toList();
        long negated = words.stream().filter(word -> word.startsWith("!")).count();
        if (negated > 0 && negated < words.size()) {
            throw all.bad(
                    Keyword.REQUIRE_AUTH, "mixes methods with and without an exclamation mark");
        }
        for (String word : words) {
            String method = word.startsWith("!") ? word.substring(1) : word;
            if (!METHODS.contains(method)) {
                WarpException bad =
                        all.bad(
                                Keyword.REQUIRE_AUTH,
                                "has a method that is not one of " + String.join(", ", METHODS));
                throw Nearest.to(method, METHODS)
                        .map(near -> bad.hint("did you mean \"" + near + "\"?"))
                        .orElse(bad);
            }
        }
        return String.join(",", words);
    }
}
