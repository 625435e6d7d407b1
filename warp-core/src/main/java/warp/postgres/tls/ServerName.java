package warp.postgres.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Whether a certificate was made for a host, by the rules of {@code verify-full} ("Client
 * Verification of Server Certificates" in the manual): the alternative names count; the common name
 * only where there is no alternative name of the host's kind. {@code *} stands for one whole first
 * label.
 */
final class ServerName {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private ServerName() {}

    static boolean matches(X509Certificate certificate, String host) {
        Optional<InetAddress> address = literal(host);
        boolean nameOfKind = false;
        for (List<?> alternative : alternatives(certificate)) {
            int kind = (Integer) alternative.getFirst();
            String name = String.valueOf(alternative.get(1));
            if (kind == DNS_NAME) {
                nameOfKind |= address.isEmpty();
                if (matches(name, host, address.isEmpty())) {
                    return true;
                }
            } else if (kind == IP_ADDRESS) {
                nameOfKind |= address.isPresent();
                if (address.isPresent() && address.equals(literal(name))) {
                    return true;
                }
            }
        }
        return !nameOfKind
                && commonName(certificate)
                        .filter(name -> matches(name, host, address.isEmpty()))
                        .isPresent();
    }

    /** The names a certificate was made for, to tell a person. */
    static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        for (List<?> alternative : alternatives(certificate)) {
            int kind = (Integer) alternative.getFirst();
            if (kind == DNS_NAME || kind == IP_ADDRESS) {
                names.add(String.valueOf(alternative.get(1)));
            }
        }
        if (names.isEmpty()) {
            commonName(certificate).ifPresent(names::add);
        }
        return names;
    }

    private static boolean matches(String pattern, String host, boolean wildcards) {
        String wanted = pattern.toLowerCase(Locale.ROOT);
        String given = host.toLowerCase(Locale.ROOT);
        if (wanted.equals(given)) {
            return true;
        }
        int dot = given.indexOf('.');
        return wildcards
                && wanted.startsWith("*.")
                && dot > 0
                && wanted.substring(1).equals(given.substring(dot));
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException problem) {
            return List.of();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            for (Rdn part :
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return Optional.of(part.getValue().toString());
                }
            }
        } catch (InvalidNameException problem) {
            // A subject that cannot be read names no host.
        }
        return Optional.empty();
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException problem) {
            return Optional.empty();
        }
    }
}
