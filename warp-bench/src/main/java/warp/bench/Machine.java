package warp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What it was measured on.
 *
 * @param memoryBytes of the whole machine
 * @param load programs running or waiting to, over the last minute
 */
record Machine(
        String processor, int cores, long memoryBytes, String system, String java, double load) {

    private static final double GIGABYTE = 1024.0 * 1024 * 1024;

    /** This machine now; from {@code /proc}. */
    static Machine now() {
        long kilobytes = Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
        try {
            String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
            return new Machine(
                    value("/proc/cpuinfo", "model name"),
                    Runtime.getRuntime().availableProcessors(),
                    kilobytes * 1024,
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    System.getProperty("java.vm.version"),
                    Double.parseDouble(load));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "%d cores (%s), %.0f GB of memory, %s, Java %s"
                .formatted(cores, processor, memoryBytes / GIGABYTE, system, java);
    }

    private static String value(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
