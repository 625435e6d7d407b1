package warp.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.progress.Progress;

/**
 * A spool: a folder of segments that together hold every transaction that ended after {@link
 * #start} and at or before {@link #end}, each once, in order.
 *
 * <h2>What is kept true</h2>
 *
 * <p>Segments are numbered without a gap, and each begins where the one before ends; whatever does
 * not follow on like this is not part of the spool, nor is what stands behind it. So a file that is
 * missing, damaged or of another spool shortens what is covered, and never leaves a hole in it.
 * Opening changes nothing: what does not belong is cut away only by {@link #write}, when the caller
 * has seen that the source was told of nothing behind {@link #end}.
 *
 * <p>A spool belongs to the process that holds the lock of its folder. One thread at a time, but
 * for {@link #consumed} and {@link #bytes}.
 */
public final class Spool implements AutoCloseable {

    private static final String LOCK = "lock";
    private static final String SUFFIX = ".spool";
    private static final String ID = "[0-9a-f]{16}";

    private final Path folder;
    private final SpoolIdentity identity;
    private final FileChannel lockFile;
    private final Progress progress;
    private final List<Segment> segments;
    private final Lsn start;
    private Lsn end;
    private long bytes;

    private Spool(
            Path folder,
            SpoolIdentity identity,
            FileChannel lockFile,
            List<Segment> segments,
            Lsn start,
            Progress progress) {
        this.folder = folder;
        this.identity = identity;
        this.lockFile = lockFile;
        this.segments = new ArrayList<>(segments);
        this.progress = progress;
        this.start = start;
        this.end = segments.isEmpty() ? start : segments.getLast().end();
        count();
    }

    /** Where a new one is made. */
    public static Path folder(Path parent, SpoolIdentity identity) {
        return parent.toAbsolutePath().normalize().resolve(identity.folder());
    }

    /**
     * Makes a new one.
     *
     * @param parent made where it is missing
     * @param start everything that ended at or before it is at the destination
     * @throws WarpException OUT_OF_SPACE or FILE
     */
    public static Spool create(Path parent, SpoolIdentity identity, Lsn start, Progress progress) {
        Path place = parent.toAbsolutePath().normalize();
        Path folder = folder(place, identity);
        try {
            Files.createDirectories(place);
            Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            SegmentFile.forceFolder(place);
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(folder, problem);
        }
        return new Spool(folder, identity, lock(folder), List.of(), start, progress);
    }

    /**
     * Opens what there is of a spool.
     *
     * @param folder its own
     * @return empty where nothing of it is there
     * @throws WarpException STATE where another process works with it; FILE
     */
    public static Optional<Spool> open(Path folder, SpoolIdentity identity, Progress progress) {
        if (!Files.isDirectory(folder) || files(folder).isEmpty()) {
            return Optional.empty();
        }
        FileChannel lock = lock(folder);
        try {
            List<Segment> segments = scan(folder, identity);
            if (segments.isEmpty()) {
                release(lock);
                return Optional.empty();
            }
            return Optional.of(
                    new Spool(
                            folder,
                            identity,
                            lock,
                            segments,
                            segments.getFirst().start(),
                            progress));
        } catch (RuntimeException problem) {
            release(lock);
            throw problem;
        }
    }

