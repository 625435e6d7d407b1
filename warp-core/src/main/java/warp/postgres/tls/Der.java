package warp.postgres.tls;

import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** As much of DER (X.690) as it takes to turn one form of a private key into another. */
final class Der {

    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_ID = 0x06;
    static final int SEQUENCE = 0x30;

    /** A context-specific, constructed tag: {@code [0]}. */
    static final int CONTEXT_0 = 0xA0;

    private Der() {}

    /** One value. {@code whole} includes tag and length. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Element(int tag, byte[] content, byte[] whole) {}

    /** A value made of others that stand one behind the other. */
    static byte[] encode(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length < 0x80) {
            whole.write(length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            whole.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                whole.write(length >>> (8 * i));
            }
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    /**
     * The values that stand one behind the other in {@code bytes}.
     *
     * @throws InvalidKeyException where they do not fill it exactly
     */
    static List<Element> elements(byte[] bytes) throws InvalidKeyException {
        List<Element> result = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int start = at;
            int tag = bytes[at++] & 0xFF;
            int length = at < bytes.length ? bytes[at++] & 0xFF : -1;
            if (length > 0x80) {
                int count = length & 0x7F;
                length = 0;
                for (int i = 0; i < count && at < bytes.length; i++) {
                    length = (length << 8) | (bytes[at++] & 0xFF);
                }
            }
            if (length < 0 || length > bytes.length - at) {
                throw new InvalidKeyException("it is broken off or not DER");
            }
            byte[] content = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            result.add(new Element(tag, content, Arrays.copyOfRange(bytes, start, at)));
        }
        return result;
    }
}
