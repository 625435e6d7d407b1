package warp.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Reads a YAML file into nodes with lines; keys may stand only once. */
final class YamlDocument {

    private static final int DEPTH_MAX = 16;

    private final Path file;
    private final JsonParser parser;

    private YamlDocument(Path file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /**
     * Reads the text of a file.
     *
     * @throws WarpException CONFIG with file and line, never with the text, which holds passwords
     */
    static YamlNode read(Path file, String text) {
        try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return new YamlNode.Mapping(1, Map.of());
            }
            YamlNode node = new YamlDocument(file, parser).node(0);
            if (parser.nextToken() != null) {
                throw problem(file, line(parser), "a second document begins here");
            }
            return node;
        } catch (JacksonException broken) {
            TokenStreamLocation where = broken.getLocation();
            int line = where == null ? 0 : where.getLineNr();
            throw problem(file, line, "this is not YAML")
                    .hint(
                            "put values with special characters into double quotes, and write"
                                    + " \\\" and \\\\ in them; indent with blanks, not tabs");
        }
    }

    static WarpException problem(Path file, int line, String what) {
        String where = line > 0 ? ", line " + line : "";
        return new WarpException(ErrorCode.CONFIG, file + where + ": " + what);
    }

    private YamlNode node(int depth) {
        int line = line(parser);
        if (depth > DEPTH_MAX) {
            throw problem(file, line, "nested too deeply");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return mapping(line, depth);
        }
        if (token == JsonToken.START_ARRAY) {
            return sequence(line, depth);
        }
        String text = parser.getString();
        return new YamlNode.Text(line, text == null ? "" : text, token == JsonToken.VALUE_NULL);
    }

    private YamlNode mapping(int line, int depth) {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line(parser);
            parser.nextToken();
            if (entries.put(key, node(depth + 1)) != null) {
                throw problem(file, keyLine, "key \"" + key + "\" stands here a second time");
            }
        }
        return new YamlNode.Mapping(line, entries);
    }

    private YamlNode sequence(int line, int depth) {
        List<YamlNode> entries = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            entries.add(node(depth + 1));
        }
        return new YamlNode.Sequence(line, entries);
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
