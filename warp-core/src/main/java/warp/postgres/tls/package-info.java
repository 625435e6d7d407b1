/**
 * TLS as libpq does it ("SSL Support" in the manual's chapter on libpq): the same files in the same
 * formats, the same rules about what is verified. Reads files, opens no connection. Part of floor
 * 2.
 */
@NullMarked
package warp.postgres.tls;

import org.jspecify.annotations.NullMarked;
