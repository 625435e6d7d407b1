package warp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

class ConnectionStringsTest {

    private static final String SECRET = "S3cr3t";

    @TempDir Path home;
    private final Map<String, String> variables = new HashMap<>();
    private final List<Warning> warnings = new ArrayList<>();

    private ConnectionSettings read(String text) {
        Map<String, String> all = new HashMap<>(variables);
        all.putIfAbsent("PGSYSCONFDIR", home.resolve("etc").toString());
        Environment environment = new Environment(all, home, "osuser", home);
        return new ConnectionStrings(environment, warnings::add).read(Side.SOURCE, text);
    }

    private WarpException refused(String text) {
        WarpException problem = catchThrowableOfType(WarpException.class, () -> read(text));
        assertThat(problem).as("the error for %s", text).isNotNull();
        assertThat(problem.code()).isEqualTo(ErrorCode.CONFIG);
        assertThat(problem.report()).startsWith("source: ").doesNotContain(SECRET);
        return problem;
    }

    private void passwordFile(String mode, String... lines) throws IOException {
        Path file = Files.write(home.resolve(".pgpass"), List.of(lines));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String password(ConnectionSettings settings) {
        return settings.secret().map(Secret::reveal).orElse("(none)");
    }

    @Test
    void nothingGiven_takesLibpqsDefaults() {
        ConnectionSettings settings = read("");

        assertThat(settings.display()).isEqualTo("localhost:5432/osuser");
        assertThat(settings.user()).isEqualTo("osuser");
        assertThat(settings.secret()).isEmpty();
        assertThat(settings.tls()).isEqualTo(ConnectionSettings.Tls.of(SslMode.PREFER));
        assertThat(settings.targetSession()).isEqualTo("any");
        assertThat(settings.connectSecondsMax()).isEqualTo(10);
        assertThat(settings.options()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://, localhost:5432/osuser",
        "postgres://db, db:5432/osuser",
        "POSTGRES://db/shop, db:5432/shop",
        "postgresql://app@db:5433/shop, db:5433/shop",
        "postgresql://app@/shop, localhost:5432/shop",
        "postgresql:///shop?host=db&port=6, db:6/shop",
        "postgresql://[::1]/shop, [::1]:5432/shop",
        "postgresql://[2001:db8::1]:6/shop, [2001:db8::1]:6/shop",
        "postgresql://db?dbname=shop, db:5432/shop",
        "postgresql://db/sh%2Fop%20%C3%A9, db:5432/sh/op é",
        "postgresql://user%2Bmore@db/a+b, db:5432/a+b",
    })
    void uri_isReadAsLibpqDoes(String uri, String display) {
        assertThat(read(uri).display()).isEqualTo(display);
    }

    @Test
    void uriWithSeveralHosts_keepsTheirOrderAndPorts() {
        ConnectionSettings settings = read("postgresql://app@a:1,[::2]:2,c/shop");

        assertThat(settings.display()).isEqualTo("a:1,[::2]:2,c:5432/shop");
    }

    @Test
    void uriParameters_reachTheSettings() {
        ConnectionSettings settings =
                read(
                        "postgresql://db/shop?sslmode=verify-full&sslrootcert=ca.pem"
                                + "&sslcert=/c.crt&sslkey=/c.key&sslpassword=kp&sslcrl=/r.crl"
                                + "&channel_binding=require&connect_timeout=3"
                                + "&target_session_attrs=read-write"
                                + "&options=-c%20geqo%3Doff&application_name=x&keepalives=1");

        assertThat(settings.tls().mode()).isEqualTo(SslMode.VERIFY_FULL);
        assertThat(settings.tls().rootCertificate()).isEqualTo(home.resolve("ca.pem").toString());
        assertThat(settings.tls().certificate()).isEqualTo(Path.of("/c.crt"));
        assertThat(settings.tls().key()).isEqualTo(Path.of("/c.key"));
        assertThat(settings.tls().keyPassword()).isEqualTo(new Secret("kp"));
        assertThat(settings.tls().revocationList()).isEqualTo(Path.of("/r.crl"));
        assertThat(settings.tls().channelBinding()).isEqualTo("require");
        assertThat(settings.connectSecondsMax()).isEqualTo(3);
        assertThat(settings.targetSession()).isEqualTo("read-write");
        assertThat(settings.options()).isEqualTo("-c geqo=off");
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p%C3%A4ss%20w%C3%B6rd",
                "%F0%9F%90%98%27%22%5C",
                "p%40%3A%2F%3F%23%5B%5D%25",
                "päss🐘wörd"
            })
    void uriPassword_mayHoldAnyCharacter(String encoded) {
        String expected =
                java.net.URLDecoder.decode(encoded, java.nio.charset.StandardCharsets.UTF_8);

        assertThat(password(read("postgresql://ü:" + encoded + "@db/d"))).isEqualTo(expected);
    }

