package warp.postgres;

import java.util.Properties;
import org.postgresql.PGProperty;
import warp.config.ConnectionSettings.Tls;

/** Hands libpq's TLS settings to pgjdbc under its names. */
final class TlsProperties {

    private TlsProperties() {}

    static void set(Properties properties, Tls tls) {
        PGProperty.SSL_MODE.set(properties, tls.mode().toString());
        PGProperty.CHANNEL_BINDING.set(properties, tls.channelBinding());
        if (tls.rootCertificate() != null) {
            PGProperty.SSL_ROOT_CERT.set(properties, tls.rootCertificate());
        }
        if (tls.certificate() != null) {
            PGProperty.SSL_CERT.set(properties, tls.certificate().toString());
        }
        if (tls.key() != null) {
            PGProperty.SSL_KEY.set(properties, tls.key().toString());
        }
        if (tls.keyPassword() != null) {
            PGProperty.SSL_PASSWORD.set(properties, tls.keyPassword().reveal());
        }
    }
}
