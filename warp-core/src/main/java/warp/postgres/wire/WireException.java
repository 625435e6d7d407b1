package warp.postgres.wire;

import java.io.IOException;

/** The server answered with an error; the connection itself is sound. */
public final class WireException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient ServerError error;

    WireException(ServerError error) {
        super(error.message());
        this.error = error;
    }

    public ServerError error() {
        return error;
    }
}
