package warp.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operating system's user that servers run as: oneself, or {@code nobody} where oneself is
 * root, since PostgreSQL refuses to run as root.
 *
 * @param unprivileged uid and gid to change to; empty to stay who one is
 */
record ServerAccount(Optional<Ids> unprivileged) {

    /** Numeric user and group. */
    record Ids(int uid, int gid) {}

    static ServerAccount current() {
        return new ServerAccount(isRoot() ? Optional.of(nobody()) : Optional.empty());
    }

    static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new SandboxException("cannot find out which user this is", e);
        }
    }

    private static Ids nobody() {
        try {
            return Files.readAllLines(Path.of("/etc/passwd")).stream()
                    .map(line -> line.split(":", -1))
                    .filter(fields -> fields.length >= 4 && fields[0].equals("nobody"))
                    .map(fields ->
                            new Ids(Integer.parseInt(fields[2]), Integer.parseInt(fields[3])))
                    .findFirst()
                    .orElseThrow(() ->
                            new SandboxException(
                                    "PostgreSQL does not run as root and there is no user"
                                            + " \"nobody\" to run it as"));
        } catch (IOException e) {
            throw new SandboxException("cannot read /etc/passwd", e);
        }
    }

    /**
     * The command, run as this user and in a session of its own, so that a Ctrl-C at the terminal
     * does not reach it. Every step replaces the one before: the process keeps its id.
     */
    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(List.of("setsid"));
        unprivileged.ifPresent(ids ->
                all.addAll(
                        List.of(
                                "setpriv",
                                "--reuid=" + ids.uid(),
                                "--regid=" + ids.gid(),
                                "--clear-groups",
                                "--")));
        all.addAll(command);
        return all;
    }

    /** Makes a file or folder this user's own. */
    void own(Path path) throws IOException {
        if (unprivileged.isPresent()) {
            Ids ids = unprivileged.get();
            Files.setAttribute(path, "unix:uid", ids.uid());
            Files.setAttribute(path, "unix:gid", ids.gid());
        }
    }
}
