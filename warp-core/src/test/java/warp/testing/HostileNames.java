package warp.testing;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Names that an owner of a database may give and that would rather be something else: SQL, a
 * terminal's commands, a format, a path, a line of a log, the end of a comment. Each is another
 * one, has at most 63 bytes of UTF-8, and no zero character. For one thread.
 */
public final class HostileNames {

    private static final int BYTES_MAX = 63;

    private static final List<String> PARTS =
            List.of(
                    "\"",
                    "'",
                    "\\",
                    "\\n",
                    "\n",
                    "\r",
                    "\r\n",
                    "\t",
                    "\u001b[2J",
                    "\u001b]8;;http://x\u001b\\",
                    "\u001b]52;c;AAAA\u0007",
                    "\u0001",
                    "\u007f",
                    "\u0085",
                    "\u009b31m",
                    "\u200b",
                    "\u202e",
                    "\u2066",
                    "\u2028",
                    "\ufeff",
                    "\udb40\udc41",
                    "%s",
                    "%n",
                    "%1$s",
                    "{0}",
                    "${jndi:x}",
                    "$1",
                    "$$",
                    "$tag$",
                    "$_$",
                    "?",
                    "??",
                    ":x",
                    "@",
                    ";",
                    "; DROP TABLE x; --",
                    "--",
                    "/*",
                    "*/",
                    "\n\\! touch x\n",
                    "\n-- TOC entry 1",
                    "\nDROP SCHEMA public CASCADE;\n",
                    "U&",
                    "E'",
                    ".",
                    "..",
                    "/",
                    "*",
                    ",",
                    "(",
                    ")",
                    "[]",
                    "{",
                    "}",
                    "=",
                    " ",
                    "|",
                    "`id`",
                    "$(id)",
                    "ERROR: x",
                    "HINT: x",
                    "pg_",
                    "SELECT",
                    "null",
                    "public",
                    "ü",
                    "ß",
                    "漢字",
                    "😀",
                    "é\u0301",
                    "a",
                    "B",
                    "0");

    private final RandomGenerator random;
    private final Set<String> given = new HashSet<>();

    public HostileNames(RandomGenerator random) {
        this.random = random;
    }

    /** Another name. */
    public String next() {
        return next(BYTES_MAX);
    }

    /** Another name of so many bytes at most, four at least. */
    public String next(int bytesMax) {
        while (true) {
            StringBuilder name = new StringBuilder();
            int bytes = 0;
            int parts = 1 + random.nextInt(12);
            for (int i = 0; i < parts; i++) {
                String part = PARTS.get(random.nextInt(PARTS.size()));
                int more = part.getBytes(StandardCharsets.UTF_8).length;
                if (bytes + more <= bytesMax) {
                    name.append(part);
                    bytes += more;
                }
            }
            String text = name.toString();
            // The server keeps names that begin so for itself, as schemas and roles.
            if (!text.isEmpty() && !text.startsWith("pg_") && given.add(text)) {
                return text;
            }
        }
    }
}
