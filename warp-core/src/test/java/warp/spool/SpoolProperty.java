package warp.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.postgres.wire.ChangeStream.Frame;
import warp.progress.Progress;
import warp.sandbox.SmallDisk;
import warp.testing.Seed;

/** Whatever happens to the files of a spool: what is read is what was written, or it is known. */
class SpoolProperty {

    private static final Lsn START = new Lsn(1000);
    private static final SpoolLimits TINY = new SpoolLimits(Long.MAX_VALUE, 900, 250);

    /** In memory, where that can be: thousands of files are forced to it. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private Path folder = Path.of("");
    private final long seed = Seed.of(SpoolProperty.class);
    private final SplittableRandom random = new SplittableRandom(seed);
    private SpoolIdentity identity = identity("1", OutputPlugin.PGOUTPUT);
    private int copies;

    @BeforeEach
    void makeFolder() throws IOException {
        folder =
                Files.isWritable(MEMORY)
                        ? Files.createTempDirectory(MEMORY, "warp-spool")
                        : Files.createTempDirectory("warp-spool");
    }

    @AfterEach
    void removeFolder() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static SpoolIdentity identity(String id, OutputPlugin plugin) {
        return new SpoolIdentity(id, "7123", "shop", "warp", plugin);
    }

    private Spool write(FakeStream stream, List<Frame> frames) {
        identity = identity("1", stream.plugin());
        Spool spool = Spool.create(folder, identity, START, new Progress());
        SpoolWriter writer = spool.write(TINY);
        writer.beginSession();
        for (Frame frame : frames) {
            writer.append(frame);
            if (random.nextInt(10) == 0) {
                writer.sync();
            }
        }
        writer.sync();
        writer.close();
        return spool;
    }

    private static List<Frame> read(Spool spool, Lsn from) {
        List<Frame> frames = new ArrayList<>();
        try (SpoolReader reader = spool.read(from)) {
            while (reader.hasNext()) {
                Frame frame = reader.next();
                assertThat(frame).isNotNull();
                frames.add(frame);
            }
            assertThat(reader.next()).isNull();
        }
        return frames;
    }

    @ParameterizedTest
    @EnumSource(OutputPlugin.class)
    void fromEveryPosition_justWhatEndsAfterItIsRead(OutputPlugin plugin) {
        FakeStream stream = new FakeStream(plugin, random, 120, 8);
        try (Spool spool = write(stream, stream.session(START))) {
            assertThat(spool.end()).isGreaterThanOrEqualTo(stream.end());
            assertThat(files(spool.folder())).hasSizeGreaterThan(5);
            for (Lsn end : stream.ends()) {
                for (Lsn from : List.of(end, new Lsn(end.value() - 1), new Lsn(end.value() + 1))) {
                    assertThat(stream.decode(read(spool, from)))
                            .as("seed %d, from %s", seed, from)
                            .isEqualTo(stream.events(from, stream.end()));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OutputPlugin.class)
    void consumedSegmentsAreGone_theRestCanStillBeDecoded(OutputPlugin plugin) {
        FakeStream stream = new FakeStream(plugin, random, 120, 8);
        write(stream, stream.session(START)).close();
        for (Lsn durable : stream.ends()) {
            try (Spool spool = open(folder.resolve(identity.folder())).orElseThrow()) {
                int before = files(spool.folder()).size();
                spool.consumed(durable);
                assertThat(files(spool.folder()).size()).isLessThanOrEqualTo(before);
                assertThat(stream.decode(read(spool, durable)))
                        .as("seed %d, durable %s", seed, durable)
                        .isEqualTo(stream.events(durable, stream.end()));
            }
            if (durable.equals(stream.ends().get(stream.ends().size() - 2))) {
                return; // With the last one, nothing is left to open.
            }
        }
    }

    private Optional<Spool> open(Path of) {
        return Spool.open(of, identity, new Progress());
    }

    @Test
    void everyTruncatedFile_isAShorterSpoolOrNone() throws IOException {
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 16, 3);
        Spool whole = write(stream, stream.session(START));
        whole.close();
        for (Path file : files(whole.folder())) {
            byte[] content = Files.readAllBytes(file);
            for (int length = 0; length < content.length; length++) {
                Files.write(file, Arrays.copyOf(content, length));
                isReadAsFarAsItGoes(stream, whole, file + " of " + length + " bytes");
            }
            Files.write(file, content);
        }
        isReadAsFarAsItGoes(stream, whole, "whole");
    }

    @Test
    void everyFlippedByte_isFoundOrHarmless() throws IOException {
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 16, 3);
        Spool whole = write(stream, stream.session(START));
        whole.close();
        for (Path file : files(whole.folder())) {
            byte[] content = Files.readAllBytes(file);
            for (int at = 0; at < content.length; at++) {
                byte[] flipped = content.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, flipped);
                isReadAsFarAsItGoes(stream, whole, file + ", byte " + at);
            }
            Files.write(file, content);
        }
    }

    /** The last file may hold nothing yet, and nothing is lost with it. */
    @Test
    void everyMissingFile_isAShorterSpoolOrALaterOne() throws IOException {
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 80, 4);
        Spool whole = write(stream, stream.session(START));
        whole.close();
        List<Path> files = files(whole.folder());
        for (int i = 0; i < files.size(); i++) {
            byte[] content = Files.readAllBytes(files.get(i));
            Segment missing = Segment.scan(files.get(i), true).orElseThrow();
            Files.delete(files.get(i));
            try (Spool left = open(whole.folder()).orElseThrow()) {
                String what = "seed %d: without %s".formatted(seed, files.get(i));
                assertThat(left.start()).as(what).isEqualTo(i == 0 ? missing.end() : START);
                assertThat(left.end()).as(what).isEqualTo(i == 0 ? whole.end() : missing.start());
                assertThat(stream.decode(read(left, left.start())))
                        .isEqualTo(stream.events(left.start(), left.end()));
            }
            Files.write(files.get(i), content);
        }
    }

    /** What a spool claims to cover is there as it was, or reading says that it is damaged. */
    private void isReadAsFarAsItGoes(FakeStream stream, Spool whole, String what) {
        Optional<Spool> opened = open(whole.folder());
        if (opened.isEmpty()) {
            return;
        }
        try (Spool left = opened.get()) {
            assertThat(left.start()).as(what).isEqualTo(START);
            assertThat(left.end()).as(what).isLessThanOrEqualTo(whole.end());
            List<String> events = stream.decode(read(left, START));
            assertThat(events)
                    .as("seed %d: %s", seed, what)
                    .isEqualTo(stream.events(START, left.end()));
        } catch (WarpException found) {
            assertThat(found.code()).as(what).isEqualTo(ErrorCode.STATE);
            assertThat(found).hasMessageContaining("damaged");
        }
    }

    @Test
    void filesOfAnotherSpool_endIt() throws IOException {
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 80, 4);
        Spool mine = write(stream, stream.session(START));
        mine.close();
        Spool other =
                Spool.create(folder, identity("2", OutputPlugin.PGOUTPUT), START, new Progress());
        SpoolWriter writer = other.write(TINY);
        writer.beginSession();
        stream.session(START).forEach(writer::append);
        writer.sync();
        writer.close();
        other.close();
        Path second = mine.folder().resolve(SegmentFile.name(2));
        Files.copy(
                other.folder().resolve(SegmentFile.name(2)),
                second,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (Spool left = open(mine.folder()).orElseThrow()) {
            assertThat(left.end()).isLessThan(mine.end());
            assertThat(stream.decode(read(left, START)))
                    .isEqualTo(stream.events(START, left.end()));
        }
        assertThat(Spool.open(other.folder(), identity, new Progress())).isEmpty();
        assertThat(Spool.open(folder.resolve("missing"), identity, new Progress())).isEmpty();
    }

    @Test
    void spoolInUse_isRefusedToASecondOne() {
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 5, 4);
        try (Spool spool = write(stream, stream.session(START))) {
            assertThatThrownBy(() -> open(spool.folder()))
                    .isInstanceOf(WarpException.class)
                    .hasMessageContaining("in use by another process");
        }
    }

    @Test
    void leftoversOfTheSlot_areRemovedOnly() {
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 5, 4);
        Spool old = write(stream, stream.session(START));
        old.close();
        SpoolIdentity elsewhere =
                new SpoolIdentity("3", "7999", "shop", "warp", OutputPlugin.PGOUTPUT);
        Spool foreign = Spool.create(folder, elsewhere, START, new Progress());
        foreign.write(TINY).close();
        foreign.close();
        assertThat(Spool.removeLeftovers(folder, identity("2", OutputPlugin.PGOUTPUT)))
                .containsExactly(old.folder());
        assertThat(old.folder()).doesNotExist();
        assertThat(foreign.folder()).exists();
    }

    @Test
    void limitReached_keepsWhatWasSynced() {
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 300, 30);
        Spool spool = Spool.create(folder, identity, START, new Progress());
        SpoolWriter writer = spool.write(new SpoolLimits(4000, 400, 120));
        writer.beginSession();
        assertThatThrownBy(() -> stream.session(START).forEach(writer::append))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        full -> assertThat(full.code()).isEqualTo(ErrorCode.OUT_OF_SPACE))
                .hasMessageContaining("limit");
        Lsn synced = writer.sync();
        writer.close();
        assertThat(synced).isGreaterThan(START).isEqualTo(spool.end());
        assertThat(spool.bytes()).isLessThanOrEqualTo(4000);
        spool.close();
        try (Spool again = open(spool.folder()).orElseThrow()) {
            assertThat(again.end()).isEqualTo(synced);
            assertThat(stream.decode(read(again, START))).isEqualTo(stream.events(START, synced));
        }
    }

    @Test
    void diskFull_keepsWhatWasSynced_andGoesOnWhenThereIsRoom() {
        assumeTrue(SmallDisk.missing().isEmpty(), () -> SmallDisk.missing().orElseThrow());
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 800, 30);
        try (SmallDisk disk = SmallDisk.mount(8 << 20)) {
            disk.leaveFree(40_000);
            Spool spool = Spool.create(disk.path(), identity, START, new Progress());
            SpoolLimits limits = new SpoolLimits(Long.MAX_VALUE, 20_000, 1000);
            SpoolWriter writer = spool.write(limits);
            writer.beginSession();
            assertThatThrownBy(() -> stream.session(START).forEach(writer::append))
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            full -> assertThat(full.code()).isEqualTo(ErrorCode.OUT_OF_SPACE))
                    .hasMessageContaining("full");
            Lsn synced = writer.sync();
            writer.close();
            spool.close();
            assertThat(synced).isGreaterThan(START);
            disk.relieve();
            try (Spool again = open(spool.folder()).orElseThrow()) {
                assertThat(again.end()).isGreaterThanOrEqualTo(synced);
                SpoolWriter next = again.write(limits);
                stream.session(next.beginSession()).forEach(next::append);
                next.sync();
                next.close();
                assertThat(stream.decode(read(again, START)))
                        .as("seed %d", seed)
                        .isEqualTo(stream.events(START, stream.end()));
            }
        }
    }

    /**
     * Power fails at any moment: what was synced is there, what was not may be there, half of it,
     * or something else in its place. Then it goes on at its end.
     */
    @ParameterizedTest
    @EnumSource(OutputPlugin.class)
    void powerFailures_loseNothingThatWasSynced(OutputPlugin plugin) throws IOException {
        for (int history = 0; history < 5; history++) {
            FakeStream stream = new FakeStream(plugin, random, 150, 6);
            identity = identity("h" + history, plugin);
            Spool spool = Spool.create(folder, identity, START, new Progress());
            Lsn durable = START;
            while (spool.end().isBefore(stream.end())) {
                SpoolWriter writer = spool.write(TINY);
                Path survivor = goOnUntilItFails(stream, spool, writer);
                Lsn synced = writer.synced();
                writer.close();
                spool.close();
                spool = open(survivor).orElseThrow();
                assertThat(spool.end()).as("seed %d", seed).isGreaterThanOrEqualTo(synced);
                assertThat(spool.start()).isLessThanOrEqualTo(durable);
                assertThat(stream.decode(read(spool, durable)))
                        .as("seed %d", seed)
                        .isEqualTo(stream.events(durable, spool.end()));
                if (random.nextInt(3) == 0) {
                    durable = someEnd(stream, durable, spool.end());
                    spool.consumed(before(durable, spool.end()));
                }
            }
            spool.close();
        }
    }

    /** The newest segment stays, as while it is written to. */
    private static Lsn before(Lsn durable, Lsn end) {
        return durable.isBefore(end) ? durable : new Lsn(end.value() - 1);
    }

    private Lsn someEnd(FakeStream stream, Lsn from, Lsn to) {
        List<Lsn> ends =
                stream.ends().stream()
                        .filter(end -> end.isAfter(from) && end.isBefore(to))
                        .toList();
        return ends.isEmpty() ? from : ends.get(random.nextInt(ends.size()));
    }

    /** Writes, loses connections, and returns a folder with what a power failure left. */
    private Path goOnUntilItFails(FakeStream stream, Spool spool, SpoolWriter writer)
            throws IOException {
        List<Path> syncedFiles = files(spool.folder());
        List<Long> syncedSizes = sizes(syncedFiles);
        int sessions = 1 + random.nextInt(3);
        for (int session = 0; session < sessions; session++) {
            List<Frame> frames = stream.session(writer.beginSession());
            int until = random.nextInt(frames.size() + 1);
            for (Frame frame : frames.subList(0, until)) {
                writer.append(frame);
                if (random.nextInt(40) == 0) {
                    writer.sync();
                    syncedFiles = files(spool.folder());
                    syncedSizes = sizes(syncedFiles);
                }
            }
        }
        // Not the writer's place, which goes on to be closed properly.
        Path survivor = folder.resolve("survivor" + copies++);
        Files.createDirectory(survivor);
        List<Path> all = files(spool.folder());
        for (int i = 0; i < all.size(); i++) {
            Path file = all.get(i);
            int known = syncedFiles.indexOf(file);
            long forced =
                    i < all.size() - 1
                            ? Files.size(file)
                            : known >= 0 ? syncedSizes.get(known) : headLength(file);
            Files.write(
                    survivor.resolve(String.valueOf(file.getFileName())),
                    torn(Files.readAllBytes(file), (int) Math.min(forced, Files.size(file))));
        }
        return survivor;
    }

    /** A segment's head is forced when it is made. */
    private static long headLength(Path file) {
        try (SegmentReader reader = SegmentReader.open(file).orElseThrow()) {
            return reader.position();
        }
    }

    private byte[] torn(byte[] content, int forced) {
        int length = forced + random.nextInt(content.length - forced + 1);
        int garbage = random.nextInt(4) == 0 ? random.nextInt(200) : 0;
        byte[] left = Arrays.copyOf(content, length + garbage);
        for (int i = length; i < left.length && random.nextBoolean(); i++) {
            left[i] = (byte) random.nextInt();
        }
        return left;
    }

    private static List<Long> sizes(List<Path> files) throws IOException {
        List<Long> sizes = new ArrayList<>();
        for (Path file : files) {
            sizes.add(Files.size(file));
        }
        return sizes;
    }

    private static List<Path> files(Path of) {
        try (Stream<Path> all = Files.list(of)) {
            return all.filter(file -> file.toString().endsWith(".spool")).sorted().toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Test
    void brokenHeadOfTheNewestSegment_isWrittenAnew() throws IOException {
        FakeStream stream = new FakeStream(OutputPlugin.PGOUTPUT, random, 16, 3);
        Spool first = write(stream, stream.session(START).subList(0, 20));
        first.close();
        int next = files(first.folder()).size() + 1;
        Files.write(
                first.folder().resolve(SegmentFile.name(next)),
                new byte[] {1, 2, 3},
                StandardOpenOption.CREATE_NEW);
        try (Spool again = open(first.folder()).orElseThrow()) {
            assertThat(again.end()).isEqualTo(first.end());
            SpoolWriter writer = again.write(TINY);
            stream.session(writer.beginSession()).forEach(writer::append);
            writer.sync();
            writer.close();
            assertThat(stream.decode(read(again, START)))
                    .isEqualTo(stream.events(START, stream.end()));
        }
    }
}