    @Test
    void uriPassword_mayHoldColonAndQuestionMarkUnencodedAsInLibpq() {
        assertThat(password(read("postgresql://u:a:b?c#d@db/d"))).isEqualTo("a:b?c#d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:S3cr3t/x@db/shop",
                "postgresql://u:1/S3cr3t@db/shop",
                "postgresql://u:x@S3cr3t@db/shop",
                "postgresql://u:S3cr3t",
                "postgresql://u:S3cr3t%@db",
                "postgresql://u:S3cr3t%zz@db",
                "postgresql://u:S3cr3t%00@db",
                "postgresql://u:S3cr3t%ff@db",
                "postgresql://u:S3cr3t@db:99999",
                "postgresql://u:S3cr3t@db:port/x",
                "postgresql://u:S3cr3t@[::1/x",
                "postgresql://u:S3cr3t@[]/x",
                "postgresql://u:S3cr3t@[::1]x/x",
                "postgresql://u:S3cr3t@db/x?sslmode",
                "postgresql://u:S3cr3t@db/x?a=b=c",
                "postgresql://u:S3cr3t@db/x?sslmode=on",
                "postgresql://u:S3cr3t@db/x?connect_timeout=soon",
                "postgresql://u:x@S3cr3t db/x",
                "mysql://u:S3cr3t@db/x",
                "jdbc:postgresql://u:S3cr3t@db/x",
                "u:S3cr3t@db",
                "host=db password=S3cr3t",
                "host=db password=my S3cr3t port=1",
                "host=db password=my S3cr3t=x",
                "host=db password='S3cr3t",
                "host=db password='S3cr3t\\",
                "password=S3cr3t host=/tmp",
                "password=S3cr3t port=0",
            })
    void brokenConnection_isRefusedWithoutThePassword(String text) {
        if (text.equals("host=db password=S3cr3t")) {
            // Only to show that the check for the secret can fail: this one is good.
            assertThat(password(read(text))).isEqualTo(SECRET);
            return;
        }
        refused(text);
    }

    @Test
    void unencodedSlashInPassword_isExplained() {
        assertThat(refused("postgresql://u:pa/ss@db/shop").hints())
                .first()
                .asString()
                .contains("%2F");
    }

    @Test
    void unknownKey_isNamedWithTheNearestRightOne() {
        assertThat(refused("hots=db").report()).contains("\"hots\"", "did you mean \"host\"?");
        assertThat(refused("postgresql://db/x?sslmod=require").report())
                .contains("\"sslmod\"", "did you mean \"sslmode\"?");
    }

    @Test
    void wrongSslMode_namesValueOriginAndChoices() {
        variables.put("PGSSLMODE", "required");

        assertThat(refused("host=db").report())
                .contains(
                        "sslmode \"required\" (PGSSLMODE)",
                        "verify-ca",
                        "did you mean \"require\"?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host=/var/run/postgresql", "postgresql://%2Ftmp/db", "host=@abstract"})
    void unixSocket_isRefusedWithAdvice(String text) {
        assertThat(refused(text).report()).contains("TCP", "HINT: use host=localhost");
    }

    @Test
    void keyValueString_isReadAsLibpqDoes() {
        ConnectionSettings settings =
                read(
                        " host = db\tport=5433 user='o\\'brien' password='it\\'s \\\\ päss'"
                                + " dbname=a\\ b\\'c");

        assertThat(settings.display()).isEqualTo("db:5433/a b'c");
        assertThat(settings.user()).isEqualTo("o'brien");
        assertThat(password(settings)).isEqualTo("it's \\ päss");
    }

