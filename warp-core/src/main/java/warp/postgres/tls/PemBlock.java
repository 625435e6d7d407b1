package warp.postgres.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of a PEM file (RFC 7468, and RFC 1421 for the headers of old encrypted keys). Text
 * between the blocks is a comment.
 *
 * @param label what stands behind {@code BEGIN}
 * @param headers such as {@code DEK-Info}; mostly none
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record PemBlock(String label, Map<String, String> headers, byte[] bytes) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([^-]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    /**
     * The blocks of a file, in its order.
     *
     * @throws IllegalArgumentException where a block is not base64
     */
    static List<PemBlock> parse(String text) {
        List<PemBlock> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            Map<String, String> headers = new HashMap<>();
            StringBuilder base64 = new StringBuilder();
            for (String line : matcher.group(2).lines().map(String::strip).toList()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
                } else {
                    base64.append(line);
                }
            }
            byte[] bytes = Base64.getDecoder().decode(base64.toString());
            blocks.add(new PemBlock(matcher.group(1), Map.copyOf(headers), bytes));
        }
        return blocks;
    }
}
