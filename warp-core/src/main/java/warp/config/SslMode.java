package warp.config;

import java.util.Locale;

/** libpq's {@code sslmode} ("SSL Mode Descriptions" in the manual), weakest first. */
public enum SslMode {
    DISABLE,
    ALLOW,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    /** {@code verify-full} and so on, as libpq spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
