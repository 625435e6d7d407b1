package warp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SmallDiskPgTest {

    @BeforeEach
    void onlyWhereThereCanBeOne() {
        assumeTrue(SmallDisk.missing().isEmpty(), () -> SmallDisk.missing().orElseThrow());
    }

    @Test
    void takesAsMuchAsItsSize_andIsGoneAfterwards() throws IOException {
        Path root;
        try (SmallDisk disk = SmallDisk.mount(1 << 20)) {
            root = disk.path();
            Files.write(root.resolve("fits"), new byte[700_000]);
            assertThatThrownBy(() -> Files.write(root.resolve("more"), new byte[700_000]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
            Files.delete(root.resolve("more"));
            disk.leaveFree(20_000);
            assertThat(disk.bytesFree()).isBetween(16_000L, 24_500L);
            disk.relieve();
            assertThat(disk.bytesFree()).isGreaterThan(200_000);
        }
        assertThat(root).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(root.toString());
    }

    @Test
    void serverInIt_runsOutOfSpace_andGoesOnWhenThereIsSome() throws SQLException {
        try (SmallDisk disk = SmallDisk.mount(200 << 20);
                PostgresServer server = PostgresServer.builder("18").folder(disk.path()).start()) {
            server.execute("postgres", "CREATE TABLE t (a text)");
            disk.leaveFree(1 << 20);
            String insert = "INSERT INTO t SELECT repeat(md5(i::text), 30) FROM";
            assertThatThrownBy(() ->
                            server.execute("postgres", insert + " generate_series(1, 20000) i"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            full -> assertThat(full.getSQLState()).isEqualTo("53100"));
            disk.relieve();
            server.execute("postgres", insert + " generate_series(1, 2000) i");
        }
    }
}
