package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two Warps on one migration get in nobody's way; two migrations in one Warp neither. */
class SideBySidePgTest {

    private static ProcessPair servers;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        servers = new ProcessPair();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Test
    void aSecondWarpAndACleanForTheSameSlot_areRefusedAndTheFirstGoesOn() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (WarpChild first = moved.warp("--yes")) {
            first.awaitLine("Started replication");
            try (WarpChild second = moved.warp("--yes");
                    WarpChild clean = moved.warp("--clean", "--yes")) {
                for (WarpChild refused : List.of(second, clean)) {
                    assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(6);
                    assertThat(refused.err().getFirst())
                            .contains("another Warp works on slot " + moved.name())
                            .contains("127.0.0.1")
                            .contains("since")
                            .contains("pid ");
                    assertThat(refused.out().toString()).contains("waiting");
                }
            }
            moved.source().execute(moved.name(), "INSERT INTO public.kind VALUES (11, 'new')");
            moved.await(moved.destination(), "SELECT count(*) = 11 FROM public.kind");
            assertThat(first.err()).isEmpty();
        }
    }

    @Test
    void aSecondDestinationForTheSameSlot_leavesTheFirstMigrationAlone() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        servers.destination().createDatabase("another");
        try (WarpChild first = moved.warp("--yes")) {
            first.awaitLine("Started replication");
            List<String> wrong =
                    List.of(
                            "--source",
                            moved.source().uri(moved.name()),
                            "--destination",
                            moved.destination().uri("another"),
                            "--slot",
                            moved.name(),
                            "--clean");
            try (WarpChild clean = WarpChild.start(folder, wrong)) {
                assertThat(clean.exitCode()).as(clean.toString()).isEqualTo(6);
                assertThat(clean.err().getFirst()).contains("is in use by");
            }
            moved.source().execute(moved.name(), "INSERT INTO public.kind VALUES (11, 'new')");
            moved.await(moved.destination(), "SELECT count(*) = 11 FROM public.kind");
            assertThat(first.err()).isEmpty();
        }
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    @Test
    void twoConfigs_moveSideBySide_eachWithItsOwnLog() throws SQLException, IOException {
        MovedDatabase one = servers.database(folder).withGatedTable();
        MovedDatabase other = servers.database(folder).withGatedTable();
        String configs =
                config("one", one.destination().uri(one.name()), one)
                        + ","
                        + config("other", other.destination().uri(other.name()), other);
        try (WarpChild warp = both(configs, one, other)) {
            warp.awaitLines("Started replication", 2);
            for (MovedDatabase moved : List.of(one, other)) {
                moved.source().execute(moved.name(), "INSERT INTO public.kind VALUES (11, 'new')");
                moved.await(moved.destination(), "SELECT count(*) = 11 FROM public.kind");
            }
            warp.signal("TERM");
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(143);
        }
        assertThat(one.compare().differences()).isEmpty();
        assertThat(other.compare().differences()).isEmpty();
        assertThat(Files.readString(folder.resolve(".one.log")))
                .contains("Started replication", "Stopped.");
        assertThat(Files.readString(folder.resolve(".other.log")))
                .contains("Started replication", "Stopped.");
    }

    @Test
    void oneOfTwoThatFails_doesNotStopTheOther_andTheWorstCodeCounts()
            throws SQLException, IOException {
        MovedDatabase one = servers.database(folder).withGatedTable();
        MovedDatabase other = servers.database(folder).withGatedTable();
        String configs =
                config("well", one.destination().uri(one.name()), one)
                        + ","
                        + config("ill", other.destination().uri("no_such_db"), other);
        try (WarpChild warp = both(configs, one, other)) {
            warp.awaitLine("Started replication").awaitLine("no_such_db");
            one.source().execute(one.name(), "INSERT INTO public.kind VALUES (11, 'new')");
            one.await(one.destination(), "SELECT count(*) = 11 FROM public.kind");
            warp.signal("INT");
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(5);
        }
        assertThat(Files.readString(folder.resolve(".ill.log"))).contains("no_such_db");
        assertThat(Files.readString(folder.resolve(".well.log"))).doesNotContain("no_such_db");
    }

    private WarpChild both(String configs, MovedDatabase one, MovedDatabase other) {
        return WarpChild.start(
                folder,
                List.of("--config", configs, "--slot", one.name() + "," + other.name(), "--yes"));
    }

    private String config(String name, String destination, MovedDatabase moved) throws IOException {
        Path file = folder.resolve("." + name + ".yaml");
        Files.writeString(
                file,
                "source: \"%s\"\ndestination: \"%s\"\n"
                        .formatted(moved.source().uri(moved.name()), destination));
        return file.toString();
    }
}
