package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;
import warp.config.ConnectionSettings;
import warp.config.MigrationOptions;
import warp.config.MigrationSettings;
import warp.model.Side;
import warp.postgres.Connector;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;

/** A pair of fresh databases that are checked, and what the checks found. */
final class Checked {

    static final String SOURCE_DATABASE = "shop";
    static final String DESTINATION_DATABASE = "new shop";

    private final PostgresServer source;
    private final PostgresServer destination;
    private String user = PostgresServer.USER;
    private String password = PostgresServer.PASSWORD;
    private UnaryOperator<MigrationSettings> change = settings -> settings;
    private boolean resuming;

    private Checked(PostgresServer source, PostgresServer destination) {
        this.source = source;
        this.destination = destination;
    }

    /** Makes the databases anew. */
    static Checked fresh(PostgresServer source, PostgresServer destination) throws SQLException {
        source.execute("postgres", "DROP DATABASE IF EXISTS \"" + SOURCE_DATABASE + "\"");
        source.createDatabase(SOURCE_DATABASE);
        destination.execute("postgres", "DROP DATABASE IF EXISTS \"" + DESTINATION_DATABASE + "\"");
        destination.createDatabase(DESTINATION_DATABASE);
        return new Checked(source, destination);
    }

    static Checked existing(PostgresServer source, PostgresServer destination) {
        return new Checked(source, destination);
    }

    Checked atSource(String... statements) throws SQLException {
        source.execute(SOURCE_DATABASE, statements);
        return this;
    }

    Checked atDestination(String... statements) throws SQLException {
        destination.execute(DESTINATION_DATABASE, statements);
        return this;
    }

    Checked atBoth(String... statements) throws SQLException {
        return atSource(statements).atDestination(statements);
    }

    Checked as(String role) {
        user = role;
        password = "warp";
        return this;
    }

    Checked with(UnaryOperator<MigrationSettings> changed) {
        change = changed;
        return this;
    }

    Checked tables(List<String> included, List<String> excluded) {
        return with(s -> s.with(s.options().withTables(included, excluded)));
    }

    Checked readers(int readers, boolean skipInitialSync) {
        return with(
                s -> s.with(s.options().withJobs(readers).withSkipInitialSync(skipInitialSync)));
    }

    Checked resuming() {
        resuming = true;
        return this;
    }

    PreflightReport report() {
        return report(
                TestConnections.settings(Side.SOURCE, source, SOURCE_DATABASE, user, password),
                TestConnections.settings(
                        Side.DESTINATION, destination, DESTINATION_DATABASE, user, password));
    }

    PreflightReport report(ConnectionSettings from, ConnectionSettings to) {
        MigrationSettings settings =
                new MigrationSettings(
                        "warp",
                        from,
                        to,
                        "citus_warp",
                        MigrationOptions.NONE,
                        false,
                        new MigrationSettings.Until.Stopped());
        try (Session sourceSession = new Connector(from, "warp-test").open();
                Session destinationSession = new Connector(to, "warp-test").open()) {
            return new Preflight(sourceSession, destinationSession, change.apply(settings))
                    .run(resuming);
        }
    }

    /** The reports of the findings of one severity. */
    List<String> of(Finding.Severity severity) {
        return texts(report(), severity);
    }

    static List<String> texts(PreflightReport report, Finding.Severity severity) {
        List<Finding> findings = report.of(severity);
        if (severity == Finding.Severity.ERROR) {
            assertThat(findings).allSatisfy(finding -> assertThat(finding.hints()).isNotEmpty());
        }
        return findings.stream()
                .map(Finding::report)
                .map(text -> text.replace(System.lineSeparator(), "\n"))
                .peek(text -> assertThat(text).doesNotContain(":" + PostgresServer.PASSWORD + "@"))
                .toList();
    }

    List<String> errors() {
        return of(Finding.Severity.ERROR);
    }

    List<String> warnings() {
        return of(Finding.Severity.WARNING);
    }

    List<String> notes() {
        return of(Finding.Severity.NOTE);
    }
}
