package warp.postgres.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerNameTest {

    @TempDir static Path folder;
    private TestAuthority authority;

    @BeforeAll
    void makeAuthority() throws Exception {
        authority = new TestAuthority(folder);
    }

    private X509Certificate certificate(String commonName, String alternatives) throws Exception {
        Path file = authority.issue("any", commonName, alternatives).certificate();
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void alternativeNames_hideTheCommonName() throws Exception {
        X509Certificate certificate = certificate("common.example", "DNS:a.example,DNS:B.example");

        assertThat(ServerName.matches(certificate, "a.example")).isTrue();
        assertThat(ServerName.matches(certificate, "b.EXAMPLE")).isTrue();
        assertThat(ServerName.matches(certificate, "common.example")).isFalse();
        assertThat(ServerName.matches(certificate, "x.a.example")).isFalse();
        assertThat(ServerName.names(certificate)).containsExactly("a.example", "B.example");
    }

    @Test
    void commonName_countsWhereNoAlternativeIsOfTheHostsKind() throws Exception {
        assertThat(ServerName.matches(certificate("db.example", ""), "db.example")).isTrue();
        assertThat(ServerName.matches(certificate("*.example", ""), "db.example")).isTrue();
        assertThat(ServerName.matches(certificate("db.example", "IP:10.0.0.1"), "db.example"))
                .isTrue();
        assertThat(ServerName.matches(certificate("10.0.0.1", "DNS:db.example"), "10.0.0.1"))
                .isTrue();
        assertThat(ServerName.matches(certificate("10.0.0.1", "IP:10.0.0.2"), "10.0.0.1"))
                .isFalse();
    }

    @Test
    void wildcard_standsForOneWholeLabel() throws Exception {
        X509Certificate certificate = certificate("x", "DNS:*.db.example");

        assertThat(ServerName.matches(certificate, "one.db.example")).isTrue();
        assertThat(ServerName.matches(certificate, "ONE.DB.example")).isTrue();
        assertThat(ServerName.matches(certificate, "one.two.db.example")).isFalse();
        assertThat(ServerName.matches(certificate, "db.example")).isFalse();
        assertThat(ServerName.matches(certificate, ".db.example")).isFalse();
    }

    @Test
    void addresses_areComparedAsAddresses() throws Exception {
        X509Certificate certificate = certificate("x", "IP:10.0.0.1,IP:fd00::1");

        assertThat(ServerName.matches(certificate, "10.0.0.1")).isTrue();
        assertThat(ServerName.matches(certificate, "fd00:0:0::1")).isTrue();
        assertThat(ServerName.matches(certificate, "10.0.0.2")).isFalse();
        assertThat(ServerName.matches(certificate("x", "DNS:*.0.0.1"), "10.0.0.1")).isFalse();
        assertThat(ServerName.matches(certificate("x", "DNS:10.0.0.1"), "10.0.0.1")).isTrue();
    }
}
