package warp.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Shared memory that a killed server leaves behind. The next start of the same server frees it;
 * where there is none, {@link #free} does.
 *
 * @param files POSIX segments in {@code /dev/shm}
 * @param segments ids of System V segments
 */
record SharedMemory(List<Path> files, List<String> segments) {

    /** Nothing. */
    static final SharedMemory NONE = new SharedMemory(List.of(), List.of());

    /** The seventh line of {@code postmaster.pid} holds key and id of the System V segment. */
    private static final int SEGMENT_LINE = 7;

    /** What these processes of a server with this data directory hold now. */
    static SharedMemory of(Collection<ProcessHandle> processes, Path data) {
        return new SharedMemory(
                processes.stream().flatMap(SharedMemory::files).distinct().toList(),
                lines(data.resolve("postmaster.pid"))
                        .skip(SEGMENT_LINE - 1)
                        .limit(1)
                        .map(line -> line.strip().replaceFirst("^.* ", ""))
                        .filter(id -> id.matches("\\d+"))
                        .toList());
    }

    void free() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        for (String segment : segments) {
            ChildCommand.run(List.of("ipcrm", "-m", segment), Path.of("/"));
        }
    }

    private static Stream<Path> files(ProcessHandle process) {
        return lines(Path.of("/proc", Long.toString(process.pid()), "maps"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .filter(name -> name.startsWith("/dev/shm/PostgreSQL."))
                .map(Path::of);
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException _) {
            return Stream.empty(); // the process has ended, or never wrote it
        }
    }
}