    @Test
    void keyGivenTwice_lastCounts() {
        assertThat(read("host=a host=b").display()).startsWith("b:");
    }

    @Test
    void hostOutsideAscii_becomesWhatTheDnsHolds() {
        assertThat(read("postgresql://bücher.example/d").display())
                .isEqualTo("xn--bcher-kva.example:5432/d");
        assertThat(read("host=bücher.example dbname=d").display())
                .isEqualTo("xn--bcher-kva.example:5432/d");
    }

    @Test
    void severalHosts_shareOnePortOrHaveOneEach() {
        assertThat(read("host=a,b port=7 dbname=d").display()).isEqualTo("a:7,b:7/d");
        assertThat(read("host=a,b port=7, dbname=d").display()).isEqualTo("a:7,b:5432/d");
        assertThat(refused("host=a,b,c port=7,8").getMessage()).contains("2 entries for 3 hosts");
    }

    @Test
    void hostaddr_isWhatIsReached() {
        assertThat(read("host=db hostaddr=10.0.0.1 dbname=d").display())
                .isEqualTo("10.0.0.1:5432/d");
        refused("host=db hostaddr=10.0.0.1 sslmode=verify-full");
        refused("host=a,b hostaddr=10.0.0.1");
    }

    @Test
    void systemRootCertificates_verifyFully() {
        ConnectionSettings settings = read("host=db sslrootcert=system");

        assertThat(settings.tls().mode()).isEqualTo(SslMode.VERIFY_FULL);
        assertThat(settings.tls().rootCertificate()).isEqualTo("system");
        refused("host=db sslrootcert=system sslmode=require");
    }

    @Test
    void jdbcStyleSsl_meansRequire() {
        assertThat(read("postgresql://db?ssl=true").tls().mode()).isEqualTo(SslMode.REQUIRE);
    }

    @Test
    void narrowerSecurityThatIsNotHonoured_isWarnedOf() {
        read("host=db sslcrldir=/crls");

        assertThat(warnings)
                .extracting(Warning::line)
                .containsExactly("source: sslcrldir is not honoured by Warp");
    }

    @Test
    void eachVariable_isRead() {
        variables.putAll(
                Map.of(
                        "PGHOST", "db",
                        "PGPORT", "5433",
                        "PGDATABASE", "shop",
                        "PGUSER", "app",
                        "PGPASSWORD", "pä",
                        "PGSSLMODE", "require",
                        "PGCHANNELBINDING", "disable",
                        "PGCONNECT_TIMEOUT", "0",
                        "PGOPTIONS", "-c x=y",
                        "PGTARGETSESSIONATTRS", "standby"));
        variables.put("PGSSLROOTCERT", "/root.crt");

        ConnectionSettings settings = read("");

        assertThat(settings.display()).isEqualTo("db:5433/shop");
        assertThat(settings.user()).isEqualTo("app");
        assertThat(password(settings)).isEqualTo("pä");
        assertThat(settings.tls().mode()).isEqualTo(SslMode.REQUIRE);
        assertThat(settings.tls().channelBinding()).isEqualTo("disable");
        assertThat(settings.tls().rootCertificate()).isEqualTo("/root.crt");
        assertThat(settings.connectSecondsMax()).isZero();
        assertThat(settings.options()).isEqualTo("-c x=y");
        assertThat(settings.targetSession()).isEqualTo("standby");
    }

    @Test
    void precedence_isStringThenServiceThenVariablesThenPasswordFile() throws IOException {
        Files.writeString(
                home.resolve(".pg_service.conf"),
                "# comment\n[other]\nhost=x\n[prod]\nhost=service\nport=2\nuser=service\n");
        passwordFile("rw-------", "service:2:variable:string:from-file");
        variables.putAll(
                Map.of(
                        "PGHOST",
                        "variable",
                        "PGPORT",
                        "3",
                        "PGUSER",
                        "v",
                        "PGDATABASE",
                        "variable"));

        ConnectionSettings settings = read("service=prod user=string");

        assertThat(settings.user()).isEqualTo("string");
        assertThat(settings.display()).isEqualTo("service:2/variable");
        assertThat(password(settings)).isEqualTo("from-file");
        variables.put("PGPASSWORD", "from-variable");
        assertThat(password(read("service=prod user=string"))).isEqualTo("from-variable");
        assertThat(password(read("service=prod password=from-string"))).isEqualTo("from-string");
    }

