package warp.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677, the manual under
 * "pg_authid"), made with so few rounds of hashing that a login costs a client next to nothing. The
 * usual 4096 cost one as much processor time as the rest of its login, and tests log in some ten
 * thousand times. Roles that tests make with a password of their own have the usual.
 */
final class QuickSecret {

    /** The method in {@code pg_hba.conf}. */
    static final String METHOD = "scram-sha-256";

    private static final int ROUNDS = 1;
    private static final byte[] SALT = "of the sandbox's".getBytes(StandardCharsets.US_ASCII);

    private QuickSecret() {}

    /** The text that {@code CREATE ROLE … PASSWORD} takes as it is. */
    static String of(String password) {
        try {
            byte[] salted =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(
                                    new PBEKeySpec(password.toCharArray(), SALT, ROUNDS, 256))
                            .getEncoded();
            byte[] stored =
                    MessageDigest.getInstance("SHA-256").digest(authenticate(salted, "Client Key"));
            Base64.Encoder encoder = Base64.getEncoder();
            return "SCRAM-SHA-256$%d:%s$%s:%s"
                    .formatted(
                            ROUNDS,
                            encoder.encodeToString(SALT),
                            encoder.encodeToString(stored),
                            encoder.encodeToString(authenticate(salted, "Server Key")));
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException("this Java has no SCRAM-SHA-256", problem);
        }
    }

    private static byte[] authenticate(byte[] key, String message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message.getBytes(StandardCharsets.US_ASCII));
    }
}
