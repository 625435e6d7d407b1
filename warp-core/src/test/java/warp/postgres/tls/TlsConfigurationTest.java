package warp.postgres.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import warp.config.ConnectionSettings.Tls;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/** Which files are taken, and what is said where one cannot be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsConfigurationTest {

    @TempDir static Path folder;
    private TestAuthority authority;
    private TestAuthority.Identity client;

    @BeforeAll
    void makeAuthority() throws Exception {
        authority = new TestAuthority(folder);
        client = authority.issue("client", "somebody", "");
    }

    private static void load(Tls tls, Path defaults) {
        assertThat(new TlsConfiguration(Side.DESTINATION, tls, defaults).encryption("localhost"))
                .isNotNull();
    }

    private WarpException refusal(Tls tls) {
        WarpException refusal =
                catchThrowableOfType(
                        WarpException.class, () -> load(tls, folder.resolve("no-such-folder")));
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.side()).contains(Side.DESTINATION);
        assertThat(refusal.hints()).isNotEmpty();
        return refusal;
    }

    private static Tls tls(
            SslMode mode,
            @Nullable String root,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path revocations) {
        return new Tls(mode, root, certificate, key, null, revocations, "prefer");
    }

    @ParameterizedTest
    @EnumSource(names = {"VERIFY_CA", "VERIFY_FULL"})
    void verificationWithoutRoot_isRefused(SslMode mode) {
        WarpException refusal = refusal(Tls.of(mode));

        assertThat(refusal.code()).isEqualTo(ErrorCode.FILE);
        assertThat(refusal).hasMessageContaining("root.crt does not exist");
    }

    @Test
    void weakerModes_needNoFile() {
        assertThatCode(() -> load(Tls.of(SslMode.REQUIRE), folder.resolve("no-such-folder")))
                .doesNotThrowAnyException();
    }

    @Test
    void defaultFiles_areTakenWhereTheyExist() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.copy(authority.certificate(), home.resolve("root.crt"));
        load(Tls.of(SslMode.VERIFY_FULL), home);

        Files.copy(client.certificate(), home.resolve("postgresql.crt"));
        assertThat(
                        catchThrowableOfType(
                                WarpException.class, () -> load(Tls.of(SslMode.REQUIRE), home)))
                .hasMessage(
                        "the private key file "
                                + home.resolve("postgresql.key")
                                + " does not exist");

        Path key = Files.copy(client.key(), home.resolve("postgresql.key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        load(Tls.of(SslMode.VERIFY_FULL), home);

        Files.writeString(home.resolve("root.crl"), "nothing");
        assertThat(
                        catchThrowableOfType(
                                WarpException.class, () -> load(Tls.of(SslMode.REQUIRE), home)))
                .hasMessageContaining("root.crt cannot be used");
    }

    @Test
    void namedFileThatIsNotThere_isRefusedInEveryMode() {
        Path nowhere = folder.resolve("nowhere");

        assertThat(refusal(tls(SslMode.PREFER, nowhere.toString(), null, null, null)))
                .hasMessage("the root certificate file " + nowhere + " does not exist");
        assertThat(refusal(tls(SslMode.PREFER, null, nowhere, null, null)))
                .hasMessage("the client certificate file " + nowhere + " does not exist");
        assertThat(refusal(tls(SslMode.PREFER, null, client.certificate(), nowhere, null)))
                .hasMessage("the private key file " + nowhere + " does not exist");
        String root = authority.certificate().toString();
        assertThat(refusal(tls(SslMode.VERIFY_CA, root, null, null, nowhere)))
                .hasMessage("the revocation list file " + nowhere + " does not exist");
    }

    @Test
    void damagedFiles_areNamed() throws Exception {
        Path damaged = Files.writeString(folder.resolve("damaged"), "not PEM");
        Files.setPosixFilePermissions(damaged, PosixFilePermissions.fromString("rw-------"));

        assertThat(refusal(tls(SslMode.REQUIRE, damaged.toString(), null, null, null)))
                .hasMessageStartingWith("the root certificate file " + damaged + " cannot be used");
        assertThat(refusal(tls(SslMode.REQUIRE, null, damaged, client.key(), null)))
                .hasMessageStartingWith(
                        "the client certificate file " + damaged + " cannot be used");
        assertThat(refusal(tls(SslMode.REQUIRE, null, client.certificate(), damaged, null)))
                .hasMessage(
                        "the private key file "
                                + damaged
                                + " cannot be used: it holds no private key in PEM");
    }

    @Test
    void keyOfAnother_isRefused() throws Exception {
        TestAuthority.Identity other = authority.issue("other", "other", "");

        assertThat(refusal(tls(SslMode.REQUIRE, null, client.certificate(), other.key(), null)))
                .hasMessageContaining("does not belong to the certificate");
    }

    @Test
    void systemRoots_wantVerifyFull() {
        load(tls(SslMode.VERIFY_FULL, "system", null, null, null), folder);

        assertThat(refusal(tls(SslMode.REQUIRE, "system", null, null, null)).code())
                .isEqualTo(ErrorCode.CONFIG);
    }

    @ParameterizedTest
    @CsvSource({
        "rw-------,false,false",
        "r--------,false,false",
        "rw-r-----,false,true",
        "rw----r--,false,true",
        "rw--w----,false,true",
        "rw-r-----,true,false",
        "rw-rw----,true,true",
        "rw-r--r--,true,true"
    })
    void keyFile_isExposedAsLibpqSays(String permissions, boolean root, boolean exposed) {
        assertThat(
                        KeyFile.isExposed(
                                Objects.requireNonNull(
                                        PosixFilePermissions.fromString(permissions)),
                                root))
                .isEqualTo(exposed);
    }
}
