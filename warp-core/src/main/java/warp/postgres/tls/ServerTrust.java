package warp.postgres.tls;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a server's certificate: whether it leads to a root, and whether it was made for the
 * host. Says in words why not.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    private final @Nullable TrustedRoots roots;
    private final @Nullable String host;

    /**
     * @param roots null takes any certificate: encryption without proof of who is at the other end
     * @param host whom the certificate must name; null for anybody that the roots vouch for
     */
    ServerTrust(@Nullable TrustedRoots roots, @Nullable String host) {
        this.roots = roots;
        this.host = host;
    }

    private void check(X509Certificate[] chain, String keyExchange) throws CertificateException {
        if (roots == null) {
            return;
        }
        X509Certificate certificate = chain[0];
        checkPeriod(certificate);
        try {
            roots.manager().checkServerTrusted(chain, keyExchange);
        } catch (CertificateException problem) {
            throw explained(certificate, roots, problem);
        }
        if (host != null && !ServerName.matches(certificate, host)) {
            throw new UntrustedServerException(
                    "is made for "
                            + String.join(", ", ServerName.names(certificate))
                            + ", not for "
                            + host,
                    "Connect by a name the certificate was made for, or use sslmode=verify-ca if"
                            + " you trust every certificate that its issuer signs.");
        }
    }

    private static void checkPeriod(X509Certificate certificate) throws UntrustedServerException {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException problem) {
            throw new UntrustedServerException(
                    "expired at " + certificate.getNotAfter().toInstant(),
                    "Renew the server's certificate, and check this machine's clock.",
                    problem);
        } catch (CertificateNotYetValidException problem) {
            throw new UntrustedServerException(
                    "is valid only from " + certificate.getNotBefore().toInstant(),
                    "Check the clocks of this machine and of the server.",
                    problem);
        }
    }

    private static UntrustedServerException explained(
            X509Certificate certificate, TrustedRoots roots, CertificateException problem) {
        for (Throwable at = problem; at != null; at = at.getCause()) {
            if (at instanceof CertificateExpiredException) {
                return new UntrustedServerException(
                        "was signed by one that has expired",
                        "Renew the certificate of the authority that signed the server's.",
                        problem);
            }
            if (at instanceof CertPathValidatorException invalid) {
                if (invalid.getReason() == BasicReason.REVOKED) {
                    return new UntrustedServerException(
                            "has been revoked",
                            "Ask the server's administrator for what happened; give the server a"
                                    + " new certificate.",
                            problem);
                }
                if (invalid.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
                    return new UntrustedServerException(
                            "cannot be checked against the revocation list: no valid list of its"
                                    + " issuer is in "
                                    + roots.revocationSource(),
                            "Renew the file given as sslcrl, or leave sslcrl out.",
                            problem);
                }
            }
        }
        return new UntrustedServerException(
                "(%s, issued by %s) was not signed by an authority in %s"
                        .formatted(
                                certificate.getSubjectX500Principal().getName(),
                                certificate.getIssuerX500Principal().getName(),
                                roots.source()),
                "Put the certificate of the authority that signed the server's into the file that"
                        + " sslrootcert names.",
                problem);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
            throws CertificateException {
        check(chain, keyExchange);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
            throws CertificateException {
        check(chain, keyExchange);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange)
            throws CertificateException {
        check(chain, keyExchange);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
            throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
            throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange)
            throws CertificateException {
        throw notAServer();
    }

    private static CertificateException notAServer() {
        return new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
