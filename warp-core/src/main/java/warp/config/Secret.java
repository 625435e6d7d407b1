package warp.config;

import org.jspecify.annotations.Nullable;

/**
 * A password. Printing it prints {@code ***}; only {@link #reveal} gives it away, to the driver and
 * to a 0600 file.
 */
public final class Secret {

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The secret itself. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && that.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
