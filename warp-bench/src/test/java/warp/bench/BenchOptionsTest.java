package warp.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.sandbox.PostgresBinaries;

class BenchOptionsTest {

    private static final BenchOptions.ServerChoice USUAL =
            new BenchOptions.ServerChoice(Optional.empty(), Optional.empty(), true);

    @Test
    void nothingSaid_takesTheDefaults() {
        assertThat(parse("copy"))
                .isEqualTo(
                        new BenchOptions.Copy(
                                List.of(CopyShape.PGBENCH),
                                new CopyShape.Size(50, 4000, 2000),
                                Peer.OF_COPY,
                                3,
                                USUAL));
        assertThat(parse("drain"))
                .isEqualTo(
                        new BenchOptions.Drain(
                                List.of(Backlog.Shape.TPCB),
                                Optional.empty(),
                                20,
                                Peer.OF_DRAIN,
                                3,
                                false,
                                USUAL));
        assertThat(parse("catalog"))
                .isEqualTo(new BenchOptions.Catalog(List.of(10_000, 30_000, 100_000), USUAL));
        assertThat(parse("steady")).isEqualTo(new BenchOptions.Steady(30, 2000, USUAL));
        assertThat(parse("wan"))
                .isEqualTo(new BenchOptions.Wan(20_000, 10, 20, 100, Peer.OF_WAN, USUAL));
        assertThat(parse("start")).isEqualTo(new BenchOptions.Start(20, USUAL));
    }

    @Test
    void switches_haveOneDashOrTwoAndTheirValueBehindEqualsOrSpace() {
        assertThat(parse("copy", "-scale=7", "--runs", "2", "--version=15", "-no-fsync"))
                .isEqualTo(
                        new BenchOptions.Copy(
                                List.of(CopyShape.PGBENCH),
                                new CopyShape.Size(7, 4000, 2000),
                                Peer.OF_COPY,
                                2,
                                new BenchOptions.ServerChoice(
                                        Optional.of("15"), Optional.empty(), false)));
    }

