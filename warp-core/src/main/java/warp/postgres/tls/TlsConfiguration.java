package warp.postgres.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import warp.config.ConnectionSettings.Handshake;
import warp.config.ConnectionSettings.Tls;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.tls.TrustedRoots.Content;

/**
 * What one side's sslmode and files mean for an encrypted connection, by libpq's rules:
 *
 * <ul>
 *   <li>where a root certificate file is named, or {@code ~/.postgresql/root.crt} exists, the
 *       server's certificate must lead to it, with {@code require} too;
 *   <li>without one, {@code verify-ca} and {@code verify-full} are an error and weaker modes take
 *       any certificate;
 *   <li>{@code verify-full} compares the host's name as well;
 *   <li>{@code sslrootcert=system} trusts this machine's authorities and wants {@code verify-full};
 *   <li>a certificate for the client is optional; its key must be nobody else's to read.
 * </ul>
 *
 * <p>Stricter than libpq in one point: a file that was named must be there.
 *
 * <p>The files are read for every connection, so renewed ones need no restart. Immutable.
 */
public final class TlsConfiguration {

    private static final List<Path> SYSTEM_BUNDLES =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
                    Path.of("/etc/ssl/cert.pem"));

    private static final List<String> SPOKEN = List.of("TLSv1.2", "TLSv1.3");

    private final Side side;
    private final Tls tls;
    private final Path folder;

    /**
     * @param folder where the default files are: {@code ~/.postgresql}
     */
    public TlsConfiguration(Side side, Tls tls, Path folder) {
        this.side = side;
        this.tls = tls;
        this.folder = folder;
    }

    /** The folder of libpq's default files. */
    public static Path defaultFolder() {
        return Path.of(System.getProperty("user.home"), ".postgresql");
    }

    /**
     * How to encrypt connections to one host, and what to ask of its certificate.
     *
     * @throws WarpException where a file is missing, unreadable or damaged
     */
    public Encryption encryption(String host) {
        TrustedRoots roots = roots();
        ClientCertificate client = clientCertificate();
        boolean named = tls.mode() == SslMode.VERIFY_FULL;
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    client == null ? null : new KeyManager[] {client},
                    new TrustManager[] {new ServerTrust(roots, named ? host : null)},
                    null);
            return new Encryption(context.getSocketFactory(), protocols());
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException("this Java has no TLS", problem);
        }
    }

    private List<String> protocols() {
        Handshake handshake = tls.handshake();
        if (handshake.protocolMin().isEmpty() && handshake.protocolMax().isEmpty()) {
            return List.of();
        }
        return SPOKEN.stream()
                .filter(version -> version.compareTo(handshake.protocolMin()) >= 0)
                .filter(version ->
                        handshake.protocolMax().isEmpty()
                                || version.compareTo(handshake.protocolMax()) <= 0)
                .toList();
    }

    private @Nullable TrustedRoots roots() {
        String named = tls.rootCertificate();
        if ("system".equals(named)) {
            return systemRoots();
        }
        Path file = named == null ? folder.resolve("root.crt") : Path.of(named);
        if (named == null && !Files.exists(file)) {
            if (tls.mode().compareTo(SslMode.VERIFY_CA) >= 0) {
                throw missingRoots(file);
            }
            return null;
        }
        Path list = revocationList();
        Content certificates = new Content(file.toString(), read("root certificate file", file));
        Content revocations =
                list == null
                        ? null
                        : new Content(list.toString(), read("revocation list file", list));
        try {
            return TrustedRoots.ofFile(certificates, revocations);
        } catch (GeneralSecurityException problem) {
            throw unusable("root certificate file", file, problem)
                    .hint("Check it: openssl x509 -noout -subject -enddate -in " + file);
        }
    }

    private TrustedRoots systemRoots() {
        if (tls.mode() != SslMode.VERIFY_FULL) {
            throw new WarpException(
                            ErrorCode.CONFIG,
                            "sslmode="
                                    + tls.mode()
                                    + " is too weak for sslrootcert=system: anybody can get a"
                                    + " certificate from a public authority")
                    .at(side)
                    .hint("Use sslmode=verify-full.");
        }
        Content bundle = null;
        for (Path candidate : SYSTEM_BUNDLES) {
            if (bundle == null && Files.isReadable(candidate)) {
                bundle = new Content(candidate.toString(), read("system's bundle", candidate));
            }
        }
        try {
            return TrustedRoots.ofSystem(bundle);
        } catch (GeneralSecurityException problem) {
            throw new WarpException(
                            ErrorCode.FILE,
                            "this machine's list of authorities cannot be read: "
                                    + problem.getMessage(),
                            problem)
                    .at(side)
                    .hint("Name a file of certificates by sslrootcert.");
        }
    }

    private @Nullable Path revocationList() {
        if (tls.revocationList() != null) {
            return tls.revocationList();
        }
        Path standard = folder.resolve("root.crl");
        return Files.exists(standard) ? standard : null;
    }

    private @Nullable ClientCertificate clientCertificate() {
        if (!tls.handshake().showsCertificate()) {
            return null;
        }
        Path certificate = tls.certificate();
        if (certificate == null) {
            certificate = folder.resolve("postgresql.crt");
            if (!Files.exists(certificate)) {
                return null;
            }
        }
        List<X509Certificate> chain = chain(certificate);
        Path key = tls.key() == null ? folder.resolve("postgresql.key") : tls.key();
        PrivateKey privateKey = privateKey(key);
        if (!PrivateKeys.belongs(privateKey, chain.getFirst().getPublicKey())) {
            throw new WarpException(
                            ErrorCode.FILE,
                            "the private key file "
                                    + key
                                    + " does not belong to the certificate "
                                    + certificate)
                    .at(side)
                    .hint("Check which files sslcert and sslkey name.");
        }
        return new ClientCertificate(chain, privateKey);
    }

    private List<X509Certificate> chain(Path file) {
        byte[] bytes = read("client certificate file", file);
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))) {
                chain.add((X509Certificate) certificate);
            }
            if (chain.isEmpty()) {
                throw new CertificateException("it holds no certificate in PEM");
            }
            return chain;
        } catch (GeneralSecurityException problem) {
            throw unusable("client certificate file", file, problem)
                    .hint("Check it: openssl x509 -noout -subject -enddate -in " + file);
        }
    }

    private PrivateKey privateKey(Path file) {
        byte[] bytes = read("private key file", file);
        try {
            if (KeyFile.isExposed(file)) {
                throw new WarpException(
                                ErrorCode.FILE,
                                "the private key file " + file + " can be read by others")
                        .at(side)
                        .hint("chmod 0600 " + file);
            }
            return PrivateKeys.parse(bytes, tls.keyPassword());
        } catch (IOException problem) {
            throw unreadable("private key file", file, problem);
        } catch (GeneralSecurityException problem) {
            throw unusable("private key file", file, problem)
                    .hint("Check it: openssl pkey -noout -text -in " + file);
        }
    }

    private byte[] read(String what, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException problem) {
            throw unreadable(what, file, problem);
        }
    }

    private WarpException unreadable(String what, Path file, IOException problem) {
        String reason =
                switch (problem) {
                    case NoSuchFileException _ -> "does not exist";
                    case AccessDeniedException _ -> "may not be read by this user";
                    default -> "cannot be read: " + problem.getMessage();
                };
        return new WarpException(ErrorCode.FILE, "the " + what + " " + file + " " + reason, problem)
                .at(side)
                .hint("Check it: ls -l " + file);
    }

    private WarpException unusable(String what, Path file, GeneralSecurityException problem) {
        return new WarpException(
                        ErrorCode.FILE,
                        "the %s %s cannot be used: %s".formatted(what, file, problem.getMessage()),
                        problem)
                .at(side);
    }

    private WarpException missingRoots(Path file) {
        return new WarpException(
                        ErrorCode.FILE,
                        "sslmode="
                                + tls.mode()
                                + " needs the certificate of the authority that signed the"
                                + " server's, and "
                                + file
                                + " does not exist")
                .at(side)
                .hint(
                        "Put it there, or name it by sslrootcert; sslrootcert=system (with"
                                + " sslmode=verify-full) trusts what this machine trusts.");
    }
}
