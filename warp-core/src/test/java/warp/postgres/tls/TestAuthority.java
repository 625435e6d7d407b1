package warp.postgres.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority in a folder, run by openssl. For one thread. */
public final class TestAuthority {

    private final Path folder;

    /** A certificate and its key, in PEM. */
    public record Identity(Path certificate, Path key) {}

    /** Makes the authority's own key and certificate; the folder must exist. */
    public TestAuthority(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("index.txt"), "");
        Files.writeString(folder.resolve("serial"), "01\n");
        Files.writeString(
                folder.resolve("ca.cnf"),
                """
                [ca]
                default_ca = d
                [d]
                database = index.txt
                serial = serial
                new_certs_dir = .
                certificate = ca.crt
                private_key = ca.key
                default_md = sha256
                default_days = 10
                default_crl_days = 10
                unique_subject = no
                policy = p
                [p]
                commonName = supplied
                """);
        openssl(
                folder,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 10"
                        + " -keyout ca.key -out ca.crt -subj",
                "/CN=Test authority");
    }

    public Path certificate() {
        return folder.resolve("ca.crt");
    }

    /**
     * Issues a certificate that is valid now.
     *
     * @param alternatives such as {@code DNS:localhost,IP:127.0.0.1}; empty for none
     */
    public Identity issue(String file, String commonName, String alternatives) throws IOException {
        return issue(file, commonName, alternatives, List.of());
    }

    /** Issues a certificate that has expired long ago. */
    public Identity issueExpired(String file, String commonName) throws IOException {
        return issue(
                file,
                commonName,
                "DNS:localhost",
                List.of("-startdate", "20200101000000Z", "-enddate", "20200201000000Z"));
    }

    private Identity issue(String file, String commonName, String alternatives, List<String> period)
            throws IOException {
        openssl(
                folder,
                "req -utf8 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout %s.key"
                                .formatted(file)
                        + " -out %s.csr -subj".formatted(file),
                "/CN=" + commonName);
        Files.writeString(
                folder.resolve(file + ".ext"),
                alternatives.isEmpty()
                        ? "basicConstraints=CA:FALSE\n"
                        : "basicConstraints=CA:FALSE\nsubjectAltName=" + alternatives + "\n");
        openssl(
                folder,
                "ca -utf8 -batch -config ca.cnf -notext -in %s.csr -out %s.crt -extfile %s.ext"
                        .formatted(file, file, file),
                period.toArray(String[]::new));
        return new Identity(folder.resolve(file + ".crt"), folder.resolve(file + ".key"));
    }

    /** The list of what is revoked, after revoking these too. */
    public Path revocationList(Identity... revoked) throws IOException {
        for (Identity identity : revoked) {
            openssl(folder, "ca -config ca.cnf -revoke", identity.certificate().toString());
        }
        String name = "revoked-" + revoked.length + ".crl";
        openssl(folder, "ca -config ca.cnf -gencrl -out", name);
        return folder.resolve(name);
    }

    /** Runs openssl: words, then more arguments that may hold blanks. */
    public static void openssl(Path folder, String words, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words.split(" ")));
        command.addAll(List.of(more));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("openssl " + words + ": " + output);
            }
        } catch (InterruptedException problem) {
            process.destroyForcibly();
            throw new IOException("interrupted", problem);
        }
    }
}
