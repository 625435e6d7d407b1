package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import warp.config.MigrationOptions;
import warp.config.MigrationSettings;
import warp.config.MigrationSettings.Until;
import warp.config.SchemaOptions;
import warp.error.ExitCode;
import warp.model.Side;
import warp.postgres.TestConnections;
import warp.progress.EventLog;
import warp.progress.Prompt;
import warp.progress.StopSignal;
import warp.sandbox.Comparison;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;

/** Two fresh databases, and migrations with --sync-schema between them. */
final class SchemaSync implements Prompt, EventLog {

    static final SchemaOptions SYNC = new SchemaOptions(true, List.of(), List.of(), false, false);

    final List<String> lines = new CopyOnWriteArrayList<>();
    final List<String> questions = new CopyOnWriteArrayList<>();
    private final PostgresServer source;
    private final PostgresServer destination;
    private final String slot;
    private boolean answer;
    private StopSignal stop = new StopSignal();
    private String stopAt = "";

    private SchemaSync(PostgresServer source, PostgresServer destination, String name) {
        this.source = source;
        this.destination = destination;
        this.slot = name;
    }

    /**
     * @param name of both databases and of the slot
     */
    static SchemaSync between(PostgresServer source, PostgresServer destination, String name)
            throws SQLException {
        source.createDatabase(name);
        destination.createDatabase(name + "_new");
        for (PostgresServer server : List.of(source, destination)) {
            server.execute(
                    "postgres",
                    "DO $$ BEGIN CREATE ROLE clerk; EXCEPTION WHEN duplicate_object THEN END $$");
        }
        return new SchemaSync(source, destination, name);
    }

    SchemaSync atSource(String... statements) throws SQLException {
        source.execute(slot, statements);
        return this;
    }

    SchemaSync atDestination(String... statements) throws SQLException {
        destination.execute(slot + "_new", statements);
        return this;
    }

    SchemaSync answering(boolean yes) {
        answer = yes;
        return this;
    }

    /** Requests a stop as soon as this is logged, once. */
    SchemaSync stoppingAt(String line) {
        stopAt = line;
        stop = new StopSignal();
        return this;
    }

    SchemaSync goingOn() {
        stopAt = "";
        stop = new StopSignal();
        return this;
    }

    static String resource(String name) throws IOException {
        try (InputStream text = SchemaSync.class.getResourceAsStream(name)) {
            return new String(
                    Objects.requireNonNull(text, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    ExitCode run(Until until) throws InterruptedException {
        return run(until, SYNC, settings -> settings);
    }

    ExitCode run(Until until, SchemaOptions schema, UnaryOperator<MigrationSettings> change)
            throws InterruptedException {
        return new LiveMigrations()
                .run(change.apply(with(settings(until, List.of()), schema)), this, this, stop);
    }

    MigrationSettings settings(Until until, List<String> tables) {
        return new MigrationSettings(
                "warp",
                TestConnections.settings(Side.SOURCE, source, slot),
                TestConnections.settings(Side.DESTINATION, destination, slot + "_new"),
                slot,
                MigrationOptions.NONE.withTables(tables, List.of()).withJobs(2),
                false,
                until);
    }

    static MigrationSettings with(MigrationSettings settings, SchemaOptions schema) {
        return settings.with(settings.options().withSchema(schema));
    }

    /** With role mover at both sides. */
    MigrationSettings asMover(MigrationSettings s) {
        return s.between(
                TestConnections.settings(Side.SOURCE, source, slot, "mover", "warp"),
                TestConnections.settings(
                        Side.DESTINATION, destination, slot + "_new", "mover", "warp"));
    }

    ExitCode clean() throws InterruptedException {
        return clean(settings -> settings);
    }

    ExitCode clean(UnaryOperator<MigrationSettings> change) throws InterruptedException {
        return new LiveMigrations()
                .clean(
                        change.apply(with(settings(new Until.Stopped(), List.of()), SYNC)),
                        this,
                        this,
                        new StopSignal(),
                        false);
    }

    Comparison content() throws SQLException {
        try (Connection one = source.connect(slot);
                Connection two = destination.connect(slot + "_new")) {
            return DatabaseContent.compare(one, two);
        }
    }

    /** The one value of a query at the destination, as text. */
    String destinationValue(String query) throws SQLException {
        return value(destination.connect(slot + "_new"), query);
    }

    /** The one value of a query at the source, as text. */
    String sourceValue(String query) throws SQLException {
        return value(source.connect(slot), query);
    }

    private static String value(Connection opened, String query) throws SQLException {
        try (Connection connection = opened;
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            assertThat(row.next()).isTrue();
            return String.valueOf(row.getString(1));
        }
    }

    Connection connectToSource() throws SQLException {
        return source.connect(slot);
    }

    /** The statements of pg_dump, sorted, without what differs between versions only in print. */
    List<String> sourceDump() throws IOException, InterruptedException {
        return dump(source.uri(slot));
    }

    List<String> destinationDump() throws IOException, InterruptedException {
        return dump(destination.uri(slot + "_new"));
    }

    private static List<String> dump(String uri) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("pg_dump", "-s", "--no-publications", "-N", "warp", "-d", uri)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return Stream.of(text.split(";\n"))
                .map(statement ->
                        statement
                                .lines()
                                .filter(line -> !line.isBlank() && !line.startsWith("--"))
                                .filter(line -> !line.contains("restrict "))
                                // What only newer servers have, or print in another way.
                                .filter(line -> !line.contains("multirange_type_name"))
                                .collect(Collectors.joining(" "))
                                .replaceAll("\\s+", " ")
                                .replace("( ", "(")
                                .replace("EXECUTE PROCEDURE", "EXECUTE FUNCTION")
                                .strip())
                .filter(statement -> !statement.startsWith("SET "))
                .sorted()
                .toList();
    }

    @Override
    public boolean confirm(String question) {
        questions.add(question);
        return answer;
    }

    @Override
    public Optional<String> line(String question) {
        return Optional.empty();
    }

    @Override
    public Optional<String> secret(String question) {
        return Optional.empty();
    }

    @Override
    public void info(String line) {
        lines.add(line);
        if (!stopAt.isEmpty() && line.startsWith(stopAt)) {
            stop.request(ExitCode.INTERRUPTED);
        }
    }

    @Override
    public void warn(String line, List<String> hints) {
        lines.add("warning: " + line + " " + hints);
    }

    @Override
    public void error(String line, List<String> hints) {
        lines.add("error: " + line + " " + hints);
    }

    @Override
    public void detail(String line) {
        lines.add(line);
    }

    @Override
    public void trace(String line, Throwable problem) {
        lines.add(line);
    }

    List<String> warnings() {
        List<String> found = new ArrayList<>(lines);
        found.removeIf(line -> !line.startsWith("warning: "));
        return found;
    }
}
