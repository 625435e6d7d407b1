package warp.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import warp.error.WarpException;

/**
 * A config file's content for people: every value of source and destination that can be a secret is
 * hidden.
 */
public final class ConfigPreview {

    private static final List<String> SHOWN =
            List.of(
                    "host",
                    "hostaddr",
                    "port",
                    "user",
                    "username",
                    "database",
                    "dbname",
                    "sslmode");

    private ConfigPreview() {}

    /** Its lines; of a file that cannot be understood, only the reason why. */
    public static List<String> of(Path file) {
        List<String> lines = new ArrayList<>();
        try {
            append(lines, "", YamlDocument.read(file, TextFile.read(file)), false);
        } catch (WarpException broken) {
            lines.add(String.valueOf(broken.getMessage()));
        }
        return lines;
    }

    private static void append(List<String> lines, String indent, YamlNode node, boolean secret) {
        switch (node) {
            case YamlNode.Text text -> lines.add(indent + shown(text, secret));
            case YamlNode.Sequence sequence ->
                    sequence.entries()
                            .forEach(entry -> append(lines, indent + "- ", entry, secret));
            case YamlNode.Mapping mapping -> {
                for (Map.Entry<String, YamlNode> entry : mapping.entries().entrySet()) {
                    append(lines, indent, entry.getKey(), entry.getValue());
                }
            }
        }
    }

    private static void append(List<String> lines, String indent, String key, YamlNode value) {
        boolean endpoint = key.equals("source") || key.equals("destination");
        boolean secret = endpoint || (!indent.isEmpty() && !SHOWN.contains(key));
        if (value instanceof YamlNode.Text text) {
            lines.add(indent + key + ": " + shown(text, secret));
        } else {
            lines.add(indent + key + ":");
            append(lines, indent + "  ", value, secret);
        }
    }

    private static String shown(YamlNode.Text text, boolean secret) {
        return secret ? "***" : text.value();
    }
}
