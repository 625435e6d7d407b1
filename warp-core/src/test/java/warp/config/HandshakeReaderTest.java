package warp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.ConnectionSettings.Handshake;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/** Nothing that narrows security is passed over. */
class HandshakeReaderTest {

    private static ConnectionSettings read(String text) {
        Path nowhere = Path.of("/nonexistent");
        Environment environment =
                new Environment(Map.of("PGSYSCONFDIR", "/nonexistent"), nowhere, "osuser", nowhere);
        return new ConnectionStrings(
                        environment,
                        warning -> {
                            throw new AssertionError(warning);
                        })
                .read(Side.SOURCE, text);
    }

    @Test
    void everything_isRead() {
        Handshake handshake =
                read("host=db sslmode=verify-full channel_binding=require"
                                + " require_auth='scram-sha-256, md5' sslnegotiation=direct"
                                + " ssl_min_protocol_version=TLSv1.2"
                                + " ssl_max_protocol_version=TLSv1.3 sslcertmode=disable"
                                + " gssencmode=prefer")
                        .tls()
                        .handshake();

        assertThat(handshake)
                .isEqualTo(
                        new Handshake(
                                "require", "scram-sha-256,md5", true, "TLSv1.2", "TLSv1.3", false));
    }

    @Test
    void pgDump_isAskedForTheSame() {
        assertThat(
                        read("host=db sslmode=require require_auth=!password"
                                        + " sslnegotiation=direct sslcertmode=disable"
                                        + " ssl_min_protocol_version=TLSv1.3")
                                .environment())
                .containsEntry("PGREQUIREAUTH", "!password")
                .containsEntry("PGSSLNEGOTIATION", "direct")
                .containsEntry("PGSSLMINPROTOCOLVERSION", "TLSv1.3")
                .containsEntry("PGSSLCERTMODE", "disable")
                .containsEntry("PGGSSENCMODE", "disable");
        assertThat(read("host=db").environment())
                .doesNotContainKeys(
                        "PGREQUIREAUTH",
                        "PGSSLNEGOTIATION",
                        "PGSSLMINPROTOCOLVERSION",
                        "PGSSLCERTMODE");
    }

    @ParameterizedTest
    @CsvSource({
        "gssencmode=require, cannot be met",
        "sslcertmode=require, cannot be met",
        "sslnegotiation=direct, is too strong for sslmode=prefer",
        "ssl_max_protocol_version=TLSv1.1, cannot be met",
        "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2, leaves no version",
        "ssl_min_protocol_version=1.3, is not one of TLSv1",
        "require_auth=scram, is not one of password",
        "'require_auth=md5,!password', mixes methods",
        "require_auth=md5;password, is not one of password",
    })
    void whatCannotBeMet_isRefused(String words, String why) {
        WarpException refusal =
                catchThrowableOfType(WarpException.class, () -> read("host=db " + words));

        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIG);
        assertThat(refusal).hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gssencmode=disable", "gssencmode=prefer", "sslcertmode=allow"})
    void whatAsksForNothing_isTaken(String words) {
        assertThat(read("host=db " + words).tls())
                .isEqualTo(ConnectionSettings.Tls.of(SslMode.PREFER));
    }
}
