package warp.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warp.model.ServerVersion;

/**
 * Which version a {@code pg_dump} is: it is asked itself. All are asked at once, as Debian's in
 * {@code /usr/bin} takes longer to find the one it stands for than that takes to answer; and each
 * once in the life of this process, while its file stays the same. For any thread.
 */
final class PgDumpVersions {

    private static final Pattern VERSION = Pattern.compile("\\) (\\d+)(?:\\.(\\d+))?");
    private static final long SECONDS_MAX = 10;

    private record Program(Path file, FileTime changed) {}

    private static final Map<Program, ServerVersion> KNOWN = new ConcurrentHashMap<>();

    private PgDumpVersions() {}

    /**
     * Those of these programs that say their version, in the same order. Whoever comes while
     * another asks waits for the same answers.
     */
    static synchronized List<PgDump> of(List<Path> programs) {
        Map<Program, Process> asked = new LinkedHashMap<>();
        List<Program> all = new ArrayList<>();
        for (Path file : programs) {
            changed(file)
                    .map(time -> new Program(file, time))
                    .ifPresent(program -> {
                        all.add(program);
                        if (!KNOWN.containsKey(program)) {
                            ask(file).ifPresent(process -> asked.put(program, process));
                        }
                    });
        }
        asked.forEach((program, process) -> answer(process).ifPresent(a -> KNOWN.put(program, a)));
        List<PgDump> known = new ArrayList<>();
        for (Program program : all) {
            ServerVersion version = KNOWN.get(program);
            if (version != null) {
                known.add(new PgDump(program.file(), version));
            }
        }
        return known;
    }

    private static Optional<FileTime> changed(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static Optional<Process> ask(Path file) {
        try {
            Process process =
                    new ProcessBuilder(file.toString(), "--version")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            return Optional.of(process);
        } catch (IOException unusable) {
            return Optional.empty();
        }
    }

    private static Optional<ServerVersion> answer(Process process) {
        try {
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return parse(text);
        } catch (IOException unusable) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** {@code pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)}. */
    static Optional<ServerVersion> parse(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        int number = major >= 10 ? major * 10_000 + minor : major * 10_000 + minor * 100;
        return number < 90_000 ? Optional.empty() : Optional.of(new ServerVersion(number));
    }
}
