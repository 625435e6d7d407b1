/** Tests of the decoders. */
@NullMarked
package warp.decode;

import org.jspecify.annotations.NullMarked;
