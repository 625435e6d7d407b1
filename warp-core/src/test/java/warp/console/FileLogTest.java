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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.error.WarpException;

class FileLogTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2021-07-23T21:33:06.146Z"), ZoneOffset.UTC);
    private static final String TIME = "2021-07-23 21:33:06.146 UTC: ";

    @TempDir Path directory;

    @Test
    void lines_areAppendedToAFileThatOnlyItsOwnerReads() throws IOException {
        Path file = directory.resolve(".karla.log");
        try (FileLog log = new FileLog(file, CLOCK, false)) {
            log.info("first");
            assertThat(log.wasOpenToOthers()).isFalse();
            assertThat(Files.readString(file)).isEqualTo(TIME + "first\n");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        try (FileLog log = new FileLog(file, CLOCK, false)) {
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
    void ownLink_isFollowedAndOthersLinkIsNot() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious\n");
        Path link = Files.createSymbolicLink(directory.resolve("log"), victim);
        try (FileLog log = new FileLog(link, CLOCK, false)) {
            log.info("mine");
        }
        assertThat(victim).hasContent("precious\n" + TIME + "mine");

        assumeTrue(isRoot(), "only root can make files of somebody else");
        Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);

        assertThatThrownBy(() -> new FileLog(link, CLOCK, false))
                .isInstanceOf(WarpException.class)
                .hasMessage(link + " is another user's link, to " + victim);
        assertThat(victim).hasContent("precious\n" + TIME + "mine");
    }

    @Test
    void whatIsNoFile_isWrittenToAsItIs() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("log"), Path.of("/dev/null"));
        try (FileLog log = new FileLog(link, CLOCK, false)) {
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
        try (FileLog log = new FileLog(file, CLOCK, true)) {
            log.detail("detail");
            log.trace("failed", new IllegalStateException("in\u001bner"));
        }

        assertThat(Files.readString(file))
                .contains(TIME + "detail\n", TIME + "failed\n", "in\\u001bner", "FileLogTest.java");
    }

    @Test
    void fileThatCannotBeWritten_isNamed() {
        Path file = directory.resolve("absent/log");

        assertThatThrownBy(() -> new FileLog(file, CLOCK, false))
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
                        new FileLog(file, CLOCK, true))) {
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
