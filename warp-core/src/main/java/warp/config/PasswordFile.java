package warp.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks a password up in {@code .pgpass} ("The Password File" in the manual): lines of {@code
 * host:port:database:user:password}, where {@code *} stands for anything and a backslash before
 * {@code :} and itself. The first line that fits counts.
 */
final class PasswordFile {

    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private final List<List<String>> lines;

    private PasswordFile(List<List<String>> lines) {
        this.lines = lines;
    }

    /** Reads the file; empty where it is missing, or open to others, which is warned of. */
    static Optional<PasswordFile> open(Path file, Consumer<Warning> warnings) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file)) {
            String line = "password file " + file + " is not a plain file; ignored";
            warnings.accept(new Warning(line, "ls -l " + file));
            return Optional.empty();
        }
        if (openToOthers(file)) {
            String line = "password file " + file + " is open to group or others; ignored";
            warnings.accept(new Warning(line, "chmod 0600 " + file));
            return Optional.empty();
        }
        List<List<String>> lines =
                TextFile.read(file)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(PasswordFile::fields)
                        .filter(fields -> fields.size() == 5)
                        .toList();
        return Optional.of(new PasswordFile(lines));
    }

    /** The password of the first line that fits. */
    Optional<Secret> find(String host, int port, String database, String user) {
        List<String> wanted = List.of(host, Integer.toString(port), database, user);
        return lines.stream()
                .filter(fields -> fits(fields, wanted))
                .map(fields -> new Secret(unescape(fields.getLast())))
                .findFirst();
    }

    /** Whether anyone but the owner may do anything with the file. */
    static boolean openToOthers(Path file) {
        try {
            return !OWNERS.containsAll(Files.getPosixFilePermissions(file));
        } catch (UnsupportedOperationException | IOException unknown) {
            // No such permissions here (as libpq on Windows), or the read that follows says why.
            return false;
        }
    }

    private static boolean fits(List<String> fields, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            String field = fields.get(i);
            if (!field.equals("*") && !unescape(field).equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Four fields and, as the fifth, all the rest; still escaped. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < line.length() && fields.size() < 4; i++) {
            if (line.charAt(i) == '\\') {
                i++;
            } else if (line.charAt(i) == ':') {
                fields.add(line.substring(start, i));
                start = i + 1;
            }
        }
        fields.add(line.substring(start));
        return fields;
    }

    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 1 < field.length()) {
                i++;
            }
            text.append(field.charAt(i));
        }
        return text.toString();
    }
}
