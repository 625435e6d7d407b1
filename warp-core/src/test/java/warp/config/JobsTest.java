package warp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.config.ConnectionSettings.HostPort;
import warp.config.ConnectionSettings.Tls;
import warp.config.MigrationSettings.Until;
import warp.model.Side;

class JobsTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3", "::1"})
    void serverOfThisMachine_getsNoMoreThanItsCores(String here) {
        assertThat(usual(here, "db.example.org", 3)).isEqualTo(Jobs.of(3));
        assertThat(usual("db.example.org", here, 3)).isEqualTo(Jobs.of(3));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 1", "3, 3, 1", "4, 4, 2", "6, 4, 3", "8, 4, 4", "64, 4, 4"})
    void coresOfThisMachine_areSharedByTheServersHere_forWhatIsLarge(
            int cores, int workers, int largeAtOnce) {
        assertThat(usual("localhost", "db.example.org", cores)).isEqualTo(Jobs.of(workers));
        assertThat(usual("localhost", "127.0.0.1", cores))
                .isEqualTo(new Jobs(workers, largeAtOnce));
    }

    @Test
    void serversElsewhere_getTheUsual_whateverThisMachineHas() {
        assertThat(usual("db.example.org", "10.1.2.3", 1)).isEqualTo(Jobs.of(Jobs.USUAL));
        assertThat(usual("localhost.example.org", "fe80::1", 1)).isEqualTo(Jobs.of(Jobs.USUAL));
    }

    @Test
    void whatAPersonSays_isHowManyThereAre_andHowManyCopyWhatIsLarge() {
        MigrationSettings settings = here(MigrationOptions.NONE.withJobs(3));

        assertThat(settings.jobs(false)).isEqualTo(new Jobs(3, 3));
        assertThat(settings.readers()).isEqualTo(3);
        assertThat(settings.writers()).isEqualTo(3);
    }

    @Test
    void serverThatOnlySeemsToBeHere_getsTheUsual_unlessAPersonSaysAnother() {
        assertThat(here(MigrationOptions.NONE).jobs(true)).isEqualTo(Jobs.of(Jobs.USUAL));
        assertThat(here(MigrationOptions.NONE.withJobs(3)).jobs(true)).isEqualTo(Jobs.of(3));
    }

    @Test
    void largeAtOnce_isOneToAllOfTheWorkers() {
        assertThatThrownBy(() -> new Jobs(2, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Jobs(2, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatGoesThroughFiles_isReadAndLoadedAsWhatIsLarge() {
        MigrationSettings settings = here(MigrationOptions.NONE);

        assertThat(settings.readers()).isEqualTo(settings.jobs(false).largeAtOnce());
        assertThat(settings.writers()).isEqualTo(settings.jobs(false).largeAtOnce());
    }

    private static MigrationSettings here(MigrationOptions options) {
        return new MigrationSettings(
                "warp",
                settings(Side.SOURCE, "localhost"),
                settings(Side.DESTINATION, "localhost"),
                "warp",
                options,
                true,
                new Until.Stopped());
    }

    private static Jobs usual(String source, String destination, int cores) {
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
