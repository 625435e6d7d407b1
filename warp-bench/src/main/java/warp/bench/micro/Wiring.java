package warp.bench.micro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import warp.apply.ApplyParts;
import warp.model.Side;
import warp.postgres.wire.Pipeline;
import warp.postgres.wire.WireChannel;
import warp.postgres.wire.WireSession;

/** Puts parts of Warp together around a socket that leads nowhere. */
final class Wiring {

    private Wiring() {}

    static ApplyParts parts(RowShape shape, AnsweringSocket socket) {
        try {
            WireChannel channel = new WireChannel(socket, socket);
            Pipeline pipeline = new Pipeline(new WireSession(Side.DESTINATION, nobody(), channel));
            return new ApplyParts(pipeline, List.of(shape.pair()), RowShape.typeLines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A session only cancels and closes by its login, and nobody does that here. */
    private static Connection nobody() {
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, _) -> {
                            throw new UnsupportedOperationException(method.getName());
                        });
    }
}
