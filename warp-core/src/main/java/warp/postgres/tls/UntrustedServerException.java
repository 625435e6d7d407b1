package warp.postgres.tls;

import java.security.cert.CertificateException;

/**
 * A server's certificate does not prove what sslmode asks for. The message continues "its
 * certificate …"; the hint says what to do.
 */
public final class UntrustedServerException extends CertificateException {

    private static final long serialVersionUID = 1L;

    private final String hint;

    UntrustedServerException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    UntrustedServerException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }
}
