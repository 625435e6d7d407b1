package warp.copy.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.progress.Progress;
import warp.testing.Seed;

/** What is read is what was written, or it is named as damaged: no change of a file is missed. */
class ChunkFileProperty {

    private static final int CASES = 60;

    private final long seed = Seed.of(ChunkFileProperty.class);
    private final Random random = new Random(seed);

    @TempDir Path directory;

    private StagedFiles files;

    @BeforeEach
    void begin() {
        files = Staged.files(directory, Long.MAX_VALUE, new Progress());
    }

    @Test
    void rowsOfAnySizeInAnyPieces_comeBackAsTheyWere() {
        for (int number = 0; number < CASES; number++) {
            byte[] rows =
                    rows(random.nextInt(4) == 0 ? random.nextInt(3 << 20) : random.nextInt(9));
            int piece = 1 + random.nextInt(Math.max(rows.length, 1));
            Staged.write(files, Staged.TABLE, 1, rows, piece);
            assertThat(Arrays.equals(Staged.read(files, Staged.TABLE, 1), rows))
                    .as("case %d, seed %d", number, seed)
                    .isTrue();
            files.remove(Staged.TABLE, 1);
        }
    }

    /** Half of it noise, half of it lines. */
    private byte[] rows(int length) {
        byte[] rows = new byte[length];
        random.nextBytes(rows);
        if (random.nextBoolean()) {
            byte[] line = "1\tsome text that repeats\n".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < length; i++) {
                rows[i] = line[i % line.length];
            }
        }
        return rows;
    }

    @Test
    void everyByteThatIsChanged_isFound() throws Exception {
        byte[] whole = twoFrames();
        Path file = files.file(Staged.TABLE, 0);
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);
            assertDamaged("byte " + at);
        }
        Files.write(file, whole);
        assertThat(Staged.read(files, Staged.TABLE, 0)).isNotEmpty();
    }

    @Test
    void everyPlaceWhereItIsCutOff_isFound() throws Exception {
        byte[] whole = twoFrames();
        Path file = files.file(Staged.TABLE, 0);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertDamaged("length " + length);
        }
    }

    @Test
    void whatIsAddedRepeatedLeftOutOrExchanged_isFound() throws Exception {
        byte[] whole = twoFrames();
        Path file = files.file(Staged.TABLE, 0);
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertDamaged("a byte more");
        int head = headOf(whole);
        int first = frameAt(whole, head);
        int second = frameAt(whole, head + first);
        Files.write(file, spliced(whole, head, head, first, head, first, head + first, second));
        assertDamaged("the first frame twice");
        Files.write(file, spliced(whole, head, head, first));
        assertDamaged("the second frame left out");
        Files.write(file, spliced(whole, head, head + first, second, head, first));
        assertDamaged("the frames exchanged");
        Files.write(file, spliced(whole, head, head, first, head + first, second));
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    private static byte[] spliced(byte[] whole, int head, int... parts) {
        var bytes = new java.io.ByteArrayOutputStream();
        bytes.write(whole, 0, head);
        for (int i = 0; i < parts.length; i += 2) {
            bytes.write(whole, parts[i], parts[i + 1]);
        }
        bytes.write(whole, whole.length - ChunkFormat.END_BYTES, ChunkFormat.END_BYTES);
        return bytes.toByteArray();
    }

    private static int headOf(byte[] whole) {
        return ChunkFormat.HEAD_BYTES + intAt(whole, ChunkFormat.MAGIC.length + 4) + 4;
    }

    private static int frameAt(byte[] whole, int at) {
        return ChunkFormat.FRAME_HEAD_BYTES + intAt(whole, at + 5);
    }

    private static int intAt(byte[] bytes, int at) {
        return java.nio.ByteBuffer.wrap(bytes).getInt(at);
    }

    @Test
    void fileOfAnotherChunkOrSnapshot_isNotTaken() throws Exception {
        twoFrames();
        Files.copy(files.file(Staged.TABLE, 0), files.file(Staged.TABLE, 2));
        assertThatThrownBy(() -> files.read(Staged.TABLE, 2))
                .isInstanceOf(DamagedFile.class)
                .hasMessageContaining("holds chunk 0 of ");
        assertThatThrownBy(() -> files.read(Staged.TABLE, 1))
                .isInstanceOf(DamagedFile.class)
                .hasMessageContaining("1.1.rows is missing");
    }

    private byte[] twoFrames() throws Exception {
        byte[] rows = "1\tsome text that repeats\n".repeat(11_500).getBytes(StandardCharsets.UTF_8);
        assertThat(rows.length).isBetween(ChunkFormat.FRAME_RAW_MAX, 2 * ChunkFormat.FRAME_RAW_MAX);
        Staged.write(files, Staged.TABLE, 0, rows, 8192);
        byte[] whole = Files.readAllBytes(files.file(Staged.TABLE, 0));
        assertThat(whole.length).isLessThan(3000);
        return whole;
    }

    private void assertDamaged(String how) {
        DamagedFile damage =
                catchThrowableOfType(DamagedFile.class, () -> Staged.read(files, Staged.TABLE, 0));
        assertThat(damage).as("%s, seed %d", how, seed).isNotNull();
        assertThat(damage.getMessage()).contains("1.0.rows ");
    }
}
