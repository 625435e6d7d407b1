package warp.config;

import org.jspecify.annotations.Nullable;

/**
 * A password, or where one is to be had. Printing it prints {@code ***}; only {@link #reveal} gives
 * it away, to the driver and to a 0600 file. For any thread.
 */
public final class Secret {

    private final PasswordSource source;

    public Secret(String value) {
        this(new PasswordSource.Known(value));
    }

    Secret(PasswordSource source) {
        this.source = source;
    }

    /**
     * The secret itself. It may take a while, and be another one each time.
     *
     * @throws warp.error.WarpException where it cannot be had
     */
    public String reveal() {
        return source.current();
    }

    /** Whether a program is asked for it, which may ask a person. */
    public boolean isAskedFor() {
        return source instanceof PasswordCommand;
    }

    /**
     * Forgets a value that was kept since before that moment.
     *
     * @param nanos of {@link System#nanoTime}
     * @return whether {@link #reveal} asks anew because of that
     */
    public boolean renew(long nanos) {
        return source.renew(nanos);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && that.source.equals(source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
