package warp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import warp.sandbox.PostgresServer;

/**
 * Processor time, in seconds: of the programs this JVM has run to their end, and of the two servers
 * with all their sessions. Unlike the time on the clock it hardly depends on what else the machine
 * does. See proc_pid_stat(5).
 */
record CpuSeconds(double client, double source, double destination) {

    /** {@code USER_HZ}, the same on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** Places of utime, stime, cutime and cstime behind the command's closing parenthesis. */
    private static final int UTIME = 11;

    private static final int CUTIME = 13;

    /** What has been spent since the servers were started. */
    static CpuSeconds now(PostgresServer source, PostgresServer destination) {
        long[] own = ticks(ProcessHandle.current().pid());
        return new CpuSeconds(own[1] / TICKS_PER_SECOND, of(source), of(destination));
    }

    /** Of one process alone, so far; 0 where it is gone. */
    static double ofProcess(long pid) {
        return ticks(pid)[0] / TICKS_PER_SECOND;
    }

    CpuSeconds minus(CpuSeconds earlier) {
        return new CpuSeconds(
                client - earlier.client,
                source - earlier.source,
                destination - earlier.destination);
    }

    private static double of(PostgresServer server) {
        long pid;
        try (Stream<String> lines = Files.lines(server.data().resolve("postmaster.pid"))) {
            pid = Long.parseLong(lines.findFirst().orElseThrow().strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // a session that ends while one looks would be counted neither here nor there
        long ended = ticks(pid)[1];
        while (true) {
            long alive = alive(pid);
            long endedAfter = ticks(pid)[1];
            if (ended == endedAfter) {
                return (ended + alive) / TICKS_PER_SECOND;
            }
            ended = endedAfter;
        }
    }

    private static long alive(long pid) {
        return LongStream.concat(
                        LongStream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .mapToLong(ProcessHandle::pid))
                .map(each -> ticks(each)[0])
                .sum();
    }

    /** Of the process itself, and of its children that have ended; 0 where it is gone. */
    private static long[] ticks(long pid) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return new long[] {sum(fields, UTIME), sum(fields, CUTIME)};
        } catch (IOException _) {
            return new long[2];
        }
    }

    private static long sum(String[] fields, int first) {
        return Long.parseLong(fields[first]) + Long.parseLong(fields[first + 1]);
    }
}