    @Test
    void serversOfOneFolder_haveTheVersionOfItsPrograms(@TempDir Path folder) throws IOException {
        for (String name : List.of("initdb", "postgres")) {
            Path program = folder.resolve(name);
            Files.writeString(
                    program, "#!/bin/sh\necho 'postgres (PostgreSQL) 15.18 (Debian 15.18-0)'\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        BenchOptions.ServerChoice choice =
                ((BenchOptions.Start) parse("start", "--server-bin", folder.toString())).servers();
        assertThat(choice.version()).contains("15");
        assertThat(choice.programs()).contains(PostgresBinaries.installed(folder));
        assertThatThrownBy(
                        () -> parse("start", "--server-bin", folder.toString(), "--version", "15"))
                .hasMessage(
                        "--version does not go with --server-bin: its programs are of one version");
        Files.writeString(
                folder.resolve("postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) 9.6.24'\n");
        assertThatThrownBy(() -> parse("start", "--server-bin", folder.toString()))
                .hasMessage("--server-bin: servers are 12 or newer, not 9.6.24: " + folder);
        Files.delete(folder.resolve("initdb"));
        assertThatThrownBy(() -> parse("start", "--server-bin", folder.toString()))
                .hasMessage("--server-bin: there is no program initdb in " + folder);
    }

    @Test
    void shapes_areOneOrSeveralOrAll() {
        assertThat(shapes("hot")).containsExactly(Backlog.Shape.HOT);
        assertThat(shapes("rows,huge")).containsExactly(Backlog.Shape.ROWS, Backlog.Shape.HUGE);
        assertThat(shapes("all")).containsExactly(Backlog.Shape.values());
    }

    @Test
    void peers_areThoseOfTheTask() {
        assertThat(parse("copy", "--peers", "pgcopydb,pipe"))
                .isInstanceOfSatisfying(
                        BenchOptions.Copy.class,
                        copy -> assertThat(copy.peers()).containsExactly(Peer.PIPE, Peer.PGCOPYDB));
        assertThat(parse("drain", "--peers=native-binary"))
                .isInstanceOfSatisfying(
                        BenchOptions.Drain.class,
                        drain -> assertThat(drain.peers()).containsExactly(Peer.NATIVE_BINARY));
        assertThatThrownBy(() -> parse("drain", "--peers", "pipe"))
                .hasMessage(
                        "--peers is one of native, native-binary, native-parallel, pglogical, all,"
                                + " not \"pipe\"");
    }

    private static List<Backlog.Shape> shapes(String text) {
        return ((BenchOptions.Drain) parse("drain", "--shape", text)).shapes();
    }

    @Test
    void memoryShapes_areOfCopiesAndOfDrains() {
        assertThat(parse("memory"))
                .isInstanceOfSatisfying(
                        BenchOptions.Memory.class,
                        memory -> {
                            assertThat(memory.copies()).containsExactly(CopyShape.values());
                            assertThat(memory.drains()).containsExactly(Backlog.Shape.values());
                        });
        assertThat(parse("memory", "--shape=hot,wide"))
                .isInstanceOfSatisfying(
                        BenchOptions.Memory.class,
                        memory -> {
                            assertThat(memory.copies()).containsExactly(CopyShape.WIDE);
                            assertThat(memory.drains()).containsExactly(Backlog.Shape.HOT);
                        });
    }

    @Test
    void quickDrain_isShort() {
        assertThat(parse("drain", "--quick"))
                .isInstanceOfSatisfying(
                        BenchOptions.Drain.class,
                        drain -> {
                            assertThat(drain.quick()).isTrue();
                            assertThat(drain.backlog(Backlog.Shape.TPCB).job())
                                    .startsWith("60,000 TPC-B transactions");
                        });
    }

    @Test
    void transactions_areRoundedUpToWhatTheSessionsMakeTogether() {
        assertThat(((BenchOptions.Drain) parse("drain", "--transactions", "5")).transactions())
                .contains(5);
        assertThat(Backlog.Shape.HOT.backlog(5, 1).job()).startsWith("8 updates");
        assertThat(Backlog.Shape.INSERTS.backlog(5, 1).job()).startsWith("400 rows");
    }

    @Test
    void help_isGivenWhereverItIsAskedFor() {
        assertThat(parse("copy", "--nonsense", "--help")).isEqualTo(new BenchOptions.Help());
    }

    @ParameterizedTest
    @CsvSource({
        "'', say what to measure",
        "copi, copi",
        "copy --transactions 5, --transactions",
        "copy runs 5, runs",
        "copy --runs, --runs needs a value",
        "copy --runs 0, not \"0\"",
        "copy --scale 10001, not \"10001\"",
        "drain --transactions 99999999999, 99999999999",
        "drain --runs -1, not \"-1\"",
        "drain --shape warm, 'tpcb, rows, inserts, hot, huge, all, not \"warm\"'",
        "drain --quick --runs 2, --runs",
        "memory --shape cold, \"cold\"",
        "start --scale 2, --scale",
        "steady --rate 0, not \"0\"",
        "wan --runs 2, --runs",
        "drain --no-fsync=1, --no-fsync",
        "catalog --tables 10;20, not \"10;20\"",
        "catalog --runs 2, --runs",
        "copy --version 9.6, not \"9.6\"",
        "copy --version 8, not \"8\""
    })
    void wrongArguments_areNamedInOneLine(String line, String named) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named)
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("\n");
    }

    @Test
    void wrongSwitch_endsWithTheUsageAndCodeTwo() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = BenchMain.run(List.of("copy", "--scal", "3"), stream(out), stream(err));
        assertThat(code).isEqualTo(2);
        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("bench: there is no switch \"--scal\" here\nUsage: bench");
    }

    private static BenchOptions parse(String... arguments) {
        return BenchOptions.parse(List.of(arguments));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
