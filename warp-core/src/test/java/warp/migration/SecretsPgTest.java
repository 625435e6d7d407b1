package warp.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.cli.WarpCommand;
import warp.config.PrivateFile;
import warp.error.ExitCode;
import warp.postgres.tls.TestAuthority;
import warp.sandbox.DatabaseContent;
import warp.sandbox.PostgresServer;

/**
 * Every password has a canary in it, which must be heard nowhere: not in what is printed, in files,
 * in command lines of children, in schema warp, in logs and statistics of the servers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsPgTest {

    private static final String CANARY = "c4nary";
    private static final String AT_SOURCE = CANARY + " s'\"\\%41@:/?#&=ü$HOME`%s{0}";
    private static final String AT_DESTINATION = "%25" + CANARY + "\\' d\"@:/?#&=ü$(id)*** ";
    private static final String OF_KEY = CANARY + " k\"'\\%";
    private static final Set<String> HOLDING_SECRETS = Set.of(".yaml", ".key", ".pw", ".pgpass");

    private final AtomicBoolean watching = new AtomicBoolean(true);
    private final Set<String> commandLines = ConcurrentHashMap.newKeySet();
    private PostgresServer source;
    private PostgresServer destination;
    private TestAuthority authority;
    private Path key;
    private Thread watcher;
    private int number;

    @TempDir static Path keys;
    @TempDir Path folder;

    @BeforeAll
    void start() throws Exception {
        authority = new TestAuthority(keys);
        TestAuthority.Identity server = authority.issue("server", "localhost", "DNS:localhost");
        TestAuthority.Identity client = authority.issue("client", "mover", "");
        key = keys.resolve("locked.key");
        TestAuthority.openssl(
                keys,
                "pkcs8 -topk8 -v2 aes-256-cbc -in " + client.key() + " -out " + key + " -passout",
                "pass:" + OF_KEY);
        source = loud(PostgresServer.builder("15").tls(server.certificate(), server.key()));
        destination = loud(PostgresServer.builder("15"));
        for (PostgresServer each : List.of(source, destination)) {
            String password = each == source ? AT_SOURCE : AT_DESTINATION;
            each.execute(
                    "postgres",
                    "SET log_statement = 'none'",
                    "SET log_min_duration_statement = -1",
                    "CREATE ROLE mover SUPERUSER LOGIN PASSWORD '%s'"
                            .formatted(password.replace("'", "''")));
        }
        source.execute(
                "postgres",
                "SET log_statement = 'none'",
                "SET log_min_duration_statement = -1",
                "CREATE ROLE brought LOGIN PASSWORD '" + CANARY + "'");
        watcher = Thread.ofPlatform().daemon().start(this::watch);
    }

    private static PostgresServer loud(PostgresServer.Builder builder) {
        return builder.setting("log_statement", "all")
                .setting("log_min_duration_statement", "0")
                .setting("log_min_messages", "debug1")
                .setting("log_connections", "on")
                .setting("log_replication_commands", "on")
                .start();
    }

    @AfterAll
    void stop() throws InterruptedException {
        watching.set(false);
        if (watcher != null) {
            watcher.join();
        }
        for (PostgresServer each : new PostgresServer[] {source, destination}) {
            if (each != null) {
                each.close();
            }
        }
    }

    /** Warp runs in this JVM, so what it starts is started by this process. */
    private void watch() {
        while (watching.get()) {
            ProcessHandle.current()
                    .descendants()
                    .forEach(child -> {
                        try {
                            Path file = Path.of("/proc/" + child.pid() + "/cmdline");
                            commandLines.add(
                                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                        } catch (IOException ended) {
                            // It was too quick.
                        }
                    });
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    @BeforeEach
    void databases() throws SQLException {
        number++;
        for (PostgresServer each : List.of(source, destination)) {
            each.createDatabase(database());
        }
        source.execute(
                database(),
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i");
    }

    private String database() {
        return "secrets_" + number;
    }

    private String good() {
        return "source: \"%s\"\n".formatted(source.uri(database(), "mover", AT_SOURCE))
                + "destination: {host: 127.0.0.1, port: %d, user: mover, database: %s, password: %s}\n"
                        .formatted(destination.port(), database(), yaml(AT_DESTINATION));
    }

    private static String yaml(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Runs the command with this config file, and listens. */
    private ExitCode run(String config, String... switches) throws Exception {
        Path file = folder.resolve("secret.yaml");
        PrivateFile.write(file, config);
        List<String> arguments = new ArrayList<>(List.of("--config=" + file, "-v", "--log"));
        arguments.add("--slot=" + database());
        arguments.addAll(List.of(switches));
        try (WarpCommand command = WarpCommand.start(folder, arguments)) {
            ExitCode code = command.await();
            assertSilent(command.printed());
            assertThat(code).as(command.printed()).isNotEqualTo(ExitCode.DEFECT);
            return code;
        }
    }

    private void assertSilent(String printed) throws Exception {
        assertThat(printed).doesNotContain(CANARY).doesNotContain("SCRAM-SHA-256$");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (HOLDING_SECRETS.stream().noneMatch(file.toString()::endsWith)) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(CANARY);
                }
            }
        }
        assertThat(commandLines).noneMatch(line -> line.contains(CANARY));
        for (PostgresServer each : List.of(source, destination)) {
            assertThat(Files.readString(each.log(), StandardCharsets.ISO_8859_1))
                    .doesNotContain(CANARY)
                    .doesNotContain("SCRAM-SHA-256$");
        }
        for (String row : stateRows()) {
            assertThat(row).doesNotContain(CANARY);
        }
    }

    private List<String> stateRows() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = destination.connect(database());
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet names =
                    statement.executeQuery(
                            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON"
                                + " n.oid = relnamespace WHERE nspname = 'warp' AND relkind = 'r'"
                                + " UNION ALL SELECT '(SELECT query FROM pg_stat_activity)'")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet all =
                        statement.executeQuery("SELECT t::text FROM " + table + " t")) {
                    while (all.next()) {
                        rows.add(all.getString(1));
                    }
                }
            }
        }
        return rows;
    }

    @Test
    void aWholeMigration_tellsNobody() throws Exception {
        source.execute(
                database(),
                "SET log_statement = 'none'",
                "SET log_min_duration_statement = -1",
                "CREATE FOREIGN DATA WRAPPER w",
                "CREATE SERVER far FOREIGN DATA WRAPPER w OPTIONS (password '" + CANARY + "')",
                "CREATE USER MAPPING FOR mover SERVER far OPTIONS (password '" + CANARY + "\\''')");
        List<String> switches = new ArrayList<>(List.of("--sync-schema", "--roles", "--yes"));

        assertThat(run(good(), add(switches, "--testing"))).isEqualTo(ExitCode.DONE);
        assertThat(run(good(), add(switches, "--until=copied"))).isEqualTo(ExitCode.DONE);
        assertThat(commandLines).anyMatch(line -> line.contains("pg_dump"));
        source.execute(database(), "UPDATE t SET v = 'w'", "INSERT INTO t VALUES (0, 'new')");
        assertThat(run(good(), add(switches, "--until=caught-up"))).isEqualTo(ExitCode.DONE);
        try (Connection one = source.connect(database());
                Connection two = destination.connect(database())) {
            assertThat(
                            DatabaseContent.compare(
                                            one, two, DatabaseContent.Scope.ofSchemas("public"))
                                    .differences())
                    .isEmpty();
        }
        try (Connection login = destination.connect(database(), "brought", CANARY)) {
            assertThat(login.isValid(5)).as("the password came along").isTrue();
        }
        assertThat(
                        options(
                                "SELECT srvoptions::text || (SELECT umoptions::text FROM"
                                        + " pg_user_mappings) FROM pg_foreign_server"))
                .contains(CANARY);
        destination.execute(database(), "DELETE FROM t WHERE id = 7");
        source.execute(database(), "UPDATE t SET v = 'x' WHERE id = 7");
        assertThat(run(good(), "--until=caught-up")).isEqualTo(ExitCode.NEEDS_PERSON);
        assertThat(run(good(), "--clean")).isEqualTo(ExitCode.DONE);
        assertThat(run(good(), "--clean-full", "--yes")).isEqualTo(ExitCode.DONE);
    }

    private static String[] add(List<String> switches, String last) {
        List<String> all = new ArrayList<>(switches);
        all.add(last);
        return all.toArray(String[]::new);
    }

    private String options(String query) throws SQLException {
        try (Connection connection = destination.connect(database());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** What a person, a network and a server can get wrong, each with the passwords at hand. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "mover!mov%C3%A9r!UNREACHABLE",
                "%2541!%2542!UNREACHABLE",
                "secrets_!secretz_!UNREACHABLE",
                "c4nary%20s!c4nary%2!USAGE",
                "c4nary%20s!c4nary@s!USAGE",
                "c4nary%20s!c4nary/s!USAGE",
                "c4nary%20s!c4nary%00s!USAGE",
                "@127.0.0.1!@127.0.0.1:c4nary!USAGE",
                "@127.0.0.1!@no-such-host.invalid!UNREACHABLE",
                "password: !passwort: !USAGE",
                "password: !password: [c4nary, !USAGE",
                "user: mover!user: mover, user: mover!USAGE",
                "port: [0-9]+!port: 1!UNREACHABLE",
                "database: !sslmode: require, database: !UNREACHABLE",
                "database: !channel_binding: require, database: !UNREACHABLE",
                "database: !options: '-c c4=1', database: !UNREACHABLE",
                "database: !sslkey: /no/such, sslpassword: c4nary, sslcert: /no/such, sslmode:"
                        + " require, database: !USAGE",
            })
    void whatFails_doesNotRepeatThem(String from, String to, ExitCode code) throws Exception {
        String broken = good().replaceFirst(from, to.replace("$", "\\$"));
        assertThat(broken).isNotEqualTo(good());

        assertThat(run(broken, "--testing")).isEqualTo(code);
    }

    @Test
    void aKeysPassword_isToldNobody() throws Exception {
        String config =
                good().replaceFirst(
                                "source: .*\n",
                                ("source: {host: localhost, port: %d, user: mover, database: %s,"
                                                + " sslmode: verify-full, password: %s, sslcert:"
                                                + " '%s', sslkey: '%s', sslrootcert: '%s',"
                                                + " sslpassword: %s}\n")
                                        .formatted(
                                                source.port(),
                                                database(),
                                                yaml(AT_SOURCE),
                                                keys.resolve("client.crt"),
                                                key,
                                                authority.certificate(),
                                                yaml(OF_KEY))
                                        .replace("\\", "\\\\")
                                        .replace("$", "\\$"));
        destination.execute(database(), "CREATE TABLE t (id int PRIMARY KEY, v text)");

        assertThat(run(config, "--testing")).isEqualTo(ExitCode.DONE);
        assertThat(run(config.replace(yaml(OF_KEY), "c4nary-wrong"), "--testing"))
                .isEqualTo(ExitCode.USAGE);
    }
}
