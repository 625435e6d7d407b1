package warp.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a server reads in its data directory when it starts. */
record ConfigurationFiles(Path data, ServerAccount account) {

    /** Writes settings behind those that {@code initdb} has made; the last for a name holds. */
    void addSettings(Map<String, String> settings) throws IOException {
        Path file = data.resolve("postgresql.conf");
        StringBuilder configuration = new StringBuilder(Files.readString(file));
        settings.forEach((name, value) ->
                configuration
                        .append(name)
                        .append(" = '")
                        .append(value.replace("'", "''"))
                        .append("'\n"));
        Files.writeString(file, configuration);
    }

    /**
     * Lets everybody in from this machine who knows the password.
     *
     * @param before lines of {@code pg_hba.conf} that are looked at first
     */
    void setRules(List<String> before, String method) throws IOException {
        List<String> rules = new ArrayList<>(before);
        rules.add("host all all 127.0.0.1/32 " + method);
        rules.add("host replication all 127.0.0.1/32 " + method);
        Files.write(data.resolve("pg_hba.conf"), rules);
    }

    /** A copy that only the server's user may read, as it wants of its key. */
    void install(Path file, String name) throws IOException {
        Path copy = Files.copy(file, data.resolve(name));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        account.own(copy);
    }
}
