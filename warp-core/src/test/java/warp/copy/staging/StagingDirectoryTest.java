package warp.copy.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.progress.Progress;

class StagingDirectoryTest {

    private static final byte[] ROWS = new byte[30];

    private final Progress progress = new Progress();

    @TempDir Path directory;

    private StagingDirectory open() {
        return StagingDirectory.open(directory.resolve("new/dir"), "citus_warp");
    }

    private Path folder() {
        return directory.resolve("new/dir/citus_warp");
    }

    private StagedFiles begun(StagingDirectory staging) {
        return staging.begin(Staged.manifest(), Long.MAX_VALUE, progress);
    }

    @Test
    void everythingIsForTheOwnerAlone() throws Exception {
        try (StagingDirectory staging = open()) {
            StagedFiles files = begun(staging);
            Staged.write(files, Staged.TABLE, 0, ROWS, 10);
            ChunkFileWriter under = files.write(Staged.header(files, Staged.TABLE, 1), 10);
            try (Stream<Path> paths = Files.walk(directory.resolve("new"))) {
                for (Path path : paths.toList()) {
                    String expected = Files.isDirectory(path) ? "rwx------" : "rw-------";
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(path.toString())
                            .isEqualTo(expected);
                }
            }
            assertThat(names()).contains("1.0.rows", "1.1.rows.part", "manifest", "lock");
            under.close();
        }
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void whatAnEarlierRunFinished_isThereAgain_andWhatItDidNot_isGone() {
        try (StagingDirectory staging = open()) {
            StagedFiles files = begun(staging);
            Staged.write(files, Staged.TABLE, 0, ROWS, 10);
            Staged.write(files, Staged.OTHER, 0, ROWS, 10);
            ChunkFileWriter killed = files.write(Staged.header(files, Staged.TABLE, 1), 10);
            assertThat(killed).isNotNull();
        }
        try (StagingDirectory staging = open()) {
            Manifest manifest = staging.manifest(Staged.MIGRATION).orElseThrow();
            assertThat(manifest).isEqualTo(Staged.manifest());
            StagedFiles files = staging.resume(manifest, Long.MAX_VALUE, progress);
            assertThat(names()).containsExactly("0.0.rows", "1.0.rows", "lock", "manifest");
            assertThat(files.has(Staged.TABLE, 0)).isTrue();
            assertThat(files.has(Staged.OTHER, 0)).isTrue();
            assertThat(files.has(Staged.TABLE, 1)).isFalse();
            assertThat(Staged.read(files, Staged.TABLE, 0)).isEqualTo(ROWS);
            long before = progress.stagedBytes.get();
            assertThat(before).isPositive();
            files.remove(Staged.TABLE, 0);
            files.remove(Staged.TABLE, 0);
            files.remove(Staged.TABLE, 1);
            assertThat(progress.stagedBytes.get()).isBetween(1L, before - 1);
            assertThat(files.has(Staged.TABLE, 0)).isFalse();
            files.complete();
        }
        try (StagingDirectory staging = open()) {
            assertThat(staging.manifest().orElseThrow().complete()).isTrue();
            staging.discard();
        }
        assertThat(folder()).doesNotExist();
    }

    @Test
    void anotherMigrationsRows_areNeverMixed() {
        try (StagingDirectory staging = open()) {
            Staged.write(begun(staging), Staged.TABLE, 0, ROWS, 10);
            for (StagedMigration other :
                    List.of(
                            new StagedMigration("7302", "shop", "citus_warp"),
                            new StagedMigration("7301", "shop2", "citus_warp"))) {
                assertProblem(() -> staging.manifest(other), ErrorCode.STATE)
                        .contains("holds the rows of another migration: slot citus_warp from")
                        .contains("database shop of cluster 7301")
                        .contains("rm -r " + folder());
            }
        }
    }

    @Test
    void aSecondWarp_isRefused() {
        try (StagingDirectory staging = open()) {
            assertThat(staging.folder()).isEqualTo(folder());
            assertProblem(this::open, ErrorCode.STATE).contains("another Warp is at work in");
        }
        open().close();
    }

    @Test
    void whatIsNotWarps_isNotTouched() throws Exception {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("thesis.doc"), "ten years of work");
        assertProblem(this::open, ErrorCode.STATE).contains("holds what is not Warp's: thesis.doc");
        assertThat(folder().resolve("thesis.doc")).hasContent("ten years of work");
        Files.delete(folder().resolve("thesis.doc"));
        Files.delete(folder());
        Files.createSymbolicLink(folder(), directory);
        assertProblem(this::open, ErrorCode.FILE).contains("is not a directory");
    }

    @Test
    void aDamagedOrLostManifest_isNamed() throws Exception {
        try (StagingDirectory staging = open()) {
            Staged.write(begun(staging), Staged.TABLE, 0, ROWS, 10);
            Path manifest = folder().resolve("manifest");
            String whole = Files.readString(manifest);
            for (int at = 0; at < whole.length(); at++) {
                char changed = whole.charAt(at) == 'x' ? 'y' : 'x';
                Files.writeString(
                        manifest, whole.substring(0, at) + changed + whole.substring(at + 1));
                assertProblem(staging::manifest, ErrorCode.STATE).contains("manifest is damaged");
                Files.writeString(manifest, whole.substring(0, at));
                assertProblem(staging::manifest, ErrorCode.STATE).contains("rm -r " + folder());
            }
            Files.delete(manifest);
            assertProblem(staging::manifest, ErrorCode.STATE).contains("has lost its manifest");
            staging.clear();
            assertThat(staging.manifest()).isEmpty();
        }
    }

    private static org.assertj.core.api.AbstractStringAssert<?> assertProblem(
            ThrowingCallable work, ErrorCode code) {
        WarpException problem = catchThrowableOfType(WarpException.class, work);
        assertThat(problem).isNotNull();
        assertThat(problem.code()).isEqualTo(code);
        return assertThat(problem.report());
    }

    private List<String> names() {
        return StagingDirectory.names(folder()).sorted().toList();
    }
}
