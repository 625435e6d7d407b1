package warp.postgres.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.Secret;

/** Keys as openssl writes them, compared with the key they stand for. */
class PrivateKeysTest {

    private static final Secret PASSWORD = new Secret("pa ss-wörd");

    @TempDir Path folder;
    private PrivateKey rsa;
    private PrivateKey ec;
    private PublicKey ecPublic;

    @BeforeEach
    void makeKeys() throws Exception {
        rsa = make("RSA", 2048).getPrivate();
        KeyPair pair = make("EC", 256);
        ec = pair.getPrivate();
        ecPublic = pair.getPublic();
    }

    private KeyPair make(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        String text =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        Files.writeString(folder.resolve(algorithm + ".pem"), text);
        return pair;
    }

    private PrivateKey converted(String words, @Nullable Secret password) throws Exception {
        Path file = folder.resolve("converted");
        TestAuthority.openssl(
                folder, words + " -out converted -passout", "pass:" + PASSWORD.reveal());
        return PrivateKeys.parse(Files.readAllBytes(file), password);
    }

    @Test
    void pkcs8_isRead() throws Exception {
        assertThat(PrivateKeys.parse(Files.readAllBytes(folder.resolve("RSA.pem")), null))
                .isEqualTo(rsa);
        assertThat(PrivateKeys.parse(ec.getEncoded(), null)).isEqualTo(ec);
    }

    @Test
    void pkcs1_isRead() throws Exception {
        assertThat(converted("rsa -traditional -in RSA.pem", null)).isEqualTo(rsa);
    }

    @Test
    void sec1WithItsParametersBefore_isRead() throws Exception {
        converted("ec -in EC.pem", null);
        String key = Files.readString(folder.resolve("converted"));
        assertThat(key).contains("BEGIN EC PRIVATE KEY");
        TestAuthority.openssl(folder, "ecparam -name prime256v1 -out parameters");
        String parameters = Files.readString(folder.resolve("parameters"));

        PrivateKey read =
                PrivateKeys.parse(
                        ("a comment\n" + parameters + key).getBytes(StandardCharsets.UTF_8), null);

        assertThat(PrivateKeys.belongs(read, ecPublic)).isTrue();
    }

    @Test
    void ed25519_isRead() throws Exception {
        TestAuthority.openssl(folder, "genpkey -algorithm ed25519 -out ed.pem");

        assertThat(
                        PrivateKeys.parse(Files.readAllBytes(folder.resolve("ed.pem")), null)
                                .getAlgorithm())
                .isEqualTo("EdDSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes-256-cbc", "aes-128-cbc"})
    void encryptedPkcs8_isOpenedByItsPassword(String cipher) throws Exception {
        String words = "pkcs8 -topk8 -in RSA.pem -v2 " + cipher;

        assertThat(converted(words, PASSWORD)).isEqualTo(rsa);
        assertThatThrownBy(() -> converted(words, new Secret("wrong")))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("sslpassword does not open it");
        assertThatThrownBy(() -> converted(words, null))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("it is encrypted and no sslpassword was given");
    }

    @Test
    void encryptionUnknownToJava_isSaid() {
        assertThatThrownBy(() -> converted("pkcs8 -topk8 -in RSA.pem -v2 des3", PASSWORD))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("encrypted in a way that Java does not know");
    }

    @ParameterizedTest
    @CsvSource({"rsa -traditional,RSA", "ec,EC"})
    void oldEncryption_isOpenedByItsPassword(String command, String algorithm) throws Exception {
        for (String cipher : new String[] {"-aes256", "-aes128", "-des3"}) {
            PrivateKey key = converted(command + " -in " + algorithm + ".pem " + cipher, PASSWORD);

            if (algorithm.equals("RSA")) {
                assertThat(key).as(cipher).isEqualTo(rsa);
            } else {
                assertThat(PrivateKeys.belongs(key, ecPublic)).as(cipher).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no key at all",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMIGH\n-----END EC PRIVATE KEY-----",
                "-----BEGIN DSA PRIVATE KEY-----\nMIGH\n-----END DSA PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE-----\nMIGH\n-----END CERTIFICATE-----"
            })
    void whatIsNoKey_isATypedError(String text) {
        assertThatThrownBy(() -> PrivateKeys.parse(text.getBytes(StandardCharsets.UTF_8), null))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void keyOfAnotherCertificate_doesNotBelong() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThat(PrivateKeys.belongs(pair.getPrivate(), pair.getPublic())).isTrue();
        assertThat(PrivateKeys.belongs(rsa, pair.getPublic())).isFalse();
    }
}
