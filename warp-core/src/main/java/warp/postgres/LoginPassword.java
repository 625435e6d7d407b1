package warp.postgres;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.postgresql.plugin.AuthenticationRequestType;
import warp.config.ConnectionSettings;
import warp.config.Secret;
import warp.config.Warning;

/**
 * What a login says of itself, and how. A server may ask for the password as it is ({@code
 * password}, {@code ldap}, {@code pam}, {@code radius} in pg_hba.conf) or for its MD5 hash; over a
 * connection without TLS everybody on the way then has it, and so has whoever only pretends to be
 * the server. That is warned of before it is sent, once a side. {@code scram-sha-256} gives nothing
 * away, and the way within this machine has nobody on it.
 *
 * <p>For one login and its thread; the warning is said once for all that share {@code said}.
 */
final class LoginPassword {

    private final ConnectionSettings settings;
    private final boolean exposed;
    private final Said said;

    /** Where the warning goes, and whether it was given; for any thread. */
    static final class Said {
        private final Consumer<Warning> warnings;
        private final Predicate<InetAddress> within;
        private final AtomicBoolean once = new AtomicBoolean();

        /**
         * @param within whether the way to an address leads through no network
         */
        Said(Consumer<Warning> warnings, Predicate<InetAddress> within) {
            this.warnings = warnings;
            this.within = within;
        }

        /** For a login to that address. */
        LoginPassword login(ConnectionSettings settings, InetAddress address, boolean encrypted) {
            return new LoginPassword(settings, !encrypted && !within.test(address), this);
        }
    }

    private LoginPassword(ConnectionSettings settings, boolean exposed, Said said) {
        this.settings = settings;
        this.exposed = exposed;
        this.said = said;
    }

    /** The password for this kind of request; null where there is none. */
    char @Nullable [] handOver(AuthenticationRequestType type) {
        Secret secret = settings.password();
        if (secret == null) {
            return null;
        }
        String password = secret.reveal();
        if (exposed) {
            switch (type) {
                case CLEARTEXT_PASSWORD -> warn("the password itself");
                case MD5_PASSWORD -> warn("the MD5 hash of the password");
                case SASL, GSS -> {
                    // Neither lets the password be found out.
                }
            }
        }
        return password.toCharArray();
    }

    private void warn(String what) {
        if (said.once.compareAndSet(false, true)) {
            said.warnings.accept(
                    new Warning(
                            "%s: %s asks for %s over a connection without TLS: whoever is on the way can log in with it, and reads all data"
                                    .formatted(settings.side(), settings.display(), what),
                            "use sslmode=verify-full, or at least require; require_auth="
                                    + "scram-sha-256 refuses to give it away"));
        }
    }
}
