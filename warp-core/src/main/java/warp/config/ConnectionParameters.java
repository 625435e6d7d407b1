package warp.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * Connection parameters as one source of them gave them, not yet completed: a string, a service, a
 * config file. Printing it gives the names only, since the values include the password.
 */
public final class ConnectionParameters {

    /**
     * A value and where it came from.
     *
     * @param quotable whether an error may repeat it; not so for the parts before a URI's path,
     *     which a password with a forgotten percent sign can slip into
     */
    record Setting(String value, String origin, boolean quotable) {

        /** {@code sslmode "on" (PGSSLMODE)}, or without the value where it may hold a secret. */
        String described(Keyword keyword) {
            return keyword.text() + (quotable ? " \"" + value + "\"" : "") + (" (" + origin + ")");
        }

        @Override
        public String toString() {
            return "*** (" + origin + ")";
        }
    }

    private final Map<Keyword, Setting> settings = new EnumMap<>(Keyword.class);
    private @Nullable PasswordSource passwordSource;

    ConnectionParameters() {}

    /** Nothing given: all comes from the environment and the defaults. */
    public static ConnectionParameters none() {
        return new ConnectionParameters();
    }

    /** Sets the parameter; a later value replaces an earlier one, as in libpq. */
    void set(Keyword keyword, String value, String origin) {
        settings.put(keyword, new Setting(value, origin, true));
    }

    /** Sets a part of a URI's authority, which no error may repeat. */
    void setUnquotable(Keyword keyword, String value, String origin) {
        settings.put(keyword, new Setting(value, origin, false));
    }

    /** Takes from the other what is missing here. */
    void fillFrom(ConnectionParameters other) {
        other.settings.forEach(settings::putIfAbsent);
    }

    /** A password that does not stand among the parameters. */
    void setPasswordSource(PasswordSource source) {
        passwordSource = source;
    }

    Optional<PasswordSource> passwordSource() {
        return Optional.ofNullable(passwordSource);
    }

    boolean has(Keyword keyword) {
        return settings.containsKey(keyword);
    }

    /** The parameter, where it is set and not empty: empty means the default in libpq. */
    Optional<Setting> get(Keyword keyword) {
        return Optional.ofNullable(settings.get(keyword))
                .filter(setting -> !setting.value().isEmpty());
    }

    Optional<String> value(Keyword keyword) {
        return get(keyword).map(Setting::value);
    }

    /** The value, which must be one of those allowed. */
    String oneOf(Keyword keyword, List<String> allowed, String fallback) {
        String value = value(keyword).orElse(fallback);
        if (!allowed.contains(value) && !value.equals(fallback)) {
            WarpException bad = bad(keyword, "is not one of " + String.join(", ", allowed));
            throw Nearest.to(value, allowed)
                    .map(near -> bad.hint("did you mean \"" + near + "\"?"))
                    .orElse(bad);
        }
        return value;
    }

    /** The error for a value that the parameter does not allow. */
    WarpException bad(Keyword keyword, String what) {
        Setting setting = settings.get(keyword);
        String subject = setting == null ? keyword.text() : setting.described(keyword);
        return new WarpException(ErrorCode.CONFIG, subject + " " + what);
    }

    @Override
    public String toString() {
        return settings.keySet().toString();
    }
}
