package warp.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warp.config.ConnectionSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ServerVersion;
import warp.model.Side;

/**
 * The program {@code pg_dump} of this machine, the one thing that knows how every version of
 * PostgreSQL spells every kind of object.
 *
 * @param program its file
 * @param version its own
 */
public record PgDump(Path program, ServerVersion version) {

    /** Where packages put it: each a folder with a folder of programs for every version. */
    private static final Map<String, String> PACKAGES =
            Map.of(
                    "/usr/lib/postgresql", "*",
                    "/usr", "pgsql-*",
                    "/usr/local", "pgsql*",
                    "/opt/homebrew/opt", "{postgresql,libpq}*",
                    "/usr/local/opt", "{postgresql,libpq}*",
                    "/Library/PostgreSQL", "*");

    /**
     * The best in {@code PATH} and in the usual folders: one that is older than the source refuses
     * it, and one that is newer than the destination may write what that does not understand. So it
     * is the newest between the two; else the oldest that is newer than both.
     *
     * @throws WarpException CHECK where there is none, naming the package to install
     */
    public static PgDump find(ServerVersion source, ServerVersion destination) {
        return find(source, destination, usualFolders());
    }

    /** Begins to find out what there is, so that {@link #find} need not wait so long for it. */
    public static void lookAround() {
        Thread.ofVirtual()
                .name("pg_dump-versions")
                .start(() -> PgDumpVersions.of(programs(usualFolders())));
    }

    /** As {@link #find(ServerVersion, ServerVersion)}, among the programs of these folders. */
    public static PgDump find(ServerVersion source, ServerVersion destination, List<Path> folders) {
        List<PgDump> found = PgDumpVersions.of(programs(folders));
        Comparator<PgDump> byVersion = Comparator.comparing(PgDump::version);
        List<PgDump> able = found.stream().filter(program -> program.reads(source)).toList();
        return able.stream()
                .filter(program -> program.isUnderstoodBy(destination))
                .max(byVersion)
                .or(() -> able.stream().min(byVersion))
                .orElseThrow(() -> missing(source, found.stream().max(byVersion)));
    }

    /** Whether a server is at least as new as the program. */
    public boolean isUnderstoodBy(ServerVersion server) {
        return version.major().equals(server.major()) || version.compareTo(server) < 0;
    }

    /** A program reads servers up to its own major version. */
    private boolean reads(ServerVersion server) {
        return version.major().equals(server.major()) || version.compareTo(server) > 0;
    }

    private static WarpException missing(ServerVersion source, Optional<PgDump> newest) {
        String have =
                newest.map(program -> "the newest here is %s".formatted(program.version().major()))
                        .orElse("there is none here");
        return new WarpException(
                        ErrorCode.CHECK,
                        "--sync-schema needs pg_dump %s or newer, as the source is %s; %s"
                                .formatted(source.major(), source, have))
                .at(Side.SOURCE)
                .hint("apt-get install postgresql-client-" + source.major())
                .hint(
                        "or make the schema yourself and leave --sync-schema out: pg_dump -s … |"
                                + " psql …");
    }

    /** One in each folder that has one; a folder by two names is one folder. */
    private static List<Path> programs(List<Path> folders) {
        Map<Path, Path> programs = new LinkedHashMap<>();
        for (Path folder : folders) {
            Path program = folder.resolve("pg_dump");
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                programs.putIfAbsent(realPath(folder), program);
            }
        }
        return List.copyOf(programs.values());
    }

    private static Path realPath(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException unreadable) {
            return folder;
        }
    }

    private static List<Path> usualFolders() {
        Set<Path> folders = new LinkedHashSet<>();
        String path = System.getenv("PATH");
        if (path != null) {
            for (String folder : path.split(File.pathSeparator, -1)) {
                if (!folder.isEmpty()) {
                    folders.add(Path.of(folder));
                }
            }
        }
        PACKAGES.forEach((parent, name) -> {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(Path.of(parent), name)) {
                versions.forEach(version -> folders.add(version.resolve("bin")));
            } catch (IOException absent) {
                // This machine has no such packages.
            }
        });
        return List.copyOf(folders);
    }

    /** Whether owners and privileges are part of the dump. */
    public record Access(boolean owners, boolean privileges) {}

    /**
     * Begins to dump the definitions of a database, as text with an entry number at the head of
     * each object.
     *
     * @param snapshot one that a session of the source has exported, which stays open meanwhile
     * @param applicationName what {@code pg_stat_activity} shows
     */
    public SchemaDump start(
            ConnectionSettings source,
            String snapshot,
            DumpScope leftOut,
            Access access,
            String applicationName) {
        ProcessBuilder builder = new ProcessBuilder(command(snapshot, leftOut, access));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("WARP"));
        environment.putAll(source.environment());
        environment.put("PGAPPNAME", applicationName);
        environment.put(
                "PGOPTIONS", (source.options() + " -c standard_conforming_strings=on").strip());
        environment.put("LC_ALL", "C");
        try {
            return new SchemaDump(builder.start());
        } catch (IOException problem) {
            throw new WarpException(
                            ErrorCode.CHECK,
                            program + " cannot be started: " + problem.getMessage(),
                            problem)
                    .hint("Leave names out by patterns (-N 'archive_*') where they are very many.");
        }
    }

    private List<String> command(String snapshot, DumpScope leftOut, Access access) {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        program.toString(),
                        "--schema-only",
                        "--verbose",
                        "--no-password",
                        "--encoding=UTF8",
                        "--no-tablespaces",
                        "--snapshot=" + snapshot));
        if (version.atLeast(10)) {
            command.add("--no-publications");
            command.add("--no-subscriptions");
        }
        if (!access.owners()) {
            command.add("--no-owner");
        }
        if (!access.privileges()) {
            command.add("--no-privileges");
        }
        command.addAll(leftOut.switches());
        return command;
    }
}
