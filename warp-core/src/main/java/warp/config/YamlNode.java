package warp.config;

import java.util.List;
import java.util.Map;

/** A piece of a YAML document that knows its line, so that an error can name it. */
sealed interface YamlNode {

    int line();

    /** A scalar as it is written: {@code 0123} stays {@code 0123}, since it may be a password. */
    record Text(int line, String value, boolean isNull) implements YamlNode {
        @Override
        public String toString() {
            return "***";
        }
    }

    record Sequence(int line, List<YamlNode> entries) implements YamlNode {}

    /** In the order of the file. */
    record Mapping(int line, Map<String, YamlNode> entries) implements YamlNode {}
}
