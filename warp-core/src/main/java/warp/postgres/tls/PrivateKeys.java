package warp.postgres.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import warp.config.Secret;

/**
 * Reads private keys in every form that libpq takes: PKCS #8, plain or encrypted; PKCS #1 (RSA) and
 * SEC 1 (EC), plain or encrypted the way OpenSSL did before 1.0; all in PEM, or PKCS #8 in DER.
 * Java knows but PKCS #8, so the others are wrapped.
 */
final class PrivateKeys {

    private static final byte[] VERSION_0 = Der.encode(Der.INTEGER, new byte[] {0});
    private static final byte[] OID_RSA = HexFormat.of().parseHex("06092a864886f70d010101");
    private static final byte[] OID_EC = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PrivateKeys() {}

    /**
     * The key in a file.
     *
     * @throws GeneralSecurityException with a message that ends a sentence about the file
     */
    static PrivateKey parse(byte[] file, @Nullable Secret password)
            throws GeneralSecurityException {
        List<PemBlock> blocks;
        try {
            blocks = PemBlock.parse(new String(file, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException problem) {
            throw new InvalidKeyException("it is damaged: " + problem.getMessage(), problem);
        }
        for (PemBlock block : blocks) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return parse(block, password);
            }
        }
        if (blocks.isEmpty() && file.length > 0 && file[0] == Der.SEQUENCE) {
            return fromPkcs8(file);
        }
        throw new InvalidKeyException("it holds no private key in PEM");
    }

    /** Whether a signature made by the one is verified by the other. */
    static boolean belongs(PrivateKey privateKey, PublicKey publicKey) {
        String algorithm =
                switch (privateKey.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> privateKey.getAlgorithm();
                };
        byte[] sample = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(privateKey);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException problem) {
            return false;
        }
    }

    private static PrivateKey parse(PemBlock block, @Nullable Secret password)
            throws GeneralSecurityException {
        return switch (block.label()) {
            case "PRIVATE KEY" -> fromPkcs8(block.bytes());
            case "RSA PRIVATE KEY" -> fromPkcs8(wrapRsa(plain(block, password)));
            case "EC PRIVATE KEY" -> fromPkcs8(wrapEc(plain(block, password)));
            case "ENCRYPTED PRIVATE KEY" -> fromEncrypted(block.bytes(), password);
            default ->
                    throw new InvalidKeyException(
                            "a \"" + block.label() + "\" cannot be used here");
        };
    }

    private static PrivateKey fromPkcs8(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        GeneralSecurityException last = new InvalidKeyException("it is of an unknown kind");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException problem) {
                last = problem;
            }
        }
        throw new InvalidKeyException("it is damaged or of an unknown kind", last);
    }

    /** RFC 5958 around RFC 8017. */
    private static byte[] wrapRsa(byte[] pkcs1) {
        byte[] algorithm = Der.encode(Der.SEQUENCE, OID_RSA, Der.encode(Der.NULL));
        return Der.encode(Der.SEQUENCE, VERSION_0, algorithm, Der.encode(Der.OCTETS, pkcs1));
    }

    /** RFC 5958 around RFC 5915: the curve moves from the key to the algorithm. */
    private static byte[] wrapEc(byte[] sec1) throws InvalidKeyException {
        for (Der.Element part : Der.elements(Der.elements(sec1).getFirst().content())) {
            if (part.tag() == Der.CONTEXT_0) {
                byte[] algorithm = Der.encode(Der.SEQUENCE, OID_EC, part.content());
                return Der.encode(Der.SEQUENCE, VERSION_0, algorithm, Der.encode(Der.OCTETS, sec1));
            }
        }
        throw new InvalidKeyException("it does not name its curve");
    }

    private static PrivateKey fromEncrypted(byte[] der, @Nullable Secret password)
            throws GeneralSecurityException {
        char[] characters = required(password).reveal().toCharArray();
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = info.getAlgParameters();
            // Only the text of the parameters says which ciphers PBES2 (RFC 8018) stands for.
            String algorithm =
                    parameters != null && parameters.toString().startsWith("PBE")
                            ? parameters.toString()
                            : info.getAlgName();
            SecretKey key =
                    SecretKeyFactory.getInstance(algorithm)
                            .generateSecret(new PBEKeySpec(characters));
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            return fromPkcs8(info.getKeySpec(cipher).getEncoded());
        } catch (IOException | NoSuchAlgorithmException problem) {
            throw new InvalidKeyException(
                    "it is encrypted in a way that Java does not know; write it anew by openssl"
                            + " pkcs8 -topk8 -v2 aes-256-cbc",
                    problem);
        } catch (GeneralSecurityException problem) {
            throw new InvalidKeyException("sslpassword does not open it", problem);
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    /** The bytes of a block, decrypted where RFC 1421's headers say that they are encrypted. */
    private static byte[] plain(PemBlock block, @Nullable Secret password)
            throws GeneralSecurityException {
        String info = block.headers().get("DEK-Info");
        if (info == null) {
            return block.bytes();
        }
        String[] parts = info.split(",", 2);
        byte[] iv = HexFormat.of().parseHex(parts[1].strip());
        SecretKeySpec key =
                switch (parts[0]) {
                    case "AES-128-CBC" -> derive(required(password), iv, 16, "AES");
                    case "AES-192-CBC" -> derive(required(password), iv, 24, "AES");
                    case "AES-256-CBC" -> derive(required(password), iv, 32, "AES");
                    case "DES-EDE3-CBC" -> derive(required(password), iv, 24, "DESede");
                    default -> throw new InvalidKeyException("its cipher is " + parts[0]);
                };
        try {
            Cipher cipher = Cipher.getInstance(key.getAlgorithm() + "/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
            return cipher.doFinal(block.bytes());
        } catch (GeneralSecurityException problem) {
            throw new InvalidKeyException("sslpassword does not open it", problem);
        }
    }

    /** OpenSSL's EVP_BytesToKey with MD5 and one round, the first eight bytes of the IV as salt. */
    private static SecretKeySpec derive(Secret password, byte[] iv, int length, String algorithm)
            throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        byte[] key = new byte[0];
        byte[] digest = new byte[0];
        while (key.length < length) {
            md5.update(digest);
            md5.update(password.reveal().getBytes(StandardCharsets.UTF_8));
            md5.update(iv, 0, 8);
            digest = md5.digest();
            int before = key.length;
            key = Arrays.copyOf(key, before + digest.length);
            System.arraycopy(digest, 0, key, before, digest.length);
        }
        return new SecretKeySpec(key, 0, length, algorithm);
    }

    private static Secret required(@Nullable Secret password) throws InvalidKeyException {
        if (password == null) {
            throw new InvalidKeyException("it is encrypted and no sslpassword was given");
        }
        return password;
    }
}
