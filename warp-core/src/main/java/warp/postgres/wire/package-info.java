/**
 * The frontend/backend protocol, spoken directly where rows flow: COPY passed through frame by
 * frame, statements pipelined, changes streamed ("Frontend/Backend Protocol" in the manual). pgjdbc
 * opens the connection: login and TLS are its matter; from then on the socket is ours. Part of
 * floor 2.
 */
@NullMarked
package warp.postgres.wire;

import org.jspecify.annotations.NullMarked;
