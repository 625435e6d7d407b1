package warp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warp.sandbox.PostgresServer;

/**
 * What cannot be done is refused by one line that says where and why, a HINT and the right code;
 * never with a stack trace or a password.
 */
class RefusedPgTest {

    private static final String SECRET = "hunter2-geheim";

    private static ProcessPair servers;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        servers = new ProcessPair();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Test
    void wrongSwitch_isNamedWithTheNearest() {
        try (WarpChild warp = child("--until", "copied", "--tabel", "x")) {
            refused(warp, 2, "--tabel");
            assertThat(warp.err().getFirst()).contains("--table");
            assertThat(warp.toString()).contains("Usage: ");
        }
    }

    @Test
    void brokenConfigFiles_areNamedWithLineAndKey() throws IOException {
        Path config = folder.resolve(".broken.yaml");
        Files.writeString(config, "source: postgresql://a@b/c\nslto: x\ndestination: [\n");
        try (WarpChild warp = child("--config", config.toString())) {
            refused(warp, 2, config + ", line ");
        }
        Files.writeString(config, "source: postgresql://a@b/c\ndestinaton: x\n");
        try (WarpChild warp = child("--config", config.toString())) {
            refused(warp, 2, config + ", line 2: unknown key \"destinaton\"");
            assertThat(warp.err().get(1)).contains("destination");
        }
        Files.writeString(config, "source:\n  sever: x\ndestination: x\n");
        try (WarpChild warp = child("--config", config.toString())) {
            refused(warp, 2, config + ", line 2: unknown key \"source.sever\"");
            assertThat(warp.err().get(1)).startsWith("HINT: ");
        }
    }

    @Test
    void brokenUrl_isNamed_withoutItsPassword() {
        try (WarpChild warp =
                child("-s", "postgresql://u:" + SECRET + "@h:port/x", "-d", "postgresql://u@h/y")) {
            refused(warp, 2, "port");
            assertThat(warp.toString()).doesNotContain(SECRET);
        }
    }

