package warp.postgres.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities whose word is taken, with their revocation lists.
 *
 * @param source where they come from, for messages
 * @param revocationSource where the revocation lists come from; {@code ""} for nowhere
 */
record TrustedRoots(String source, String revocationSource, X509TrustManager manager) {

    /** Bytes of a file with its name. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Content(String name, byte[] bytes) {}

    /**
     * The certificates of a file; with a revocation list, every certificate on the way to a root
     * must be covered by it, as in libpq.
     *
     * @throws GeneralSecurityException with a message that ends a sentence about the file
     */
    static TrustedRoots ofFile(Content certificates, @Nullable Content revocations)
            throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Set<TrustAnchor> anchors = new HashSet<>();
        for (Certificate certificate : certificates(factory, certificates)) {
            anchors.add(new TrustAnchor((X509Certificate) certificate, null));
        }
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        if (revocations != null) {
            Collection<? extends CRL> lists =
                    factory.generateCRLs(new ByteArrayInputStream(revocations.bytes()));
            if (lists.isEmpty()) {
                throw new GeneralSecurityException(revocations.name() + " holds no list");
            }
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            // Added as a checker it works although revocation is otherwise off: lists only.
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker)
                            CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(
                            PKIXRevocationChecker.Option.PREFER_CRLS,
                            PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(new CertPathTrustManagerParameters(parameters));
        return new TrustedRoots(
                certificates.name(),
                revocations == null ? "" : revocations.name(),
                only(managers.getTrustManagers()));
    }

    /**
     * What this machine trusts: Java's own authorities and those of the operating system.
     *
     * @param bundle the operating system's authorities in PEM, if it has such a file
     */
    static TrustedRoots ofSystem(@Nullable Content bundle) throws GeneralSecurityException {
        TrustManagerFactory java = TrustManagerFactory.getInstance("PKIX");
        java.init((KeyStore) null);
        List<Certificate> all =
                new ArrayList<>(List.of(only(java.getTrustManagers()).getAcceptedIssuers()));
        if (bundle != null) {
            all.addAll(certificates(CertificateFactory.getInstance("X.509"), bundle));
        }
        Set<TrustAnchor> anchors = new HashSet<>();
        for (Certificate certificate : all) {
            anchors.add(new TrustAnchor((X509Certificate) certificate, null));
        }
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(new CertPathTrustManagerParameters(parameters));
        return new TrustedRoots(
                "this machine's list of authorities", "", only(managers.getTrustManagers()));
    }

    private static Collection<? extends Certificate> certificates(
            CertificateFactory factory, Content file) throws GeneralSecurityException {
        Collection<? extends Certificate> result =
                factory.generateCertificates(new ByteArrayInputStream(file.bytes()));
        if (result.isEmpty()) {
            throw new CertificateException("it holds no certificate in PEM");
        }
        return result;
    }

    private static X509TrustManager only(TrustManager[] managers) {
        return (X509TrustManager) managers[0];
    }
}
