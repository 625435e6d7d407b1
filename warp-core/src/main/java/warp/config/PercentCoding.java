package warp.config;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Undoes a URI's percent-encoding (RFC 3986, section 2.1); the bytes are UTF-8. */
final class PercentCoding {

    private PercentCoding() {}

    /**
     * The text meant. A plus sign stays a plus sign, as in libpq.
     *
     * @param part what to call it in an error; the text itself is never quoted
     */
    static String decode(String text, String part) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                decoded.write(encoded[i]);
                continue;
            }
            int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
            int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw malformed(part, "has a % that two hexadecimal digits do not follow")
                        .hint("write a percent sign itself as %25");
            }
            if (high == 0 && low == 0) {
                throw malformed(part, "contains %00, which PostgreSQL does not allow");
            }
            decoded.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw malformed(part, "is not UTF-8 once its percent-encoding is undone");
        }
    }

    private static WarpException malformed(String part, String what) {
        return new WarpException(ErrorCode.CONFIG, "the URI's " + part + " " + what);
    }
}
