package warp.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A data directory as {@code initdb} makes it, but for the {@link QuickSecret}, kept in the cache
 * folder as an archive: unpacking it takes a sixth of the processor time that copying its thousand
 * files one by one does, and less than a hundredth of what making it takes. None is kept for
 * programs that are not pinned: what they make may differ when they are built anew.
 */
final class ClusterTemplate {

    /** Password of the superuser {@code postgres} of every server. No secret: loopback only. */
    static final String PASSWORD = "warp";

    private static final String ARCHIVE = "data.tar";

    private ClusterTemplate() {}

    /**
     * Makes a new data directory; the folder must be named {@code data} and not exist, its parent
     * must be the account's own.
     *
     * @param encoding a server encoding: UTF8, LATIN1, …; the locale is always C
     */
    static void copyTo(Path data, PostgresBinaries binaries, String encoding, ServerAccount account)
            throws IOException {
        if (!binaries.pinned()) {
            initialise(data.resolveSibling(""), binaries, encoding, account);
            return;
        }
        Path template =
                PostgresBinaries.cacheFolder()
                        .resolve("cluster-" + binaries.version() + "-" + encoding);
        try {
            FileTree.make(template, folder -> pack(folder, binaries, encoding, account));
        } catch (IOException e) {
            throw new SandboxException("cannot make a data directory in " + template, e);
        }
        ChildCommand.run(
                List.of(
                        "tar",
                        "--extract",
                        "--blocking-factor=512",
                        "--same-permissions",
                        "--file=" + template.resolve(ARCHIVE)),
                data.resolveSibling(""));
    }

    private static void pack(
            Path folder, PostgresBinaries binaries, String encoding, ServerAccount account)
            throws IOException {
        initialise(folder, binaries, encoding, account);
        ChildCommand.run(
                List.of("tar", "--create", "--numeric-owner", "--file=" + ARCHIVE, "data"), folder);
        FileTree.delete(folder.resolve("data"));
    }

    private static void initialise(
            Path folder, PostgresBinaries binaries, String encoding, ServerAccount account)
            throws IOException {
        account.own(folder);
        Path password = folder.resolve("password");
        Files.writeString(password, PASSWORD);
        ChildCommand.run(
                account.command(
                        List.of(
                                binaries.program("initdb").toString(),
                                "--pgdata=" + folder.resolve("data"),
                                "--username=postgres",
                                "--pwfile=" + password,
                                "--auth=" + authentication(binaries),
                                "--encoding=" + encoding,
                                "--locale=C",
                                "--nosync")),
                folder);
        Files.delete(password);
        if (authentication(binaries).equals(QuickSecret.METHOD)) {
            Path statement = folder.resolve("statement");
            Files.writeString(
                    statement,
                    "ALTER ROLE postgres PASSWORD '%s'\n".formatted(QuickSecret.of(PASSWORD)));
            ChildCommand.run(
                    ChildCommand.builder(
                                    account.command(
                                            List.of(
                                                    binaries.program("postgres").toString(),
                                                    "--single",
                                                    "-D",
                                                    folder.resolve("data").toString(),
                                                    "postgres")),
                                    folder)
                            .redirectInput(statement.toFile()));
            Files.delete(statement);
        }
    }

    /** The best method for passwords that the version knows. */
    static String authentication(PostgresBinaries binaries) {
        return binaries.version().startsWith("9.") ? "md5" : QuickSecret.METHOD;
    }
}
