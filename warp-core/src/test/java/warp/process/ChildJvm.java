package warp.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import warp.cli.Main;

/**
 * How children of tests are started: Warp in a jar, with its classes kept ready as {@code ./warp}
 * keeps them (scripts/jvm). From folders, as tests have them, a start costs more than twice the
 * processor time, and tests start hundreds. Jar and classes are made once for each build, next to
 * it, by whichever test comes first; where the classes cannot be kept, children start without.
 */
final class ChildJvm {

    private static final List<String> OPTIONS =
            options(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    // Four sessions copy side by side, however few cores there are.
                    "-XX:ActiveProcessorCount=8",
                    "-Xmx256m",
                    "-XX:-UsePerfData",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Duser.timezone=UTC");
    private static final long REHEARSAL_SECONDS_MAX = 120;

    /** And large pages, where the tests have them. */
    private static List<String> options(String... always) {
        return Stream.concat(
                        Stream.of(always),
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                                .filter("-XX:+UseTransparentHugePages"::equals))
                .toList();
    }

    /** For all of this JVM; made when it is first asked for. */
    private static final class Made {
        static final List<String> OPTIONS_AND_PATH = make();
    }

    private ChildJvm() {}

    /** What starts Warp, but for its arguments; {@code more} are options of the JVM. */
    static List<String> warp(List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(more);
        command.addAll(Made.OPTIONS_AND_PATH);
        command.add(Main.class.getName());
        return command;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<String> make() {
        try {
            Path classes =
                    Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path folder = Files.createDirectories(classes.resolveSibling("test-child"));
            try (FileChannel file =
                            FileChannel.open(
                                    folder.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock _ = file.lock()) { // other test JVMs of the same build
                return make(classes, folder);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<String> make(Path classes, Path folder) throws IOException {
        String build = buildOf(classes);
        Path jar = folder.resolve(build + ".jar");
        Path cache = folder.resolve(build + ".aot");
        if (!Files.exists(cache)) {
            clear(folder);
            pack(classes, jar);
            List<String> options = new ArrayList<>(OPTIONS);
            options.addAll(List.of("-cp", classPath(jar)));
            rehearse(options, cache, folder);
        }
        List<String> options = new ArrayList<>(OPTIONS);
        if (Files.size(cache) > 0) {
            options.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
        }
        options.addAll(List.of("-cp", classPath(jar)));
        return List.copyOf(options);
    }

    /** Another after every change of a class. */
    private static String buildOf(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            List<String> all = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.add("%s %s".formatted(file, Files.getLastModifiedTime(file)));
            }
            return "warp-%08x".formatted(all.hashCode());
        }
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path old : files.filter(file -> !file.endsWith("lock")).toList()) {
                Files.delete(old);
            }
        }
    }

    private static void pack(Path classes, Path jar) {
        int code =
                ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "--create",
                                "--file",
                                jar.toString(),
                                "-C",
                                classes.toString(),
                                ".");
        if (code != 0) {
            throw new IllegalStateException("jar ended with code " + code);
        }
    }

    /** Classes are kept of jars only. */
    private static String classPath(Path jar) {
        String libraries =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> entry.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator));
        return jar + File.pathSeparator + libraries;
    }

    private static void rehearse(List<String> options, Path cache, Path folder) throws IOException {
        Path made = folder.resolve("made.aot");
        List<String> command = new ArrayList<>();
        command.addAll(List.of(java(), "-cp", System.getProperty("java.class.path")));
        command.add(warp.sandbox.Rehearsal.class.getName());
        command.add(java());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:-AOTRecordTraining",
                        "-XX:AOTCacheOutput=" + made,
                        "warp.cli.Rehearsal"));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("rehearsal.log").toFile())
                        .start();
        try {
            if (!process.waitFor(REHEARSAL_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (InterruptedException stop) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
        if (!Files.exists(made)) {
            Files.createFile(made);
        }
        Files.move(made, cache);
    }
}
