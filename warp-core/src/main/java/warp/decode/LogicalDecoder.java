package warp.decode;

import org.jspecify.annotations.Nullable;
import warp.model.ChangeEvent;
import warp.model.Lsn;

/**
 * Turns the payload of one XLogData message, as an output plugin wrote it, into an event.
 *
 * <p>Pure and total: any bytes give an event, {@code null} or one typed error; nothing is read but
 * the bytes, nothing is remembered but the shapes of relations. For one stream and one thread: a
 * new connection gets a new decoder, since the server then describes its relations anew.
 */
public sealed interface LogicalDecoder permits PgOutputDecoder, TestDecodingDecoder {

    /**
     * Decodes one message.
     *
     * <p>The event may go on reading {@code data}: the caller neither writes to the array nor uses
     * it again after this call.
     *
     * @param walStart the position that the walsender gave with the message
     * @param data holds the payload at {@code offset} to {@code offset + length}, exclusive
     * @return {@code null} where the message carries no event of its own: it is empty, or describes
     *     a relation, a type or an origin
     * @throws warp.error.WarpException with {@link warp.error.ErrorCode#MALFORMED} where the bytes
     *     do not follow the plugin's format; it names the kind of message, its position and the
     *     offset in it, never a value
     * @throws IndexOutOfBoundsException where offset and length do not lie within {@code data}
     */
    @Nullable ChangeEvent decode(Lsn walStart, byte[] data, int offset, int length);
}
