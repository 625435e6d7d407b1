package warp.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** What {@code --setup} was told, and how it becomes a config file. */
public record SetupAnswers(Endpoint source, Endpoint destination) {

    /**
     * One server.
     *
     * @param password null to leave it to {@code .pgpass} or {@code PGPASSWORD}
     */
    public record Endpoint(
            String host,
            int port,
            String user,
            @Nullable Secret password,
            String database,
            SslMode sslMode) {

        private Map<String, Object> entries(boolean masked) {
            Map<String, Object> entries = new LinkedHashMap<>();
            entries.put("host", host);
            entries.put("port", port);
            entries.put("user", user);
            if (password != null) {
                entries.put("password", masked ? password.toString() : password.reveal());
            }
            entries.put("database", database);
            entries.put("sslmode", sslMode.toString());
            return entries;
        }
    }

    /** Writes the config file with mode 0600, replacing an older one. */
    public void write(Path file) {
        PrivateFile.write(file, yaml(false));
    }

    /** The file's text with the passwords as {@code ***}. */
    @Override
    public String toString() {
        return yaml(true);
    }

    private String yaml(boolean masked) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("source", source.entries(masked));
        document.put("destination", destination.entries(masked));
        YAMLFactory factory =
                YAMLFactory.builder()
                        .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                        .disable(YAMLWriteFeature.SPLIT_LINES)
                        .build();
        return new YAMLMapper(factory).writeValueAsString(document);
    }
}
