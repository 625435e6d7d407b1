package warp.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.ConnectionSettings.HostPort;
import warp.config.ConnectionSettings.Tls;
import warp.model.Side;

class JobsTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3", "::1"})
    void serverOfThisMachine_getsNoMoreThanItsCores(String here) {
        assertThat(usual(here, "db.example.org", 3)).isEqualTo(3);
        assertThat(usual("db.example.org", here, 3)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 1", "3, 3, 1", "4, 4, 2", "8, 4, 4", "64, 4, 4"})
    void coresOfThisMachine_areSharedByTheServersHere(int cores, int oneHere, int bothHere) {
        assertThat(usual("localhost", "db.example.org", cores)).isEqualTo(oneHere);
        assertThat(usual("localhost", "127.0.0.1", cores)).isEqualTo(bothHere);
    }

    @Test
    void serversElsewhere_getTheUsual_whateverThisMachineHas() {
        assertThat(usual("db.example.org", "10.1.2.3", 1)).isEqualTo(Jobs.USUAL);
        assertThat(usual("localhost.example.org", "fe80::1", 1)).isEqualTo(Jobs.USUAL);
    }

    private static int usual(String source, String destination, int cores) {
        return Jobs.usual(
                settings(Side.SOURCE, source), settings(Side.DESTINATION, destination), cores);
    }

    private static ConnectionSettings settings(Side side, String host) {
        return new ConnectionSettings(
                side,
                List.of(new HostPort(host, 5432)),
                "database",
                "user",
                new Secret("secret"),
                Tls.of(SslMode.DISABLE),
                "any",
                10,
                "");
    }
}
