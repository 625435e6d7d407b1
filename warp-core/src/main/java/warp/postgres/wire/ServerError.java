package warp.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an ErrorResponse said ("Error and Notice Message Fields" in the manual). The detail is left
 * out on purpose: it quotes row values.
 */
public record ServerError(
        String sqlState,
        String message,
        @Nullable String hint,
        @Nullable String schema,
        @Nullable String table,
        @Nullable String column,
        @Nullable String constraint) {

    /** Reads the fields of an ErrorResponse: a letter and a string each, until a NUL. */
    static ServerError read(byte[] bytes, int offset, int length) {
        @Nullable String[] fields = new String[128];
        int at = offset;
        int end = offset + length;
        while (at < end && bytes[at] != 0) {
            int letter = bytes[at++];
            int start = at;
            while (at < end && bytes[at] != 0) {
                at++;
            }
            if (letter > 0) {
                fields[letter] = new String(bytes, start, at - start, StandardCharsets.UTF_8);
            }
            at++;
        }
        return new ServerError(
                Optional.ofNullable(fields['C']).orElse("XX000"),
                Optional.ofNullable(fields['M']).orElse("the server gave no message"),
                fields['H'],
                fields['s'],
                fields['t'],
                fields['c'],
                fields['n']);
    }
}