    /** What follows on without a gap, from the oldest segment on. */
    private static List<Segment> scan(Path folder, SpoolIdentity identity) {
        List<Path> files = files(folder);
        List<Segment> whole = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Optional<Segment> found = Segment.scan(files.get(i), i == files.size() - 1);
            if (found.isEmpty() || !found.get().identity().equals(identity)) {
                break;
            }
            Segment segment = found.get();
            boolean follows =
                    whole.isEmpty()
                            || (segment.number() == whole.getLast().number() + 1
                                    && segment.start().equals(whole.getLast().end()));
            if (!follows || !SegmentFile.name(segment.number()).equals(name(files.get(i)))) {
                break;
            }
            whole.add(segment);
        }
        return whole;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> name(file).endsWith(SUFFIX)).sorted().toList();
        } catch (IOException problem) {
            throw SpoolErrors.cannotRead(folder, problem);
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Its own folder. */
    public Path folder() {
        return folder;
    }

    public SpoolIdentity identity() {
        return identity;
    }

    /** Transactions that ended at or before it are not here. */
    public Lsn start() {
        return start;
    }

    /** Transactions that ended at or before it, and after {@link #start}, are all here. */
    public synchronized Lsn end() {
        return end;
    }

    /** On disk. */
    public synchronized long bytes() {
        return bytes;
    }

    /**
     * Begins to write behind the end. What stands there that is not part of the spool is removed:
     * the caller has made sure that the source still has it.
     *
     * @throws WarpException OUT_OF_SPACE or FILE
     */
    SpoolWriter write(SpoolLimits limits) {
        cutBehindTheEnd();
        return new SpoolWriter(new Ends(limits), identity.plugin(), limits, end());
    }

    private synchronized void cutBehindTheEnd() {
        List<Path> known = segments.stream().map(Segment::path).toList();
        try {
            for (Path file : files(folder)) {
                if (!known.contains(file)) {
                    Files.delete(file);
                }
            }
            if (!segments.isEmpty() && segments.getLast().torn()) {
                Segment last = segments.getLast();
                try (FileChannel file = FileChannel.open(last.path(), StandardOpenOption.WRITE)) {
                    file.truncate(last.usable());
                    file.force(true);
                }
                segments.set(segments.size() - 1, last.cut());
            }
            SegmentFile.forceFolder(folder);
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(folder, problem);
        }
        count();
    }

    /** Where the writer's segments go. */
    private final class Ends implements SpoolWriter.Folder {
        private final SpoolLimits limits;

        private Ends(SpoolLimits limits) {
            this.limits = limits;
        }

        @Override
        public SegmentFile next(Lsn from) {
            int number = segments.isEmpty() ? 1 : segments.getLast().number() + 1;
            SegmentHead head = new SegmentHead(identity, number, from);
            reserve(head.length());
            SegmentFile file = SegmentFile.create(folder, head);
            synchronized (Spool.this) {
                Path path = folder.resolve(SegmentFile.name(number));
                long size = file.size();
                segments.add(new Segment(path, identity, number, from, from, size, false, size));
                count();
            }
            return file;
        }

        @Override
        public void reserve(long more) {
            if (bytes() + more > limits.bytesMax()) {
                throw SpoolErrors.limitReached(limits.bytesMax());
            }
        }

        @Override
        public void written(long more, Lsn endsAt) {
            synchronized (Spool.this) {
                Segment last = segments.getLast();
                boolean whole = !endsAt.isNone();
                end = whole ? endsAt : end;
                segments.set(
                        segments.size() - 1,
                        last.grown(more, end, whole ? last.bytes() + more : last.usable()));
                count();
            }
        }
    }

    /** The frames from a position on, up to the end. */
    SpoolReader read(Lsn from) {
        List<Segment> left;
        synchronized (this) {
            left = segments.stream().filter(segment -> segment.end().isAfter(from)).toList();
        }
        return new SpoolReader(left, identity.plugin(), from);
    }

    /**
     * Everything up to here is durable at the destination: segments that hold nothing else are
     * removed.
     *
     * @throws WarpException FILE
     */
    synchronized void consumed(Lsn durable) {
        while (!segments.isEmpty() && !segments.getFirst().end().isAfter(durable)) {
            Path file = segments.getFirst().path();
            try {
                Files.deleteIfExists(file);
            } catch (IOException problem) {
                throw SpoolErrors.cannotWrite(file, problem);
            }
            segments.removeFirst();
        }
        count();
    }

    private void count() {
        bytes = segments.stream().mapToLong(Segment::bytes).sum();
        progress.spooledBytes.set(bytes);
    }

    /** Lets go of it and removes it from the disk. */
    public void remove() {
        synchronized (this) {
            segments.clear();
            count();
        }
        try {
            removeFiles(folder);
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(folder, problem);
        } finally {
            release(lockFile);
        }
    }

    private static void removeFiles(Path folder) throws IOException {
        // The oldest first: what is left of a removal that is cut short begins too late.
        for (Path file : files(folder)) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(folder);
    }

    /**
     * Removes what earlier migrations with this slot left in a folder of spools: their slot is
     * gone, so nothing can need them. What another process works with stays.
     *
     * @return the folders removed
     */
    public static List<Path> removeLeftovers(Path parent, SpoolIdentity identity) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        List<Path> removed = new ArrayList<>();
        try (Stream<Path> folders = Files.list(parent)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                if (name(folder).startsWith(identity.slot() + ".")
                        && isLeftover(folder, identity)) {
                    FileChannel lock = lockIfFree(folder);
                    if (lock != null) {
                        removeFiles(folder);
                        release(lock);
                        removed.add(folder);
                    }
                }
            }
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(parent, problem);
        }
        return removed;
    }

    /** Removes the folder of a spool that nothing was ever written to; any other stays. */
    public static void removeEmpty(Path folder) {
        if (name(folder).matches(".+\\." + ID)
                && Files.isDirectory(folder)
                && files(folder).isEmpty()) {
            try {
                removeFiles(folder);
            } catch (IOException problem) {
                throw SpoolErrors.cannotWrite(folder, problem);
            }
        }
    }

    private static boolean isLeftover(Path folder, SpoolIdentity identity) {
        if (files(folder).isEmpty()) {
            // Whoever made it came to nothing.
            return name(folder).substring(identity.slot().length() + 1).matches(ID);
        }
        return files(folder).stream()
                .map(SegmentReader::open)
                .flatMap(Optional::stream)
                .map(reader -> {
                    try (reader) {
                        return reader.head().identity();
                    }
                })
                .anyMatch(found -> found.sameSlot(identity) && !found.id().equals(identity.id()));
    }

    private static FileChannel lock(Path folder) {
        try {
            FileChannel lock = lockIfFree(folder);
            if (lock == null) {
                throw new WarpException(
                                ErrorCode.STATE,
                                "spool " + folder + " is in use by another process")
                        .hint("Stop the other Warp first; then run the same command again.");
            }
            return lock;
        } catch (IOException problem) {
            throw SpoolErrors.cannotWrite(folder.resolve(LOCK), problem);
        }
    }

    private static @Nullable FileChannel lockIfFree(Path folder) throws IOException {
        FileChannel file =
                FileChannel.open(
                        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return file;
            }
        } catch (OverlappingFileLockException ofThisProcess) {
            // As held by another.
        }
        file.close();
        return null;
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException unheld) {
            // The lock ends with the process at the latest.
        }
    }

    /** Lets go of it; the files stay. */
    @Override
    public void close() {
        release(lockFile);
    }
}
