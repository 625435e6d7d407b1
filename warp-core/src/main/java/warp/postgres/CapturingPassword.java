package warp.postgres;

import org.jspecify.annotations.Nullable;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;

/**
 * Gives one login its password, when the server has said what for. Made by pgjdbc, by name. So the
 * password stands in no property of the connection.
 */
public final class CapturingPassword implements AuthenticationPlugin {

    private final SocketCapture capture = SocketCapture.current();

    // pgjdbc takes null for "there is none", and overwrites what it was given after use.
    @Override
    public char @Nullable [] getPassword(AuthenticationRequestType type) {
        return capture.password().handOver(type);
    }
}