    @Test
    void serviceOfVariable_isFoundInTheFileThatIsNamed() throws IOException {
        Files.writeString(
                home.resolve("services"), "[prod]\nhost=first\nhost=second\n[prod]\nport=9\n");
        variables.put("PGSERVICE", "prod");
        variables.put("PGSERVICEFILE", "services");

        assertThat(read("dbname=d").display()).isEqualTo("first:5432/d");
    }

    @Test
    void service_isFoundInTheMachinesOwnFile() throws IOException {
        Files.createDirectory(home.resolve("etc"));
        Files.writeString(home.resolve("etc/pg_service.conf"), "[prod]\nhost=machine\n");
        Files.writeString(home.resolve(".pg_service.conf"), "[other]\nhost=x\n");

        assertThat(read("service=prod dbname=d").display()).isEqualTo("machine:5432/d");
    }

    @Test
    void missingService_saysWhereItWasSought() throws IOException {
        assertThat(refused("service=prod").getMessage()).contains("\"prod\"", "no service file");
        Path file = Files.writeString(home.resolve(".pg_service.conf"), "[x]\n");
        assertThat(refused("service=prod").getMessage()).contains(file.toString());
        variables.put("PGSERVICEFILE", "absent.conf");
        assertThat(refused("service=prod").getMessage()).contains("absent.conf does not exist");
    }

    @Test
    void brokenServiceFile_isNamedWithItsLine() throws IOException {
        Path file = home.resolve(".pg_service.conf");
        Files.writeString(file, "[prod]\n\npassword=S3cr3t\nhots=x\n");
        assertThat(refused("service=prod").report())
                .contains(file + ", line 4", "\"hots\"", "did you mean \"host\"?");
        Files.writeString(file, "[prod]\nS3cr3t\n");
        assertThat(refused("service=prod").getMessage()).contains("line 2");
        Files.writeString(file, "[prod]\nservice=other\n");
        assertThat(refused("service=prod").getMessage()).contains("cannot name another");
    }

    @Test
    void passwordFile_takesTheFirstLineThatFits() throws IOException {
        passwordFile(
                "rw-------",
                "#db:5432:d:u:commented",
                "short:line",
                "db:5433:*:*:other port",
                "*:*:d:\\u\\:x:es\\:ca\\\\ped päss:with colon",
                "*:*:*:*:any");

        assertThat(password(read("postgresql://u%3Ax@db/d")))
                .isEqualTo("es:ca\\ped päss:with colon");
        assertThat(password(read("postgresql://u@db/d"))).isEqualTo("any");
        assertThat(warnings).isEmpty();
    }

    @Test
    void passwordFileOpenToOthers_isIgnoredWithAWarning() throws IOException {
        passwordFile("rw-r-----", "*:*:*:*:any");

        assertThat(read("host=db").secret()).isEmpty();
        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst().hint()).isEqualTo("chmod 0600 " + home.resolve(".pgpass"));
    }

    @Test
    void passwordFileElsewhere_isNamedByStringOrVariable() throws IOException {
        passwordFile("rw-------", "*:*:*:*:any");
        Files.move(home.resolve(".pgpass"), home.resolve("passes"));
        assertThat(read("host=db").secret()).isEmpty();
        assertThat(password(read("host=db passfile=passes"))).isEqualTo("any");
        variables.put("PGPASSFILE", home.resolve("passes").toString());
        assertThat(password(read("host=db"))).isEqualTo("any");
    }

    @Test
    void severalHostsWithDifferentPasswords_areWarnedOf() throws IOException {
        passwordFile("rw-------", "a:*:*:*:one", "b:*:*:*:two");

        assertThat(password(read("host=a,b"))).isEqualTo("one");
        assertThat(warnings).hasSize(1);
    }

    @Test
    void settings_doNotPrintThePassword() {
        assertThat(read("host=db password=S3cr3t sslpassword=S3cr3t").toString())
                .doesNotContain(SECRET);
    }
}
