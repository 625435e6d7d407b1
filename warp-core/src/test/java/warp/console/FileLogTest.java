package warp.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.config.PrivateFile;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.progress.EventLog;
import warp.sandbox.SmallDisk;

class FileLogTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2021-07-23T21:33:06.146Z"), ZoneOffset.UTC);
    private static final String TIME = "2021-07-23 21:33:06.146 UTC: ";

    private final List<String> complaints = new ArrayList<>();

    private final EventLog complaintsTo =
            new EventLog() {
                @Override
                public void info(String line) {}

                @Override
                public void warn(String line, List<String> hints) {
                    complaints.add(line + " " + hints);
                }

                @Override
                public void detail(String line) {}

                @Override
                public void trace(String line, Throwable problem) {}

                @Override
                public void error(String line, List<String> hints) {}
            };

    @TempDir Path directory;

    @Test
    void lines_areAppendedToAFileThatOnlyItsOwnerReads() throws IOException {
        Path file = directory.resolve(".karla.log");
        try (FileLog log = new FileLog(file, CLOCK, false, complaintsTo)) {
            log.info("first");
            assertThat(log.wasOpenToOthers()).isFalse();
            assertThat(Files.readString(file)).isEqualTo(TIME + "first\n");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        try (FileLog log = new FileLog(file, CLOCK, false, complaintsTo)) {
            assertThat(log.wasOpenToOthers()).isTrue();
            log.warn("second", List.of("advice"));
            log.error("third", List.of());
            log.detail("not shown");
            log.trace("not shown", new IllegalStateException());
        }

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        TIME + "first",
                        TIME + "WARNING: second",
                        TIME + "HINT: advice",
                        TIME + "ERROR: third");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFullDisk_isSaidOnce_andTheLogGoesOnWhenThereIsRoom() throws IOException {
        assumeTrue(SmallDisk.missing().isEmpty(), () -> SmallDisk.missing().orElseThrow());
        try (SmallDisk disk = SmallDisk.mount(1 << 20)) {
            Path file = disk.path().resolve("log");
            try (FileLog log = new FileLog(file, CLOCK, false, complaintsTo)) {
                log.info("first");
                disk.leaveFree(0);
                for (int i = 0; i < 300; i++) {
                    log.info("line " + i + " of some length that does not fit any more");
                }
                assertThat(log.isIncomplete()).isTrue();
                assertThat(complaints).hasSize(1);
                assertThat(complaints.getFirst())
                        .contains("log file " + file + " cannot be written: No space left")
                        .contains("the migration goes on without it");
                disk.relieve();
                log.info("last");
                assertThat(log.isIncomplete()).isFalse();
            }
            List<String> lines = Files.readAllLines(file);
            assertThat(lines.getFirst()).isEqualTo(TIME + "first");
            assertThat(lines.get(lines.size() - 2))
                    .matches(".* lines are missing: the file could not be written");
            assertThat(lines.getLast()).isEqualTo(TIME + "last");
        }
    }

    @Test
    void aConfigFileOnAFullDisk_isNamed_andTheOldOneStays() throws IOException {
        assumeTrue(SmallDisk.missing().isEmpty(), () -> SmallDisk.missing().orElseThrow());
        try (SmallDisk disk = SmallDisk.mount(1 << 20)) {
            Path file = disk.path().resolve("config.yaml");
            PrivateFile.write(file, "old");
            disk.leaveFree(0);
            assertThatThrownBy(() -> PrivateFile.write(file, "new".repeat(10_000)))
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            problem -> {
                                assertThat(problem.code()).isEqualTo(ErrorCode.OUT_OF_SPACE);
                                assertThat(problem.hints().toString())
                                        .contains("df -h " + disk.path());
                            })
                    .hasMessage(file + " cannot be written: the disk is full");
            assertThat(file).hasContent("old");
            try (var files = Files.list(disk.path())) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .filteredOn(name -> name.endsWith(".tmp"))
                        .isEmpty();
            }
        }
    }

    @Test
    void ownLink_isFollowedAndOthersLinkIsNot() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious\n");
        Path link = Files.createSymbolicLink(directory.resolve("log"), victim);
        try (FileLog log = new FileLog(link, CLOCK, false, complaintsTo)) {
            log.info("mine");
        }
        assertThat(victim).hasContent("precious\n" + TIME + "mine");

        assumeTrue(isRoot(), "only root can make files of somebody else");
        Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);

        assertThatThrownBy(() -> new FileLog(link, CLOCK, false, complaintsTo))
                .isInstanceOf(WarpException.class)
                .hasMessage(link + " is another user's link, to " + victim);
        assertThat(victim).hasContent("precious\n" + TIME + "mine");
    }

    @Test
    void whatIsNoFile_isWrittenToAsItIs() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("log"), Path.of("/dev/null"));
        try (FileLog log = new FileLog(link, CLOCK, false, complaintsTo)) {
            log.info("into the void");
            assertThat(log.wasOpenToOthers()).isFalse();
        }
        assertThat(Files.getPosixFilePermissions(Path.of("/dev/null")))
                .contains(PosixFilePermission.OTHERS_WRITE);
        Files.delete(link);
    }

    private static boolean isRoot() {
        return new com.sun.security.auth.module.UnixSystem().getUid() == 0;
    }

    @Test
    void verbose_writesDetailsAndStackTraces() throws IOException {
        Path file = directory.resolve("log");
        try (FileLog log = new FileLog(file, CLOCK, true, complaintsTo)) {
            log.detail("detail");
            log.trace("failed", new IllegalStateException("in\u001bner"));
        }

        assertThat(Files.readString(file))
                .contains(TIME + "detail\n", TIME + "failed\n", "in\\u001bner", "FileLogTest.java");
    }

    @Test
    void whatIsSaidAfterItsEnd_isNotWritten_andNobodyComplains() throws IOException {
        Path file = directory.resolve("log");
        FileLog log = new FileLog(file, CLOCK, false, complaintsTo);
        log.info("said in time");
        log.close();
        log.info("said too late");

        assertThat(Files.readString(file)).isEqualTo(TIME + "said in time\n");
        assertThat(complaints).isEmpty();
    }

    @Test
    void fileThatCannotBeWritten_isNamed() {
        Path file = directory.resolve("absent/log");

        assertThatThrownBy(() -> new FileLog(file, CLOCK, false, complaintsTo))
                .isInstanceOf(WarpException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void tee_saysEverythingToBoth() throws IOException {
        Captured out = new Captured();
        Captured err = new Captured();
        Path file = directory.resolve("log");
        try (MigrationLog log =
                new TeeLog(
                        new TerminalLog(
                                new TerminalLog.Screen(out.stream(), err.stream(), false),
                                CLOCK,
                                "",
                                true),
                        new FileLog(file, CLOCK, true, complaintsTo))) {
            log.info("event");
            log.detail("detail");
            log.warn("warning", List.of("advice"));
            log.error("error", List.of());
            log.trace("trace", new IllegalStateException());
        }

        assertThat(file).content().contains("trace");
        for (String text : List.of(out.text() + err.text(), Files.readString(file))) {
            assertThat(text)
                    .contains("event", "detail", "WARNING: warning", "HINT: advice")
                    .contains("ERROR: error");
        }
    }
}
