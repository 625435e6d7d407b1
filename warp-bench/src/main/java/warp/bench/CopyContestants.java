package warp.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who can copy a database of the source to a new one at the destination, and how each is called.
 * Each starts from an empty database and has to end with the same content.
 *
 * @param source the database's name
 * @param destination the new one's
 * @param to how clients reach it
 * @param expected what it has to hold in the end
 * @param kept whether what each has made stays until the servers go, as a database of very many
 *     files should: a file system without a journal looks at each recently freed inode whenever it
 *     makes a file, for minutes
 */
record CopyContestants(
        Servers servers,
        Tools tools,
        Workplace workplace,
        String source,
        String destination,
        String to,
        DatabaseSum expected,
        boolean kept) {

    /** Warp, by a command that copies everything. */
    Contest.Contestant warp() {
        return warp(
                Report.WARP,
                () -> workplace.run(command().with("--sync-schema", "--until", "copied")));
    }

    /** Somebody else; empty where the program is not there. */
    Optional<Contest.Contestant> peer(Peer peer) {
        return switch (peer) {
            case SCHEMA_FIRST -> Optional.of(warpAfterItsSchema());
            case PIPE -> Optional.of(pipe());
            case DUMP -> Optional.of(dumpAndRestore());
            case PGCOPYDB ->
                    Optional.of(pgcopydb("pgcopydb clone", List.of()))
                            .filter(_ -> tools.pgcopydb());
            case PGCOPYDB_SPLIT ->
                    Optional.of(
                                    pgcopydb(
                                            "pgcopydb clone, dividing tables",
                                            List.of("--split-tables-larger-than", "250MB")))
                            .filter(_ -> tools.pgcopydb());
            case NATIVE, NATIVE_BINARY, NATIVE_PARALLEL, PGLOGICAL ->
                    throw new IllegalArgumentException(peer + " does not copy");
        };
    }

    private Contest.Contestant warpAfterItsSchema() {
        return warp(
                "Warp, schema by pg_dump and psql first",
                () -> {
                    command().copySchema(workplace);
                    workplace.run(command().with("--until", "copied"));
                });
    }

    private Contest.Contestant warp(String name, Contest.Step work) {
        return of(name, work, () -> workplace.run(command().with("--clean")));
    }

    private WarpCommand command() {
        return WarpCommand.of(tools, servers, source, destination).to(to);
    }

    private Contest.Contestant pipe() {
        return of(
                "pg_dump, piped to pg_restore",
                () ->
                        workplace.pipe(
                                List.of("pg_dump", "-Fc", "-Z0", from()),
                                List.of("pg_restore", "--exit-on-error", "-d", to)),
                () -> {});
    }

    /** By two jobs each, with files in between. */
    private Contest.Contestant dumpAndRestore() {
        String folder = files().toString();
        return of(
                "pg_dump -j2, then pg_restore -j2",
                () -> {
                    workplace.run(List.of("pg_dump", "-Fd", "-Z0", "-j2", "-f", folder, from()));
                    workplace.run(
                            List.of("pg_restore", "--exit-on-error", "-j2", "-d", to, folder));
                },
                () -> workplace.delete(files()));
    }

    private Contest.Contestant pgcopydb(String name, List<String> more) {
        List<String> command = new ArrayList<>(List.of("pgcopydb", "clone"));
        command.addAll(List.of("--table-jobs", "2", "--index-jobs", "2", "--fail-fast"));
        command.addAll(List.of("--dir", files().toString(), "--source", from(), "--target", to));
        command.addAll(more);
        return of(name, () -> workplace.run(command), () -> workplace.delete(files()));
    }

    private String from() {
        return servers.source().uri(source);
    }

    private Path files() {
        return workplace.folder().resolve("files");
    }

    private Contest.Contestant of(String name, Contest.Step work, Contest.Step tidying) {
        return new Contest.Contestant(
                name,
                () -> {
                    Servers.drop(servers.destination(), destination);
                    servers.destination().createDatabase(destination);
                },
                work,
                () -> expected.requireSame(Servers.sum(servers.destination(), destination)),
                () -> {
                    try {
                        tidying.run();
                    } finally {
                        if (kept) {
                            Servers.setAside(servers.destination(), destination);
                        } else {
                            Servers.drop(servers.destination(), destination);
                        }
                    }
                });
    }
}