    @Test
    void unreachableServers_areNamed() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        String nobody = "postgresql://u:" + SECRET + "@127.0.0.1:1/x";
        try (WarpChild warp = child("-s", nobody, "-d", moved.destination().uri(moved.name()))) {
            refused(warp, 5, "source: ");
            assertThat(warp.err().getFirst()).contains("127.0.0.1:1");
            assertThat(warp.toString()).doesNotContain(SECRET);
        }
        try (WarpChild warp = child("-s", moved.source().uri(moved.name()), "-d", nobody)) {
            refused(warp, 5, "destination: ");
            assertThat(warp.err().getFirst()).contains("127.0.0.1:1");
        }
        try (WarpChild warp = child("-s", "postgresql://u@no.such.invalid/x", "-d", nobody)) {
            refused(warp, 5, "source: ");
            assertThat(warp.err().getFirst()).contains("no.such.invalid");
        }
    }

    @Test
    void wrongPassword_unknownDatabase_refusedTls_areNamed() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        String destination = moved.destination().uri(moved.name());
        PostgresServer source = moved.source();
        String wrong = source.uri(moved.name(), PostgresServer.USER, SECRET);
        try (WarpChild warp = child("-s", wrong, "-d", destination)) {
            refused(warp, 5, "source: ");
            assertThat(warp.err().getFirst())
                    .contains("password")
                    .contains("127.0.0.1:" + source.port());
            assertThat(warp.toString()).doesNotContain(SECRET);
        }
        try (WarpChild warp = child("-s", source.uri("no_such_db"), "-d", destination)) {
            refused(warp, 5, "source: ");
            assertThat(warp.err().getFirst()).contains("no_such_db");
        }
        String tls = source.uri(moved.name()) + "?sslmode=require";
        try (WarpChild warp = child("-s", tls, "-d", destination)) {
            refused(warp, 5, "source: ");
            assertThat(warp.err()).anyMatch(line -> line.contains("sslmode"));
        }
    }

    @Test
    void theSameDatabaseTwice_isRefused_alsoByAnotherName() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        String one = moved.source().uri(moved.name());
        try (WarpChild warp = child("-s", one, "-d", one, "--yes")) {
            refused(warp, 2, "the same database");
        }
        try (WarpChild warp =
                child("-s", one, "-d", one.replace("127.0.0.1", "localhost"), "--yes")) {
            assertThat(warp.exitCode()).as(warp.toString()).isIn(2, 3);
            assertThat(warp.err().toString()).contains("same");
        }
        assertThat(moved.rows(moved.source(), "SELECT count(*) FROM public.gated"))
                .containsExactly("10000");
    }

    @Test
    void anOlderDestinationAndAnotherEncoding_areSaidBeforeAnythingStarts() throws SQLException {
        try (PostgresServer old = PostgresServer.builder("13").encoding("LATIN1").start()) {
            MovedDatabase moved =
                    MovedDatabase.create(servers.source(), old, "to_an_old_one", folder)
                            .withGatedTable();
            try (WarpChild warp = moved.warp("--testing")) {
                warp.exitCode();
                assertThat(warp.toString())
                        .contains("destination's is LATIN1")
                        .contains("is older than the source's 18");
            }
            assertThat(moved.rows(servers.source(), "SELECT slot_name FROM pg_replication_slots"))
                    .doesNotContain(moved.name());
        }
    }

    @Test
    void noToTruncate_changesNothing() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        moved.destination().execute(moved.name(), "INSERT INTO public.kind VALUES (99, 'old')");
        List<String> before = moved.catalogs();
        try (WarpChild warp = moved.warp()) {
            warp.awaitLine(
                            "Run TRUNCATE on destination: 127.0.0.1:"
                                    + moved.destination().port()
                                    + "/"
                                    + moved.name())
                    .type("maybe")
                    .awaitLines("press enter", 2)
                    .type("no");
            refused(warp, 6, "nothing was changed");
            assertThat(warp.toString()).doesNotContain(PostgresServer.PASSWORD + "@");
        }
        try (WarpChild warp = moved.warp().closeInput()) {
            refused(warp, 6, "nothing was changed");
            assertThat(warp.err()).anyMatch(line -> line.contains("--yes"));
        }
        assertThat(moved.catalogs()).isEqualTo(before);
        assertThat(moved.rows(moved.destination(), "SELECT name FROM public.kind"))
                .containsExactly("old");
    }

    @Test
    void aSlotOfSomebodyElse_isNeitherUsedNorDropped() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        moved.source()
                .execute(
                        moved.name(),
                        "SELECT pg_create_logical_replication_slot('"
                                + moved.name()
                                + "', 'test_decoding')");
        try (WarpChild warp = moved.warp("--yes")) {
            assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(3);
            assertThat(warp.toString()).contains(moved.name()).contains("slot");
        }
        assertThat(moved.rows(moved.source(), "SELECT slot_name FROM pg_replication_slots"))
                .contains(moved.name());
        moved.source()
                .execute(moved.name(), "SELECT pg_drop_replication_slot('" + moved.name() + "')");
    }

    @Test
    void aSlotThatWasDroppedBehindOurBack_isNotReplacedWithoutAYes() throws SQLException {
        MovedDatabase moved = copied();
        moved.source()
                .execute(moved.name(), "SELECT pg_drop_replication_slot('" + moved.name() + "')");
        try (WarpChild warp = moved.warp().closeInput()) {
            refused(warp, 6, "slot " + moved.name() + " is gone");
            assertThat(warp.err()).anyMatch(line -> line.contains("--clean"));
        }
    }

    @Test
    void aDestinationThatWentBackInTime_isRefused() throws SQLException {
        MovedDatabase moved = copied();
        String old = moved.rows(moved.destination(), "SELECT lsn FROM warp.progress").getFirst();
        moved.source().execute(moved.name(), "INSERT INTO public.kind VALUES (11, 'new')");
        assertThat(moved.finishAndCompare().differences()).isEmpty();
        moved.destination()
                .execute(
                        moved.name(),
                        "UPDATE warp.progress SET lsn = '" + old + "'",
                        "DELETE FROM public.kind WHERE id = 11");
        try (WarpChild warp = moved.warp().closeInput()) {
            refused(warp, 6, "the destination has lost changes");
            assertThat(warp.err()).anyMatch(line -> line.contains("--clean"));
        }
    }

    @Test
    void anUpdateThatFindsNoRow_stopsAndNamesTable() throws SQLException {
        MovedDatabase moved = copied();
        moved.destination()
                .execute(moved.name(), "DELETE FROM public.kind WHERE id = 7 AND name = 'x'");
        moved.destination()
                .execute(
                        moved.name(),
                        "SET session_replication_role = replica",
                        "DELETE FROM public.kind WHERE id = 7");
        moved.source()
                .execute(moved.name(), "UPDATE public.kind SET name = 'changed' WHERE id = 7");
        try (WarpChild warp = moved.warp()) {
            refused(warp, 6, "public.kind");
            assertThat(warp.err()).anyMatch(line -> line.startsWith("HINT: "));
            assertThat(warp.toString()).doesNotContain("'changed'");
        }
        moved.destination().execute(moved.name(), "INSERT INTO public.kind VALUES (7, 'kind 7')");
        assertThat(moved.finishAndCompare().differences()).isEmpty();
    }

    private MovedDatabase copied() throws SQLException {
        MovedDatabase moved = servers.database(folder).withGatedTable();
        try (WarpChild warp = moved.warp("--yes", "--until", "copied")) {
            assertThat(warp.exitCode()).as(warp.toString()).isZero();
        }
        return moved;
    }

    private WarpChild child(String... arguments) {
        return WarpChild.start(folder, List.of(arguments));
    }

    private static void refused(WarpChild warp, int code, String why) {
        assertThat(warp.exitCode()).as(warp.toString()).isEqualTo(code);
        assertThat(warp.err().getFirst()).as(warp.toString()).startsWith("ERROR: ").contains(why);
        assertThat(warp.toString())
                .doesNotContainPattern("(?m)^\\s+at [\\w.$]+\\(")
                .doesNotContain("Exception");
    }
}
